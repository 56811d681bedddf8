"""The words of a shop: its two modes, and whether it is open."""

from django.db import models


class Mode(models.TextChoices):
    """The two separate worlds of a shop, spelt as `vads_ctx_mode` spells them."""

    TEST = "TEST", "TEST"
    PRODUCTION = "PRODUCTION", "PRODUCTION"


class ShopState(models.TextChoices):
    OPEN = "open", "Ouverte"
    CLOSED = "closed", "Fermée"


SHOP_MOVES: dict[str, set[str]] = {
    ShopState.OPEN: {ShopState.CLOSED},
    ShopState.CLOSED: set(),
}
