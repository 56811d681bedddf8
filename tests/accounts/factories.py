"""Companies and people in the states the tests need: the traits are the states."""

from datetime import timedelta
from functools import cache

import factory
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django_otp.oath import TOTP

from accounts import codes, sessions
from accounts.browsers import Browser
from accounts.enums import AccountState, ContactChangeState, ContactKind, Role, UserKind
from accounts.models import Assignment, Company, ContactChange, Membership, ToldCode, TotpDevice, User
from accounts.one_time_codes import DIGITS, STEP_SECONDS
from backoffice.core import vault

PASSWORD = "Correct-Horse-42-Battery"
TEMPORARY_PASSWORD = "Rk7mWq4xTz9b"
CODE = "482917"
# The key of every application here.
FACTOR_KEY = bytes.fromhex("3132333435363738393031323334353637383930")
# A browser nobody knows, in a documentation network.
BROWSER = Browser(address="192.0.2.1", agent="Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0")


def stranger(number):
    """A browser nobody knows, at an address of its own."""
    return Browser(address=f"198.51.{number // 250}.{number % 250 + 1}")


@cache
def hashed(password):
    """One hash a password and a run: hashing is slow on purpose."""
    return make_password(password)


def confirm(client):
    """The person signed in with this client has just confirmed who they are."""
    asks_code = 'name="code"' in client.get("/profil/confirmer/").text
    given = {"code": one_time_code(timezone.now())} if asks_code else {"password": PASSWORD}
    answer = client.post("/profil/confirmer/", given)
    assert answer["Location"] == "/profil/"


def give_code_if_asked(client, answer):
    """Follow a right password to the end of the sign-in; return the last answer."""
    if answer.status_code != 302 or answer["Location"] != "/connexion/second-facteur/":
        return answer
    return client.post(answer["Location"], {"code": one_time_code(timezone.now())})


def just_confirmed(client):
    """The session of this client as it is after a confirmation that spent no code."""
    session = client.session
    sessions.note_confirmation(session, now=timezone.now())
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def one_time_code(at, *, steps=0, key=FACTOR_KEY):
    """What an application shows at a moment, or so many steps of thirty seconds later."""
    totp = TOTP(key, step=STEP_SECONDS, digits=DIGITS, drift=steps)
    totp.time = at.timestamp()
    return f"{totp.token():06d}"


def wrong_code(at):
    """Six digits that are right at no moment near this one."""
    near = {one_time_code(at, steps=steps) for steps in range(-3, 4)}
    return next(code for code in (f"{number:06d}" for number in range(10)) if code not in near)


def siret_of(number):
    """A SIRET whose two keys are right, its own and that of the SIREN in it, drawn from a counter."""
    siren = _with_key(f"7328{number % 10_000:04d}")
    return _with_key(f"{siren}{number // 10_000:04d}")


def _with_key(body):
    """Digits with the one that makes them right (Luhn)."""
    digits = [int(digit) for digit in reversed(body)]
    total = sum(sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits))
    return f"{body}{-total % 10}"


class CompanyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Company

    legal_name = factory.Sequence(lambda number: f"Fromagerie Beaufils {number}")
    siret = factory.Sequence(siret_of)
    email = factory.Sequence(lambda number: f"contact{number}@fromagerie.example")
    phone = "+33199001234"
    created_at = factory.LazyFunction(timezone.now)


class UserFactory(factory.django.DjangoModelFactory):
    """A merchant's person, active with PASSWORD unless a trait says otherwise; advisors have their second factor.

    `factor=True` gives one to a merchant's person, `factor=False` leaves an advisor without.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        active = factory.Trait(state=AccountState.ACTIVE)
        first_connection = factory.Trait(
            state=AccountState.FIRST_CONNECTION,
            password=factory.LazyFunction(lambda: hashed(TEMPORARY_PASSWORD)),
            code_hash=factory.LazyAttribute(lambda user: codes.hash_code(CODE, owner=user.public_id)),
            temporary_password_expires_at=factory.LazyFunction(lambda: timezone.now() + timedelta(hours=72)),
        )
        blocked = factory.Trait(
            state=AccountState.BLOCKED,
            failed_tries=3,
            code_hash=factory.LazyAttribute(
                lambda user: codes.hash_code(CODE, owner=user.public_id) if user.kind == UserKind.MERCHANT else ""
            ),
        )
        closed = factory.Trait(state=AccountState.CLOSED)
        invited = factory.Trait(
            advisor=True, state=AccountState.INVITED, password=factory.LazyFunction(lambda: make_password(None))
        )
        frozen = factory.Trait(changes_frozen_at=factory.LazyFunction(timezone.now))
        advisor = factory.Trait(kind=UserKind.ADVISOR, phone="")

    @factory.post_generation
    def factor(self, create, extracted):
        is_settled = self.is_advisor and self.state != AccountState.INVITED
        if create and (is_settled if extracted is None else extracted):
            TotpDeviceFactory(user=self)

    public_id = factory.Faker("uuid4", cast_to=None)
    identifier = factory.Sequence(lambda number: f"lefebvre-{number:05d}")
    kind = UserKind.MERCHANT
    first_name = "Claire"
    last_name = "Lefebvre"
    email = factory.Sequence(lambda number: f"claire{number}@fromagerie.example")
    phone = "+33199005678"
    state = AccountState.ACTIVE
    password = factory.LazyFunction(lambda: hashed(PASSWORD))
    created_at = factory.LazyFunction(timezone.now)


class TotpDeviceFactory(factory.django.DjangoModelFactory):
    """An application that was confirmed a week ago and holds FACTOR_KEY."""

    class Meta:
        model = TotpDevice

    class Params:
        pending = factory.Trait(confirmed=False, confirmed_at=None)

    user = factory.SubFactory(UserFactory)
    confirmed = True
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=7))
    confirmed_at = factory.SelfAttribute("created_at")
    public_id = factory.Faker("uuid4", cast_to=None)
    sealed_secret = factory.LazyAttribute(
        lambda one: vault.seal(
            FACTOR_KEY.hex(), identity=vault.row_identity("accounts.totpdevice", one.public_id, "secret")
        )
    )


class MembershipFactory(factory.django.DjangoModelFactory):
    """A person in a company: makes both when not given."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    company = factory.SubFactory(CompanyFactory)
    role = Role.OWNER
    created_at = factory.LazyFunction(timezone.now)
    # An integrator always has an end.
    ends_at = factory.LazyAttribute(
        lambda place: timezone.now() + timedelta(days=30) if place.role == Role.INTEGRATOR else None
    )


class AssignmentFactory(factory.django.DjangoModelFactory):
    """A company in an advisor's portfolio: makes both when not given."""

    class Meta:
        model = Assignment

    advisor = factory.SubFactory(UserFactory, advisor=True)
    company = factory.SubFactory(CompanyFactory)
    since = factory.LazyFunction(timezone.now)


class ContactChangeFactory(factory.django.DjangoModelFactory):
    """Another e-mail that somebody asked for an hour ago, unless a trait says otherwise."""

    class Meta:
        model = ContactChange

    class Params:
        phone = factory.Trait(kind=ContactKind.PHONE, value="+33199007777")
        confirmed = factory.Trait(
            state=ContactChangeState.CONFIRMED,
            confirmed_at=factory.SelfAttribute("asked_at"),
            takes_effect_at=factory.LazyAttribute(lambda change: change.asked_at + timedelta(hours=48)),
        )
        effective = factory.Trait(
            confirmed=True,
            state=ContactChangeState.EFFECTIVE,
            effective_at=factory.SelfAttribute("takes_effect_at"),
        )
        cancelled = factory.Trait(state=ContactChangeState.CANCELLED, cancelled_at=factory.SelfAttribute("asked_at"))

    user = factory.SubFactory(UserFactory)
    kind = ContactKind.EMAIL
    value = factory.Sequence(lambda number: f"nouvelle{number}@fromagerie.example")
    state = ContactChangeState.ASKED
    asked_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))


class ToldCodeFactory(factory.django.DjangoModelFactory):
    """The code an owner chose for somebody yesterday and has not told yet."""

    class Meta:
        model = ToldCode

    class Params:
        destroyed = factory.Trait(code="", code_destroyed_at=factory.LazyFunction(timezone.now))

    user = factory.SubFactory(UserFactory, first_connection=True)
    told_by = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))

    @classmethod
    def _create(cls, model_class, *args, code=CODE, **kwargs):
        told = model_class(*args, **kwargs)
        if code:
            told.seal(code)
        told.save()
        return told
