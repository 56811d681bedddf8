"""Shops of a company and the addresses where each is told about its payments."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.enums import Role
from accounts.models import Company, Membership, User
from backoffice.core.moves import require_move
from shops.enums import SHOP_MOVES, Mode, ShopState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SITE_ID_DIGITS = 8
SITE_ID_SHAPE = r"[0-9]{8}"
URL_MAX_LENGTH = 1024
# Shown in the header, on the payment page and on paper: longer would be cut everywhere.
LABEL_MAX_LENGTH = 80
# More tries than that would help whoever tries stolen cards more than it helps a buyer.
MOST_EXTRA_ATTEMPTS = 3
LONGEST_CAPTURE_DELAY_DAYS = 365


class ShopQuerySet(models.QuerySet["Shop"]):
    """Reading of shops: every page starts with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The shops this person may look at now; none for an advisor or a passer-by (AUTHZ-02, AUTHZ-05).

        Those of the companies the person belongs to; an integrator sees the ones given to him, and no others.
        """
        if not isinstance(user, User) or not user.is_merchant:
            return self.none()
        places = Membership.objects.current().filter(user=user)
        given = ShopAccess.objects.filter(user=user).values("shop")
        return self.filter(
            Q(company__in=places.exclude(role=Role.INTEGRATOR).values("company"))
            | Q(company__in=places.filter(role=Role.INTEGRATOR).values("company"), pk__in=given)
        )

    def of_company(self, company: Company) -> Self:
        """All the shops of a company, by label."""
        return self.filter(company=company).order_by("label", "site_id")

    def of_companies(self, companies: "models.QuerySet[Company]") -> Self:
        """The shops of these companies, each with its company."""
        return self.filter(company__in=companies).select_related("company")

    def with_site_id(self, site_id: str) -> Self:
        """The shop of these eight digits."""
        return self.filter(site_id=site_id)

    def given_to(self, user: User) -> Self:
        """Those given to an integrator, whatever his access has become."""
        return self.filter(accesses__user=user).distinct()

    def with_server_urls(self) -> Self:
        """The same shops with their addresses already read, so that `server_url` asks nothing more."""
        return self.prefetch_related("server_urls__saved_by")

    def listed(self) -> Self:
        """In the order people look for them: open ones first, then by label."""
        return self.select_related("company").order_by("-state", "label", "site_id")


class Shop(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site_id = models.CharField("identifiant boutique", max_length=SITE_ID_DIGITS, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="shops", verbose_name="société")
    label = models.CharField("libellé", max_length=LABEL_MAX_LENGTH)
    url = models.CharField("adresse du site", max_length=URL_MAX_LENGTH)
    state = models.CharField("état", max_length=10, choices=ShopState.choices, default=ShopState.OPEN)
    created_at = models.DateTimeField("créée le")
    closed_at = models.DateTimeField("fermée le", null=True, blank=True)
    # What the payment page does when the form says nothing of it. Columns, so that the form's one SELECT reads them.
    return_url_test = models.CharField("adresse de retour TEST", max_length=URL_MAX_LENGTH, blank=True, default="")
    return_url_production = models.CharField(
        "adresse de retour PRODUCTION", max_length=URL_MAX_LENGTH, blank=True, default=""
    )
    extra_attempts = models.PositiveSmallIntegerField("essais supplémentaires après un refus", default=0)
    capture_delay = models.PositiveSmallIntegerField("délai avant la remise, en jours", default=0)
    is_validated_by_hand = models.BooleanField("validation manuelle", default=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = "boutique"
        constraints = [
            models.CheckConstraint(
                name="shop_site_id_is_eight_digits",
                condition=Q(site_id__regex=rf"^{SITE_ID_SHAPE}$"),
                violation_error_message="L’identifiant boutique compte huit chiffres.",
            ),
            models.CheckConstraint(
                name="shop_state_is_known",
                condition=Q(state__in=ShopState.values),
                violation_error_message="Cet état de boutique n’existe pas.",
            ),
            models.CheckConstraint(
                name="shop_closed_says_since_when",
                condition=Q(state=ShopState.CLOSED, closed_at__isnull=False)
                | Q(~Q(state=ShopState.CLOSED), closed_at__isnull=True),
                violation_error_message="Une boutique fermée dit depuis quand, et elle seule.",
            ),
            *(
                models.CheckConstraint(
                    name=f"shop_{name}_is_http",
                    condition=Q(**{name: ""})
                    | Q(**{f"{name}__istartswith": "https://"})
                    | Q(**{f"{name}__istartswith": "http://"}),
                    violation_error_message="L’adresse de retour commence par https:// ou http://.",
                )
                for name in ("return_url_test", "return_url_production")
            ),
            models.CheckConstraint(
                name="shop_extra_attempts_are_few",
                condition=Q(extra_attempts__lte=MOST_EXTRA_ATTEMPTS),
                violation_error_message=f"L’acheteur a {MOST_EXTRA_ATTEMPTS} essais supplémentaires au plus.",
            ),
            models.CheckConstraint(
                name="shop_capture_delay_is_a_year_at_most",
                condition=Q(capture_delay__lte=LONGEST_CAPTURE_DELAY_DAYS),
                violation_error_message=f"La remise attend {LONGEST_CAPTURE_DELAY_DAYS} jours au plus.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.site_id})"

    def close(self, *, at: datetime) -> None:
        """Move the shop to closed, in memory; raises IllegalMove when it already is."""
        require_move(SHOP_MOVES, self.state, ShopState.CLOSED)
        self.state, self.closed_at = ShopState.CLOSED, at

    @property
    def is_open(self) -> bool:
        """Whether forms of this shop are still taken."""
        return self.state == ShopState.OPEN

    @property
    def journal_label(self) -> str:
        """How the journal names this shop."""
        return f"boutique {self.site_id}"

    def return_url(self, mode: str) -> str:
        """Where the shop wants buyers of `mode` back when the form names no address, or an empty string."""
        url: str = self.return_url_production if mode == Mode.PRODUCTION else self.return_url_test
        return url

    def server_url(self, mode: str) -> str:
        """The address told about payments of `mode`, or an empty string when none was given yet."""
        saved = self.server_url_row(mode)
        return saved.url if saved else ""

    def server_url_row(self, mode: str) -> "ServerUrl | None":
        """The same address with when and by whom it was saved; asks nothing after `with_server_urls`."""
        return next((one for one in self.server_urls.all() if one.mode == mode), None)


class ShopAccessQuerySet(models.QuerySet["ShopAccess"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def in_company(self, company: Company) -> Self:
        return self.filter(shop__company=company)

    def modes(self, *, user: User, shop: Shop) -> frozenset[Mode]:
        """The modes of one shop that were given to an integrator. One query."""
        return frozenset(Mode(one.mode) for one in self.filter(user=user, shop=shop))


class ShopAccess(models.Model):
    """One mode of one shop given to an integrator; the other roles reach every shop of their company (design 3)."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="accesses", verbose_name="boutique")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shop_accesses", verbose_name="intégrateur"
    )
    mode = models.CharField("mode", max_length=10, choices=Mode.choices, default=Mode.TEST)
    given_at = models.DateTimeField("donné le")

    objects = ShopAccessQuerySet.as_manager()

    class Meta:
        verbose_name = "accès à une boutique"
        verbose_name_plural = "accès aux boutiques"
        constraints = [
            models.UniqueConstraint(
                "shop",
                "user",
                "mode",
                name="shop_access_one_per_shop_person_and_mode",
                violation_error_message="Cet accès existe déjà.",
            ),
            # Nobody given a shop by name works on real payments.
            models.CheckConstraint(
                name="shop_access_is_for_test",
                condition=Q(mode=Mode.TEST),
                violation_error_message="Un intégrateur travaille en mode TEST.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.shop_id} {self.mode}"


class ServerUrl(models.Model):
    """Where a shop is told about its payments of one mode (« URL serveur »)."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="server_urls", verbose_name="boutique")
    mode = models.CharField("mode", max_length=10, choices=Mode.choices)
    url = models.CharField("adresse", max_length=URL_MAX_LENGTH)
    saved_at = models.DateTimeField("enregistrée le")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="enregistrée par"
    )

    class Meta:
        verbose_name = "URL serveur"
        verbose_name_plural = "URL serveur"
        constraints = [
            models.UniqueConstraint(
                "shop",
                "mode",
                name="server_url_one_per_shop_and_mode",
                violation_error_message="Cette boutique a déjà une URL serveur dans ce mode.",
            ),
            models.CheckConstraint(
                name="server_url_mode_is_known",
                condition=Q(mode__in=Mode.values),
                violation_error_message="Le mode est TEST ou PRODUCTION.",
            ),
            models.CheckConstraint(
                name="server_url_is_http_and_https_in_production",
                condition=Q(url__istartswith="https://") | (Q(mode=Mode.TEST) & Q(url__istartswith="http://")),
                violation_error_message="En PRODUCTION, l’adresse commence par https://.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.mode}"

    @property
    def is_plain_http(self) -> bool:
        """Whether what is sent there can be read on the way: allowed in TEST, with a warning (design 4.10)."""
        return not self.url.lower().startswith("https://")
