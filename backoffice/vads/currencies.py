"""The currencies of `vads_currency`: ISO 4217 number, letters, number of decimals, and the sign people read."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Currency:
    """One currency; `number` keeps its leading zero, `decimals` places the point in an amount in smallest units."""

    number: str
    alpha: str
    decimals: int
    symbol: str
    name: str


_ROWS = (
    ("012", "DZD", 2, "DZD", "Dinar algérien"),
    ("032", "ARS", 2, "ARS", "Peso argentin"),
    ("036", "AUD", 2, "A$", "Dollar australien"),
    ("116", "KHR", 0, "KHR", "Riel cambodgien"),
    ("124", "CAD", 2, "C$", "Dollar canadien"),
    ("152", "CLP", 0, "CLP", "Peso chilien"),
    ("156", "CNY", 2, "CN¥", "Yuan"),
    ("170", "COP", 2, "COP", "Peso colombien"),
    ("203", "CZK", 2, "Kč", "Couronne tchèque"),
    ("208", "DKK", 2, "DKK", "Couronne danoise"),
    ("344", "HKD", 2, "HK$", "Dollar de Hong Kong"),
    ("348", "HUF", 2, "Ft", "Forint"),
    ("356", "INR", 2, "₹", "Roupie indienne"),
    ("360", "IDR", 2, "Rp", "Roupie indonésienne"),
    ("376", "ILS", 2, "₪", "Shekel"),
    ("392", "JPY", 0, "¥", "Yen"),
    ("410", "KRW", 0, "₩", "Won"),
    ("414", "KWD", 3, "KWD", "Dinar koweïtien"),
    ("458", "MYR", 2, "RM", "Ringgit"),
    ("480", "MUR", 2, "MUR", "Roupie mauricienne"),
    ("484", "MXN", 2, "MX$", "Peso mexicain"),
    ("504", "MAD", 2, "MAD", "Dirham marocain"),
    ("554", "NZD", 2, "NZ$", "Dollar néo-zélandais"),
    ("578", "NOK", 2, "NOK", "Couronne norvégienne"),
    ("604", "PEN", 2, "PEN", "Sol"),
    ("608", "PHP", 2, "₱", "Peso philippin"),
    ("643", "RUB", 2, "₽", "Rouble"),
    ("682", "SAR", 2, "SAR", "Riyal saoudien"),
    ("702", "SGD", 2, "S$", "Dollar de Singapour"),
    ("710", "ZAR", 2, "R", "Rand"),
    ("752", "SEK", 2, "SEK", "Couronne suédoise"),
    ("756", "CHF", 2, "CHF", "Franc suisse"),
    ("764", "THB", 2, "฿", "Baht"),
    ("784", "AED", 2, "AED", "Dirham des Émirats"),
    ("788", "TND", 3, "TND", "Dinar tunisien"),
    ("826", "GBP", 2, "£", "Livre sterling"),
    ("840", "USD", 2, "$", "Dollar américain"),
    ("901", "TWD", 2, "NT$", "Dollar de Taïwan"),
    ("946", "RON", 2, "RON", "Leu"),
    ("949", "TRY", 2, "₺", "Livre turque"),
    ("952", "XOF", 0, "F CFA", "Franc CFA (BCEAO)"),
    ("953", "XPF", 0, "F CFP", "Franc CFP"),
    ("975", "BGN", 2, "BGN", "Lev"),
    ("978", "EUR", 2, "€", "Euro"),
    ("985", "PLN", 2, "zł", "Zloty"),
    ("986", "BRL", 2, "R$", "Réal"),
)

CURRENCIES = MappingProxyType(
    {
        number: Currency(number=number, alpha=alpha, decimals=decimals, symbol=symbol, name=name)
        for number, alpha, decimals, symbol, name in _ROWS
    }
)
