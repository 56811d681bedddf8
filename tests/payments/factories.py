"""Payments as tests need them; traits are states."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from backoffice.vads import cards, moments
from payments.enums import FormVerdict, NotificationState, SessionState, TransactionStatus
from payments.models import (
    CardChallenge,
    LoggedForm,
    Notification,
    PaymentSession,
    RefusedCard,
    Transaction,
)
from payments.models.logged_form import hour_of
from payments.rules import SESSION_LIFETIME
from shops.enums import Mode
from tests.certificates.factories import CertificateFactory
from tests.payments import wire
from tests.shops.factories import ServerUrlFactory, ShopFactory


def shop_ready(*, url="https://boutique.example/notification", **traits):
    """A shop with its TEST certificate and, unless `url` is empty, its TEST server URL."""
    shop = ShopFactory(**traits)
    CertificateFactory(shop=shop, value=wire.TEST_CERTIFICATE)
    if url:
        ServerUrlFactory(shop=shop, url=url)
    return shop


def go_live(shop, *, url="https://boutique.example/notification"):
    """The same shop with its PRODUCTION certificate and server URL."""
    CertificateFactory(shop=shop, production=True, value=wire.PRODUCTION_CERTIFICATE)
    ServerUrlFactory(shop=shop, production=True, url=url)


class PaymentSessionFactory(DjangoModelFactory):
    class Meta:
        model = PaymentSession

    class Params:
        completed = factory.Trait(state=SessionState.COMPLETED, ended_at=factory.SelfAttribute("opened_at"))

    shop = factory.LazyFunction(shop_ready)
    mode = Mode.TEST
    trans_id = factory.Sequence(lambda n: f"{n % 900_000:06d}")
    trans_date = factory.LazyFunction(lambda: timezone.now().replace(microsecond=0))
    trans_day = factory.LazyAttribute(lambda one: moments.parse(moments.wire(one.trans_date)).date())
    amount_cents = 6490
    currency = "978"
    fields = factory.LazyAttribute(
        lambda one: wire.fields(
            one.shop,
            trans_id=one.trans_id,
            trans_date=moments.wire(one.trans_date),
            ctx_mode=one.mode,
            amount=str(one.amount_cents),
            currency=one.currency,
            order_id=f"CMD-{one.trans_id}",
        )
    )
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")
    holds_reference = True
    opened_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda one: one.opened_at + SESSION_LIFETIME)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        session = model_class(*args, **kwargs)
        session.seal_token()
        session.save()
        return session


class CardChallengeFactory(DjangoModelFactory):
    """A visit whose buyer is at the simulated bank's page."""

    class Meta:
        model = CardChallenge

    session = factory.SubFactory(PaymentSessionFactory, state=SessionState.CHALLENGED)
    token = cards.find("4970100000000022").token
    brand = "CB"
    masked_number = "497010XXXXXX0022"
    expiry_month = 6
    expiry_year = 2029
    asked_at = factory.LazyFunction(timezone.now)


class RefusedCardFactory(DjangoModelFactory):
    """A card refused while another try was granted."""

    class Meta:
        model = RefusedCard

    session = factory.SubFactory(PaymentSessionFactory, refusals=1)
    number = 1
    at = factory.LazyFunction(timezone.now)
    brand = "CB"
    masked_number = "497010XXXXXX0071"
    auth_result = "51"


class TransactionFactory(DjangoModelFactory):
    """`TransactionFactory(shop=…)`; `refused=True` for a refusal."""

    class Meta:
        model = Transaction

    class Params:
        refused = factory.Trait(
            status=TransactionStatus.REFUSED,
            result="05",
            auth_result="51",
            auth_number="",
            masked_number="497010XXXXXX0071",
        )

    shop = factory.LazyFunction(shop_ready)
    mode = Mode.TEST
    session = factory.SubFactory(
        PaymentSessionFactory,
        completed=True,
        shop=factory.SelfAttribute("..shop"),
        mode=factory.SelfAttribute("..mode"),
    )
    trans_id = factory.SelfAttribute("session.trans_id")
    order_id = factory.LazyAttribute(lambda one: one.session.order_id)
    amount_cents = factory.SelfAttribute("session.amount_cents")
    currency = factory.SelfAttribute("session.currency")
    status = TransactionStatus.AUTHORISED
    result = "00"
    auth_result = "00"
    auth_number = "3fd74f"
    card_brand = "CB"
    masked_number = "497010XXXXXX0014"
    expiry_month = 6
    expiry_year = 2029
    answer = factory.LazyFunction(
        lambda: {
            "vads_bank_product": "F",
            "vads_contract_used": "0000001",
            "vads_threeds_enrolled": "Y",
            "vads_threeds_status": "Y",
            "vads_warranty_result": "YES",
        }
    )
    created_at = factory.LazyFunction(timezone.now)


class NotificationFactory(DjangoModelFactory):
    """Waiting and due now, unless said otherwise."""

    class Meta:
        model = Notification

    transaction = factory.SubFactory(TransactionFactory)
    shop = factory.SelfAttribute("transaction.shop")
    mode = factory.SelfAttribute("transaction.mode")
    order_key = factory.LazyAttribute(lambda one: one.transaction.order_id or one.transaction.trans_uuid)
    state = NotificationState.WAITING
    due_at = factory.LazyFunction(timezone.now)
    created_at = factory.LazyFunction(timezone.now)


class LoggedFormFactory(DjangoModelFactory):
    """Refused because of its date, unless said otherwise; `warned=True` for one that was accepted."""

    class Meta:
        model = LoggedForm

    class Params:
        warned = factory.Trait(verdict=FormVerdict.WARNED, drift_seconds=3720)

    shop = factory.LazyFunction(shop_ready)
    mode = Mode.TEST
    verdict = FormVerdict.REFUSED
    code = "04"
    field = "vads_trans_date"
    faults = factory.LazyAttribute(
        lambda one: [{"code": one.code, "field": one.field, "reason": "La date est à plus de 24 heures de maintenant."}]
    )
    order_id = factory.Sequence(lambda n: f"CMD-{n:06d}")
    trans_id = "000042"
    contrib = "Boutique 3.1"
    fields = factory.LazyAttribute(
        lambda one: wire.fields(one.shop, order_id=one.order_id, trans_id=one.trans_id, ctx_mode=one.mode)
    )
    is_proven = True
    method = "POST"
    received_at = factory.LazyFunction(timezone.now)
    hour = factory.LazyAttribute(lambda one: hour_of(one.received_at))
    place = factory.Sequence(lambda n: n + 1)
