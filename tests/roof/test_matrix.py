"""Who may do what at every address of the house: role, address and method against one table (AUTHZ-01, AUTHZ-02).

A new address is one line of TABLE; an address without a line fails `test_authz_01_every_address_has_its_line`.
"""

import re
from copy import deepcopy
from itertools import pairwise, product
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import converters

from accounts import flow, sessions
from accounts.actions import tries
from accounts.enums import DeviceOrigin, Role
from accounts.models import Device, Session
from backoffice.core import mail
from shops.enums import Mode
from shops.rules import draw_site_id
from tests.accounts.factories import (
    BROWSER,
    AssignmentFactory,
    ContactChangeFactory,
    MembershipFactory,
    ToldCodeFactory,
    UserFactory,
)
from tests.certificates.factories import (
    AmendmentFactory,
    AttestationFactory,
    CertificateFactory,
    ContractFactory,
    make_ready,
)
from tests.core.printing import PrintFactory
from tests.house.test_addresses import patterns
from tests.payments.factories import LoggedFormFactory, TransactionFactory
from tests.roof.table import (
    CONFIRM,
    DOOR,
    METHODS,
    MISSING_SHOPS,
    MOVED,
    NOBODY,
    NOBODY_S,
    NOWHERE,
    OVER,
    PAGE,
    REFUSED,
    ROLES,
    SIGNED_IN,
    TABLE,
    UNGUESSABLE,
    WAYS_OUT,
)
from tests.shops.factories import ShopAccessFactory, ShopFactory
from tests.support.factories import (
    CompanyNoteFactory,
    ContactRequestFactory,
    ProposalFactory,
    RegistrationFactory,
    called_about,
)
from tests.support.viewing import look_as

SHELF = 8
# The last request that the table makes at an address.
LAST = (list(ROLES)[-1], METHODS[-1])


def kind(answer):
    """The class of an answer."""
    if answer.status_code in (301, 302):
        leads_to, _, wished = answer["Location"].partition("?next=")
        return {"/connexion/": DOOR, "/profil/confirmer/": CONFIRM}.get(leads_to, MOVED) if wished else MOVED
    return {200: PAGE, 404: NOWHERE, 405: REFUSED, 410: OVER}.get(answer.status_code, str(answer.status_code))


@pytest.fixture
def world(db, settings, now):
    """A company at work, another one beside it, and what each address of the table names."""
    settings.OUTBOUND_RESOLVER = {"fromagerie.example": "93.184.215.14"}
    shop = ShopFactory()
    other_shop = ShopFactory(company=shop.company)
    for mode in (False, True):
        CertificateFactory(shop=shop, production=mode)
    make_ready(other_shop)
    contract = ContractFactory(shop=shop)
    people = {letter: UserFactory(active=True) for letter in "OMRIF"}
    people |= {letter: UserFactory(active=True, advisor=True) for letter in "APV"}
    for letter, role in zip("OMRI", Role, strict=True):
        MembershipFactory(user=people[letter], company=shop.company, role=role)
    ShopAccessFactory(shop=shop, user=people["I"])
    for letter in "AV":
        AssignmentFactory(advisor=people[letter], company=shop.company)
    ShopFactory(company=MembershipFactory(user=people["F"]).company)
    tries.make_known(people["O"], browser=BROWSER, origin=DeviceOrigin.SIGN_IN, now=now)
    waiting = ToldCodeFactory(told_by=people["O"]).user
    MembershipFactory(user=waiting, company=shop.company, role=Role.READER)
    letter = mail.queue(
        "accounts/emails/identifier.txt",
        to=people["O"].email,
        subject="Votre identifiant",
        context={"user": people["O"]},
        company=shop.company.public_id,
        person=people["O"].public_id,
        now=now,
    )
    letter.mark_sent(at=now)
    letter.save()
    return SimpleNamespace(
        people=people,
        ids={
            "company": shop.company.public_id,
            "note": CompanyNoteFactory(company=shop.company, author=people["A"]).public_id,
            "mail": letter.public_id,
            "shop": shop.site_id,
            "other_shop": other_shop.site_id,
            "person": waiting.public_id,
            "session": NOBODY,
            "browser": Device.objects.get().public_id,
            "change": ContactChangeFactory(user=people["O"]).public_id,
            "test_payment": TransactionFactory(shop=shop).public_id,
            "real_payment": TransactionFactory(shop=shop, mode=Mode.PRODUCTION).public_id,
            "test_form": LoggedFormFactory(shop=shop).public_id,
            "real_form": LoggedFormFactory(shop=shop, mode=Mode.PRODUCTION).public_id,
            "request": ContactRequestFactory(identifier=waiting.identifier).public_id,
            "registration": RegistrationFactory(second_shop=True, company=shop.company).public_id,
            "contract": contract.number,
            "amendment": AmendmentFactory(company=shop.company).number,
            "factor_request": _held_about_a_factor(people["A"], company=shop.company).public_id,
            "print": PrintFactory(done=True, asked_by=people["O"].public_id).public_id,
            "attestation": AttestationFactory(shop=shop).number,
            "proposal": ProposalFactory(call=called_about(waiting)).public_id,
        },
    )


def _held_about_a_factor(advisor, *, company):
    """A request of somebody who lost a second factor, held by the advisor who asks."""
    person = MembershipFactory(user=UserFactory(active=True, factor=True), company=company, role=Role.READER).user
    return ContactRequestFactory(identifier=person.identifier, taken=True, owner=advisor)


@pytest.fixture
def cookies(world, settings):
    """What the browser of each letter of ROLES holds; nobody confirmed who they are yet."""
    browsers = {letter: Client() for letter in ROLES}
    for letter, person in world.people.items():
        browsers[letter].force_login(person)
    browsers["O"].get("/")
    look_as(browsers["V"], world.people["O"])
    world.ids["session"] = Session.objects.of(world.people["O"]).get().public_id
    between = HttpRequest()
    between.session = browsers["H"].session
    flow.begin(between, ToldCodeFactory().user)
    between.session.save()
    browsers["H"].cookies[settings.SESSION_COOKIE_NAME] = between.session.session_key
    return {letter: browser.cookies for letter, browser in browsers.items()}


@pytest.fixture
def confirmed(world, cookies, settings, now):
    """Everybody who is signed in has just confirmed who they are."""
    for letter in SIGNED_IN + "V":
        session = sessions.SessionStore(cookies[letter][settings.SESSION_COOKIE_NAME].value)
        sessions.note_confirmation(session, now=now)
        session.save()
        cookies[letter][settings.SESSION_COOKIE_NAME] = session.session_key
    world.ids["session"] = Session.objects.of(world.people["O"]).get().public_id


@pytest.fixture
def ask(cookies):
    """Send a request as somebody, whatever the one before did to their browser."""

    browser = Client()

    def send(letter, method, path, form=()):
        browser.cookies = deepcopy(cookies[letter])
        return browser.post(path, dict(form)) if method == "post" else getattr(browser, method)(path)

    return send


def rows():
    """A digest of every table of ours but the sessions, jobs included: what must stay as it is."""
    tables = [model._meta.db_table for model in apps.get_models() if model is not Session]
    asked = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return dict(cursor.fetchall())


def said(answer, path):
    """What an answer tells, without what differs from one request to the next."""
    body = re.sub(rb"<code>[0-9a-f]{10}</code>", b"", answer.content)
    return answer.status_code, body.replace(path.encode(), b""), answer.headers.get("Location")


def shelves(lines):
    """The lines a few at a time: one company serves them all, since whatever a line wrote is undone or is a fault."""
    shelved = [lines[start : start + SHELF] for start in range(0, len(lines), SHELF)]
    return pytest.mark.parametrize("lines", shelved, ids=[f"{some[0]}..{some[-1]}" for some in shelved])


def test_authz_01_every_address_has_its_line():
    assert {line.name for line in TABLE} == {name for name, _ in patterns()}


@shelves(TABLE)
def test_authz_01_each_role_and_method_meets_what_the_table_says(lines, world, ask, confirmed):
    before = rows()
    for line, letter, method in product(lines, ROLES, METHODS):
        path, told = line.path.format(**world.ids), (str(line), ROLES[letter], method)
        if method == "post" and line.serves(letter):
            with transaction.atomic():
                answer = ask(letter, method, path, line.form)
                # The form is one that would have changed something for the others too.
                assert not line.form or kind(answer) != MOVED or rows() != before, told
                transaction.set_rollback(True)
        else:
            answer = ask(letter, method, path, line.form)
        assert kind(answer) in line.answers(letter, method), told
        if (letter, method) == LAST:
            # Nobody wrote who may not (AUTHZ-03), and looking changes nothing.
            assert rows() == before, str(line)


def test_authz_03_a_view_shows_the_owner_s_pages_and_refuses_every_writing_verb(world, ask, confirmed):
    """Of every address: what the table says of a view is more than « 404 », and each refusal is the view's own page."""
    before = rows()
    seen, refused = 0, 0
    for line in TABLE:
        path = line.path.format(**world.ids)
        if line.name in NOBODY_S | WAYS_OUT:
            continue
        for method in ("post", "put", "patch", "delete"):
            answer = ask("V", method, path, line.form)
            assert (answer.status_code, "Lecture seule · Gestion" in answer.text) == (403, True), (str(line), method)
            refused += 1
        seen += kind(ask("V", "get", path)) == PAGE and line.who[0] == "O"
    assert rows() == before
    assert refused > 300
    assert seen > 20


@shelves([line for line in TABLE if line.who[0] in SIGNED_IN])
def test_key_03_what_asks_who_is_there_first_is_what_the_table_says(lines, world, ask):
    before = rows()
    for line, method in product(lines, ("get", "post")):
        path, told = line.path.format(**world.ids), (str(line), method)
        with transaction.atomic():
            answer = ask(line.who[0], method, path, line.form)
            assert (kind(answer) == CONFIRM) == (method in line.step_up), told
            if method in line.step_up:
                # But for the form kept, nothing happened.
                changed = {table for table, digest in rows().items() if digest != before[table]}
                assert changed <= {"accounts_keptform"}, told
            transaction.set_rollback(True)


@shelves([line for line in TABLE if "{" in line.path])
def test_authz_02_somebody_else_s_object_answers_as_one_that_does_not_exist(lines, world, ask, confirmed):
    nobody_s = dict.fromkeys(world.ids, NOBODY) | MISSING_SHOPS
    for line, letter, method in product(lines, SIGNED_IN, METHODS):
        if line.serves(letter):
            continue
        path, missing, told = line.path.format(**world.ids), line.path.format(**nobody_s), (str(line), ROLES[letter])
        found = said(ask(letter, method, path, line.form), path)
        assert found == said(ask(letter, method, missing, line.form), missing), (*told, method)
        assert found[0] in (404, 405), (*told, method)


def test_authz_07_addresses_name_objects_by_what_cannot_be_guessed():
    named = {type(converter) for _, entry in patterns() for converter in entry.pattern.converters.values()}
    assert converters.IntConverter not in named
    assert {converter.__name__ for converter in named} == UNGUESSABLE


def test_authz_07_the_shops_identifiers_tell_neither_order_nor_number():
    drawn = [int(draw_site_id()) for _ in range(1000)]
    assert len(set(drawn)) > 990
    assert max(drawn) - min(drawn) > 80_000_000
    rising = sum(one < other for one, other in pairwise(drawn))
    assert 400 < rising < 600
