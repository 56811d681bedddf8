"""What an advisor does with an enrolment: asking for more, refusing, opening everything at once, the signed paper."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.browsers import Browser
from accounts.enums import Role
from accounts.models import Company, User
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove
from certificates import actions as certificates
from certificates.documents import compose, settlement_account
from certificates.models import Contract
from shops import actions as shops
from shops.models import Shop
from support import emails
from support.actions.registering import CompanyKnown, lock_registration, record_registration
from support.enums import RegistrationRefusal, RegistrationState
from support.models import Registration


@transaction.atomic
def ask_for_more(
    *, registration: Registration, missing: str, by: User, browser: Browser, now: datetime
) -> Registration:
    """Say what is missing: the merchant completes it in the browser that began.

    A known company's other shop is asked for again rather than completed. Raises IllegalMove.
    """
    locked = lock_registration(registration)
    if locked.is_second_shop:
        raise IllegalMove(locked.state, RegistrationState.INCOMPLETE)
    locked.ask_more(missing=missing, at=now)
    locked.save(update_fields=["state", "missing", "asked_at"])
    emails.registration_incomplete(locked, now=now)
    record_registration(Event.REGISTRATION_INCOMPLETE, locked, by=by, address=browser.address, now=now)
    return locked


@transaction.atomic
def refuse_registration(
    *,
    registration: Registration,
    reason: RegistrationRefusal,
    words: str,
    by: User,
    browser: Browser,
    now: datetime,
) -> Registration:
    """Open nothing, and say why; the code and the account number are forgotten at once. Raises IllegalMove."""
    locked = lock_registration(registration)
    locked.refuse(reason=reason, words=words, by=by, at=now)
    locked.save(
        update_fields=[
            "state",
            "refusal_reason",
            "refusal_words",
            "decided_by",
            "decided_at",
            "sealed_code",
            "sealed_iban",
        ]
    )
    emails.registration_refused(locked, now=now)
    record_registration(
        Event.REGISTRATION_REFUSED, locked, by=by, address=browser.address, now=now, reason=reason.value
    )
    return locked


@transaction.atomic
def accept_registration(*, registration: Registration, by: User, browser: Browser, now: datetime) -> Registration:
    """Open everything or nothing: company, owner, shop, TEST certificate, contract; two e-mails leave, never the code.

    A known company's other shop has a shop, a certificate and a contract, and one e-mail. Raises CompanyKnown when the
    SIRET got its company meanwhile, ChangesFrozen when the advisor's own account is frozen, or IllegalMove.
    """
    accounts.require_unfrozen(User.objects.get(pk=by.pk))
    locked = lock_registration(registration)
    code, iban = locked.code(), locked.iban()
    company = locked.company or _open_company(locked, now=now)
    shop = _open_shop(locked, company, now=now)
    locked.accept(company=company, shop=shop, by=by, at=now)
    if locked.is_second_shop:
        emails.shop_opened(locked, now=now)
    else:
        _open_owner(locked, company, code=code, now=now)
    _issue_contract(locked, shop, code=code, iban=iban, now=now)
    locked.save(update_fields=["state", "company", "shop", "decided_by", "decided_at", "sealed_code", "sealed_iban"])
    record_registration(Event.REGISTRATION_ACCEPTED, locked, by=by, address=browser.address, now=now)
    return locked


def _open_company(registration: Registration, *, now: datetime) -> Company:
    try:
        with transaction.atomic():
            return accounts.create_company(
                legal_name=registration.legal_name,
                siret=registration.siret,
                email=registration.email,
                phone=str(registration.phone),
                now=now,
            )
    except IntegrityError as taken:
        raise CompanyKnown from taken


def _open_shop(registration: Registration, company: Company, *, now: datetime) -> Shop:
    shop = shops.create_shop(company=company, label=registration.shop_label, url=registration.shop_url, now=now)
    certificates.issue_test_certificate(shop=shop, now=now)
    return shop


def _open_owner(registration: Registration, company: Company, *, code: str, now: datetime) -> None:
    accounts.open_merchant_account(
        company=company,
        role=Role.OWNER,
        first_name=registration.first_name,
        last_name=registration.last_name,
        email=registration.email,
        phone=str(registration.phone),
        code=code,
        now=now,
    )


def _issue_contract(registration: Registration, shop: Shop, *, code: str, iban: str, now: datetime) -> Contract:
    snapshot = compose(
        shop=shop,
        representative=registration.representative,
        representative_role=registration.quality or Role.OWNER.label,
        agreed_on=timezone.localdate(now),
        company_address=registration.postal_address,
        activity=registration.activity,
        # Another shop is settled where the company's first one is, unless it said otherwise.
        iban=iban or _known_iban(shop),
    )
    return certificates.issue_contract(shop=shop, snapshot=snapshot, code=code, now=now)


def _known_iban(shop: Shop) -> str:
    earlier = Contract.objects.of_company(shop.company).with_shop().first()
    return settlement_account(earlier) if earlier else ""
