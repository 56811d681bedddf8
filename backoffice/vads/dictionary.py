"""The fields of the payment form: for each one its error code, its format and what it is for (domain 3.2)."""

from dataclasses import dataclass

from backoffice.vads import formats, shapes
from backoffice.vads.formats import Format, digits, digits_up_to, list_of, number_between, one_of, text

PAGE_ACTIONS = (
    "PAYMENT",
    "REGISTER",
    "REGISTER_UPDATE",
    "REGISTER_PAY",
    "REGISTER_SUBSCRIBE",
    "REGISTER_PAY_SUBSCRIBE",
    "SUBSCRIBE",
    "REGISTER_UPDATE_PAY",
    "ASK_REGISTER_PAY",
)
DELIVERY_TYPES = ("RECLAIM_IN_SHOP", "RELAY_POINT", "RECLAIM_IN_STATION", "PACKAGE_DELIVERY_COMPANY", "ETICKET")
PRODUCT_TYPES = (
    "FOOD_AND_GROCERY",
    "AUTOMOTIVE",
    "ENTERTAINMENT",
    "HOME_AND_GARDEN",
    "HOME_APPLIANCE",
    "AUCTION_AND_GROUP_BUYING",
    "FLOWERS_AND_GIFTS",
    "COMPUTER_AND_SOFTWARE",
    "HEALTH_AND_BEAUTY",
    "SERVICE_FOR_INDIVIDUAL",
    "SERVICE_FOR_BUSINESS",
    "SPORTS",
    "CLOTHING_AND_ACCESSORIES",
    "TRAVEL",
    "HOME_AUDIO_PHOTO_VIDEO",
    "TELEPHONY",
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: its name (without number for a family), form error code, format, and what it is for in French."""

    name: str
    code: str
    format: Format
    meaning: str
    is_mandatory: bool = False
    # What a family's name ends with, as developers write it: a number ("N") or a word of the shop's ("XXX").
    ending: str = ""

    @property
    def max_length(self) -> int:
        """The most characters (code points) a value may have."""
        return self.format.max_length

    @property
    def written(self) -> str:
        """The name as documentation writes it: `vads_product_labelN`, `vads_ext_info_XXX`."""
        return self.name + self.ending

    @property
    def example(self) -> str:
        """A value that is accepted; empty where none is."""
        return self.format.example

    @property
    def expected(self) -> str:
        """What a value should look like, in French."""
        return self.format.expected


def _mandatory(name: str, code: str, format_: Format, meaning: str) -> Field:
    return Field(name=name, code=code, format=format_, meaning=meaning, is_mandatory=True)


def _optional(name: str, code: str, format_: Format, meaning: str) -> Field:
    return Field(name=name, code=code, format=format_, meaning=meaning)


def _family(name: str, code: str, format_: Format, meaning: str, *, ending: str) -> Field:
    return Field(name=name, code=code, format=format_, meaning=meaning, ending=ending)


_PAYMENT = (
    _mandatory("vads_version", "01", one_of("V2"), "Version du formulaire"),
    _mandatory("vads_site_id", "02", digits(8), "Identifiant de la boutique"),
    _mandatory("vads_trans_id", "03", shapes.TRANS_ID, "Numéro de la transaction, unique dans la journée UTC"),
    _mandatory("vads_trans_date", "04", shapes.MOMENT, "Date et heure de la demande, en UTC"),
    _optional("vads_validation_mode", "05", one_of("0", "1"), "Validation automatique (0) ou manuelle (1)"),
    _optional("vads_capture_delay", "06", number_between(0, 365, unit="jours"), "Délai avant la remise en banque"),
    _mandatory("vads_payment_config", "07", shapes.PAYMENT_CONFIG, "Paiement en une ou plusieurs fois"),
    _optional("vads_payment_cards", "08", list_of(*formats.PAYMENT_CARDS), "Moyens de paiement proposés"),
    _mandatory("vads_amount", "09", shapes.AMOUNT, "Montant"),
    _mandatory("vads_currency", "10", shapes.CURRENCY, "Devise"),
    _mandatory("vads_ctx_mode", "11", one_of("TEST", "PRODUCTION"), "Mode de fonctionnement"),
    _optional("vads_language", "12", one_of(*formats.LANGUAGES), "Langue de la page de paiement"),
    _optional("vads_order_id", "13", text(64), "Référence de la commande"),
    _optional("vads_order_info", "14", text(255), "Informations sur la commande"),
    _optional("vads_order_info2", "14", text(255), "Informations sur la commande, suite"),
    _optional("vads_order_info3", "14", text(255), "Informations sur la commande, fin"),
    _optional("vads_identifier", "30", text(50), "Alias de carte de l’acheteur"),
    _optional("vads_contrib", "31", text(255), "Nom et version du module de paiement"),
    _mandatory("vads_page_action", "46", one_of(*PAGE_ACTIONS, not_offered=PAGE_ACTIONS[1:]), "Action demandée"),
    _mandatory(
        "vads_action_mode",
        "47",
        one_of("INTERACTIVE", "IFRAME", "SILENT", not_offered=("IFRAME", "SILENT")),
        "Mode de saisie de la carte",
    ),
    _optional("vads_payment_src", "60", one_of("EC", "MOTO", "CC", "OTHER"), "Origine du paiement"),
    _optional("vads_user_info", "61", text(255), "Auteur de la demande"),
    _optional("vads_contracts", "62", shapes.CONTRACTS, "Contrat d’acceptation par réseau"),
    _optional("vads_payment_option_code", "103", text(64), "Code de l’option de paiement"),
    _optional("vads_risk_primary_warranty", "117", shapes.CHOICE, "Garantie demandée au contrôle des risques"),
    _optional("vads_tax_amount", "108", digits_up_to(12), "Montant des taxes"),
    _optional("vads_shipping_amount", "109", digits_up_to(12), "Frais de livraison"),
    _optional("vads_insurance_amount", "110", digits_up_to(12), "Montant de l’assurance"),
)

_BUYER = (
    _optional("vads_cust_email", "15", shapes.EMAIL, "Adresse e-mail de l’acheteur"),
    _optional("vads_cust_id", "16", text(63), "Référence de l’acheteur"),
    _optional("vads_cust_title", "17", text(63), "Civilité de l’acheteur"),
    _optional("vads_cust_name", "18", text(127), "Nom de l’acheteur"),
    _optional("vads_cust_address", "19", text(255), "Adresse de l’acheteur"),
    _optional("vads_cust_address2", "19", text(255), "Complément d’adresse de l’acheteur"),
    _optional("vads_cust_zip", "20", text(64), "Code postal de l’acheteur"),
    _optional("vads_cust_city", "21", text(128), "Ville de l’acheteur"),
    _optional("vads_cust_country", "22", shapes.COUNTRY, "Pays de l’acheteur"),
    _optional("vads_cust_phone", "23", shapes.PHONE, "Téléphone de l’acheteur"),
    _optional("vads_birth_day", "76", shapes.BIRTH_DAY, "Jour de naissance de l’acheteur"),
    _optional("vads_birth_month", "76", shapes.BIRTH_MONTH, "Mois de naissance de l’acheteur"),
    _optional("vads_birth_year", "78", digits(4), "Année de naissance de l’acheteur"),
    _optional("vads_cust_cell_phone", "77", shapes.PHONE, "Téléphone mobile de l’acheteur"),
    _optional("vads_cust_state", "88", text(127), "Région de l’acheteur"),
    _optional("vads_cust_status", "92", one_of("PRIVATE", "COMPANY"), "Particulier ou entreprise"),
    _optional("vads_cust_first_name", "104", text(63), "Prénom de l’acheteur"),
    _optional("vads_cust_last_name", "105", text(63), "Nom de famille de l’acheteur"),
    _optional("vads_cust_address_number", "112", text(64), "Numéro dans la rue de l’acheteur"),
    _optional("vads_cust_district", "113", text(127), "Quartier de l’acheteur"),
    _optional("vads_cust_legal_name", "121", text(100), "Raison sociale de l’acheteur"),
)

_DELIVERY = (
    _optional("vads_ship_to_name", "80", text(127), "Destinataire"),
    _optional("vads_ship_to_street", "81", text(255), "Adresse de livraison"),
    _optional("vads_ship_to_street2", "82", text(255), "Complément d’adresse de livraison"),
    _optional("vads_ship_to_city", "83", text(128), "Ville de livraison"),
    _optional("vads_ship_to_state", "84", text(127), "Région de livraison"),
    _optional("vads_ship_to_zip", "85", text(64), "Code postal de livraison"),
    _optional("vads_ship_to_country", "86", shapes.COUNTRY, "Pays de livraison"),
    _optional("vads_ship_to_phone_num", "87", shapes.PHONE, "Téléphone de livraison"),
    _optional("vads_ship_to_status", "93", one_of("PRIVATE", "COMPANY"), "Destinataire particulier ou entreprise"),
    _optional("vads_ship_to_type", "94", one_of(*DELIVERY_TYPES), "Type de livraison"),
    _optional("vads_ship_to_speed", "95", one_of("STANDARD", "EXPRESS", "PRIORITY"), "Rapidité de la livraison"),
    _optional("vads_ship_to_delivery_company_name", "96", text(127), "Transporteur"),
    _optional("vads_ship_to_first_name", "106", text(63), "Prénom du destinataire"),
    _optional("vads_ship_to_last_name", "107", text(63), "Nom du destinataire"),
    _optional("vads_ship_to_street_number", "114", text(64), "Numéro dans la rue de livraison"),
    _optional("vads_ship_to_district", "115", text(127), "Quartier de livraison"),
    _optional("vads_ship_to_user_info", "116", text(255), "Informations de livraison"),
    _optional("vads_ship_to_legal_name", "125", text(100), "Raison sociale du destinataire"),
)

_SHOP = (
    _optional("vads_url_success", "24", shapes.URL, "Adresse de retour après un paiement accepté"),
    _optional("vads_url_refused", "25", shapes.URL, "Adresse de retour après un refus"),
    _optional("vads_url_referral", "26", shapes.URL, "Adresse de retour après un appel de la banque"),
    _optional("vads_url_cancel", "27", shapes.URL, "Adresse de retour après un abandon"),
    _optional("vads_url_return", "28", shapes.URL, "Adresse de retour par défaut"),
    _optional("vads_url_error", "29", shapes.URL, "Adresse de retour après une erreur"),
    _optional("vads_theme_config", "32", shapes.THEME_CONFIG, "Personnalisation de la page"),
    _optional("vads_url_check", "33", shapes.URL, "Adresse de notification propre à ce paiement"),
    _optional(
        "vads_redirect_success_timeout",
        "34",
        number_between(0, 600, unit="secondes"),
        "Attente avant le retour automatique après un paiement accepté",
    ),
    _optional("vads_redirect_success_message", "35", text(255), "Message avant le retour automatique"),
    _optional(
        "vads_redirect_error_timeout",
        "36",
        number_between(0, 600, unit="secondes"),
        "Attente avant le retour automatique après un refus",
    ),
    _optional("vads_redirect_error_message", "37", text(255), "Message avant le retour automatique après un refus"),
    _optional("vads_return_post_params", "38", shapes.RETURN_PARAMS, "Paramètres ajoutés au retour par POST"),
    _optional("vads_return_get_params", "39", shapes.RETURN_PARAMS, "Paramètres ajoutés au retour par GET"),
    _optional("vads_return_mode", "48", one_of("NONE", "GET", "POST"), "Façon de transmettre le résultat au retour"),
    _optional("vads_available_languages", "71", list_of(*formats.LANGUAGES), "Langues proposées à l’acheteur"),
    _optional("vads_shop_name", "72", text(127), "Nom de la boutique à afficher"),
    _optional("vads_shop_url", "73", shapes.URL, "Adresse de la boutique à afficher"),
)

_AUTHENTICATION = (
    _optional("vads_threeds_mpi", "50", one_of(*"012345", not_offered="1"), "Préférence d’authentification 3-D Secure"),
    _optional("vads_threeds_enrolled", "51", one_of("Y", "N", "U"), "Inscription de l’acheteur à 3-D Secure"),
    _optional("vads_threeds_cavv", "52", shapes.PROOF, "Preuve d’authentification"),
    _optional("vads_threeds_eci", "53", digits_up_to(2), "Indicateur de commerce électronique"),
    _optional("vads_threeds_xid", "54", shapes.PROOF, "Numéro d’authentification"),
    _optional("vads_threeds_cavvAlgorithm", "55", digits(1), "Algorithme de la preuve d’authentification"),
    _optional("vads_threeds_status", "56", one_of("Y", "N", "U", "A"), "Résultat de l’authentification"),
)

_CARD = (
    _optional("vads_card_number", "40", shapes.CARD_TYPED_IN_SHOP, "Numéro de carte saisi dans la boutique"),
    _optional("vads_expiry_month", "41", shapes.CARD_TYPED_IN_SHOP, "Mois d’expiration saisi dans la boutique"),
    _optional("vads_expiry_year", "42", shapes.CARD_TYPED_IN_SHOP, "Année d’expiration saisie dans la boutique"),
    _optional("vads_cvv", "43", shapes.CARD_TYPED_IN_SHOP, "Cryptogramme saisi dans la boutique"),
)

_SUBSCRIPTION = (
    _optional("vads_subscription", "63", text(50), "Référence de l’abonnement"),
    _optional("vads_sub_desc", "64", shapes.RECURRENCE, "Règle de récurrence de l’abonnement"),
    _optional("vads_sub_amount", "65", digits_up_to(12), "Montant des échéances"),
    _optional("vads_sub_init_amount", "66", digits_up_to(12), "Montant des premières échéances"),
    _optional("vads_sub_currency", "67", shapes.CURRENCY, "Devise de l’abonnement"),
    _optional("vads_sub_init_amount_number", "68", digits_up_to(3), "Nombre de premières échéances"),
    _optional("vads_sub_effect_date", "69", shapes.DAY, "Date d’effet de l’abonnement"),
)

_BASKET = (_optional("vads_nb_products", "102", digits_up_to(12), "Nombre d’articles du panier"),)

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (*_PAYMENT, *_BUYER, *_DELIVERY, *_SHOP, *_AUTHENTICATION, *_CARD, *_SUBSCRIPTION, *_BASKET)
}

# Families whose names end with a number, from 0.
NUMBERED: dict[str, Field] = {
    field.name: field
    for field in (
        _family("vads_product_label", "97", text(255), "Libellé de l’article", ending="N"),
        _family("vads_product_type", "98", one_of(*PRODUCT_TYPES), "Type de l’article", ending="N"),
        _family("vads_product_ref", "100", shapes.BAR_CODE, "Référence de l’article", ending="N"),
        _family("vads_product_qty", "101", digits_up_to(12), "Quantité de l’article", ending="N"),
        _family("vads_product_amount", "102", digits_up_to(12), "Prix de l’article", ending="N"),
        _family("vads_product_vat", "203", shapes.VAT, "Taux ou montant de TVA de l’article", ending="N"),
    )
}

# Families whose names end with a word chosen by the shop.
NAMED: dict[str, Field] = {
    "vads_ext_info_": _family("vads_ext_info_", "91", text(255), "Information libre de la boutique", ending="XXX")
}

UNKNOWN_CODE = "99"


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Fields that go together: `name` for an address, `title` in French, the fields in the order people read them."""

    name: str
    title: str
    fields: tuple[Field, ...]


# Every field of the dictionary stands under one theme; the guide and the help read them in this order.
THEMES = (
    Theme(name="paiement", title="Paiement", fields=_PAYMENT),
    Theme(name="acheteur", title="Acheteur", fields=_BUYER),
    Theme(name="livraison", title="Livraison", fields=_DELIVERY),
    Theme(name="boutique", title="Boutique et retour", fields=_SHOP),
    Theme(name="panier", title="Panier", fields=(*_BASKET, *NUMBERED.values())),
    Theme(name="authentification", title="3-D Secure", fields=_AUTHENTICATION),
    Theme(name="abonnement", title="Abonnement", fields=_SUBSCRIPTION),
    Theme(name="carte", title="Carte saisie dans la boutique, toujours refusée", fields=_CARD),
    Theme(name="libre", title="Informations libres", fields=tuple(NAMED.values())),
)
