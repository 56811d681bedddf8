"""What the shop sells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cheese:
    """One line of the catalogue; the price is in cents."""

    code: str
    name: str
    origin: str
    weight: str
    price_cents: int


CHEESES = (
    Cheese("beaufort", "Beaufort d’alpage", "Savoie, seize mois d’affinage", "300 g", 1250),
    Cheese("reblochon", "Reblochon fermier", "Aravis, croûte lavée", "la pièce", 990),
    Cheese("bleu", "Bleu de Termignon", "Haute-Maurienne, trois fermes seulement", "200 g", 1180),
    Cheese("chevrotin", "Chevrotin des Bauges", "Lait de chèvre cru", "la pièce", 840),
    Cheese("tomme", "Tomme de Savoie", "Affinée en cave, croûte grise", "400 g", 760),
    Cheese("serac", "Sérac frais", "Doux, à la cuillère", "250 g", 420),
)
MAX_QUANTITY = 20


def euros(cents: int) -> str:
    """1250 → « 12,50 € », with no-break spaces."""
    whole, part = divmod(cents, 100)
    return f"{whole:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") + f",{part:02d}\N{NO-BREAK SPACE}€"
