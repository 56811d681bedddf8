"""The words of a shop: its two modes, and whether it is open."""

from django.db import models


class Mode(models.TextChoices):
    """The two separate worlds of a shop, spelt as `vads_ctx_mode` spells them."""

    TEST = "TEST", "TEST"
    PRODUCTION = "PRODUCTION", "PRODUCTION"


class ShopState(models.TextChoices):
    OPEN = "open", "Ouverte"
    CLOSED = "closed", "Fermée"


class ShopClosingReason(models.TextChoices):
    """Why an advisor closes a shop, as the company reads it."""

    CONTRACT_OVER = "contract_over", "Fin du contrat"
    COMPANY_ASKED = "company_asked", "Demande de la société"
    BANK_CONTROL = "bank_control", "Contrôle de la banque"
    BY_MISTAKE = "by_mistake", "Boutique ouverte par erreur"


# A closed shop stays closed: its identifier and certificates may be anywhere by then.
SHOP_MOVES: dict[str, set[str]] = {
    ShopState.OPEN: {ShopState.CLOSED},
    ShopState.CLOSED: set(),
}
