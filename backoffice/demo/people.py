"""The people of the demo: a merchant on her first day, a merchant with a past, two advisors, and one invited."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from accounts import actions as accounts
from accounts.actions import Grant, Invitee
from accounts.browsers import Browser
from accounts.enums import AccountState, CodeStep, Role, SignInStep
from accounts.models import Company, User
from accounts.rules import end_of_day, has_living_temporary_password
from backoffice.core import pdf
from backoffice.demo import history, refusals
from backoffice.demo.codes import one_time_code
from certificates import actions as certificates
from certificates.documents import compose, contract_pdf
from certificates.models import Contract
from shops import actions as shops
from shops.enums import Mode
from shops.models import Shop

NEWCOMER, NEWCOMER_CODE = "beaufils", "482917"
NEWCOMER_SITE, NEWCOMER_CERTIFICATE = "12345678", "1122334455667788"
REGULAR, REGULAR_PASSWORD = "vernet", "Encre-Papier-1874-Marge"
COLLEAGUE, COLLEAGUE_CODE = "marchal", "914603"
ADVISORS = (("ferrand", "Nadia", "Ferrand"), ("castaing", "Julien", "Castaing"))
# Whose invitation waits in the mailbox.
INVITED = ("roussel", "Inès", "Roussel")
# Who alone looks after the regular's company.
PORTFOLIO = "ferrand"
ADVISOR_PASSWORD = "Guichet-Lumiere-27-Tilleul"  # noqa: S105  printed by the demo
# The regular's server lives at an address of ours that nobody serves: its notifications fail, as some do.
REGULAR_SERVER = "https://librairie.example/notification"
PAPER_COPY = "contrat-papier.pdf"
KEPT = "personnes.json"
ADDRESS = "127.0.0.1"
BROWSER = Browser(address=ADDRESS, agent="Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Firefox/144.0")
# Somewhere else: the tries that blocked the colleague do not count for whoever looks at the demo.
STRANGER = Browser(address="192.0.2.44")


def ensure(folder: Path, *, shop_url: str, now: datetime) -> list[str]:
    """Create what is missing, draw again what expired, and return the lines the console shows."""
    if not User.objects.known_as(NEWCOMER).exists():
        with transaction.atomic():
            _open_bank(now=now)
            _open_regular(now=now)
            temporary = _open_newcomer(shop_url=shop_url, now=now)
            _give_portfolio(now=now)
        _keep(folder, temporary)
    newcomer = User.objects.known_as(NEWCOMER).get()
    is_kept = (folder / KEPT).exists() and has_living_temporary_password(newcomer, now=now)
    if newcomer.state == AccountState.FIRST_CONNECTION and not is_kept:
        _keep(folder, accounts.redraw_temporary_password(user=newcomer, now=now))
    return [
        *_newcomer_lines(newcomer, folder),
        f"Commerçant en activité (Librairie Vernet) : identifiant {REGULAR}, mot de passe {REGULAR_PASSWORD}",
        f"    sa collègue Lucie Marchal, compte bloqué : identifiant {COLLEAGUE},"
        f" code de première connexion {COLLEAGUE_CODE}",
        f"Conseillers de la banque : identifiants {' et '.join(one[0] for one in ADVISORS)}, "
        f"mot de passe {ADVISOR_PASSWORD} ; la Librairie Vernet est dans le portefeuille de {PORTFOLIO} ;",
        "    leur code à usage unique est sur la page des codes ci-dessus",
    ]


def _newcomer_lines(newcomer: User, folder: Path) -> list[str]:
    who = f"Commerçante ({newcomer.company}) : identifiant {NEWCOMER}"
    match newcomer.state:
        case AccountState.FIRST_CONNECTION:
            temporary = json.loads((folder / KEPT).read_text())["temporary_password"]
            return [
                f"{who}, mot de passe temporaire {temporary},",
                f"    code de première connexion {NEWCOMER_CODE}{_paper_copy(folder)}",
            ]
        case AccountState.ACTIVE:
            return [f"{who}, avec le mot de passe que vous avez choisi"]
        case _:
            return [f"{who}, compte bloqué ; « manage.py demo --reset » repart de données neuves"]


def _paper_copy(folder: Path) -> str:
    """Print the paper contract with its code, once; say where it is, or nothing on a machine without PDF library."""
    path = folder / PAPER_COPY
    if not path.exists():
        contract = Contract.objects.of_shop(Shop.objects.get(site_id=NEWCOMER_SITE)).get()
        try:
            content = contract_pdf(contract, with_code=True)
        except (pdf.PdfUnavailable, pdf.PdfFailed):
            return ""
        _write_privately(path, content)
    return f" (dans {path})"


def _open_bank(*, now: datetime) -> None:
    for advisor in ADVISORS:
        token = _invite(*advisor, now=now)
        accounts.accept_invitation(token=token, password=ADVISOR_PASSWORD, browser=BROWSER, now=now)
        _enrol(User.objects.known_as(advisor[0]).get(), now=now)
    _invite(*INVITED, now=now)


def _invite(identifier: str, first_name: str, last_name: str, *, now: datetime) -> str:
    _, token = accounts.invite_advisor(
        first_name=first_name,
        last_name=last_name,
        email=f"{identifier}@banque.example",
        identifier=identifier,
        now=now,
    )
    return token


def _give_portfolio(*, now: datetime) -> None:
    """The bookshop is in one advisor's portfolio and out of the other's sight; the dairy is for both."""
    company = User.objects.known_as(REGULAR).get().company
    if company is None:
        raise RuntimeError(f"{REGULAR} has no company")
    advisor = User.objects.known_as(PORTFOLIO).get()
    accounts.assign_company(advisor=advisor, company=company, by=None, now=now)


def _enrol(advisor: User, *, now: datetime) -> None:
    """Their application is the demo's page of codes: nobody needs a telephone to look at the counter."""
    factor = accounts.begin_enrolment(user=advisor, now=now)
    code = one_time_code(factor, at=now)
    if accounts.confirm_enrolment(user=advisor, code=code, session="", browser=BROWSER, now=now) is None:
        raise RuntimeError(f"{advisor} could not be enrolled")


def _open_newcomer(*, shop_url: str, now: datetime) -> str:
    company = accounts.create_company(
        legal_name="Fromagerie Beaufils",
        siret="73282932000074",
        email="gerance@fromagerie.example",
        phone="+33199001201",
        now=now,
    )
    shop = shops.create_shop(company=company, label="Fromagerie en ligne", url=shop_url, site_id=NEWCOMER_SITE, now=now)
    certificates.issue_test_certificate(shop=shop, value=NEWCOMER_CERTIFICATE, now=now)
    snapshot = compose(shop=shop, representative="Claire Beaufils", representative_role="Gérante", agreed_on=now.date())
    certificates.issue_contract(shop=shop, snapshot=snapshot, code=NEWCOMER_CODE, now=now)
    _, temporary = accounts.open_merchant_account(
        company=company,
        role=Role.OWNER,
        first_name="Claire",
        last_name="Beaufils",
        email="claire@fromagerie.example",
        phone="+33199001202",
        code=NEWCOMER_CODE,
        identifier=NEWCOMER,
        now=now,
    )
    return temporary


def _open_regular(*, now: datetime) -> None:
    company = accounts.create_company(
        legal_name="Librairie Vernet",
        siret="90417265700010",
        email="gerance@librairie.example",
        phone="+33199001301",
        now=now,
    )
    shop = shops.create_shop(
        company=company, label="Librairie Vernet", url="https://librairie.example", site_id="23456789", now=now
    )
    certificates.issue_test_certificate(shop=shop, now=now)
    owner, temporary = accounts.open_merchant_account(
        company=company,
        role=Role.OWNER,
        first_name="Antoine",
        last_name="Vernet",
        email="antoine@librairie.example",
        phone="+33199001302",
        code="730582",
        identifier=REGULAR,
        now=now,
    )
    _live_first_connection(REGULAR, temporary, "730582", now=now)
    snapshot = compose(
        shop=shop, representative="Antoine Vernet", representative_role=Role.OWNER.label, agreed_on=now.date()
    )
    contract = certificates.issue_contract(shop=shop, snapshot=snapshot, code="730582", now=now)
    certificates.mark_contract_signed(contract=contract, by=None, now=now, note="exemplaire papier au dossier")
    for mode in (Mode.TEST, Mode.PRODUCTION):
        shops.save_server_url(shop=shop, mode=mode, url=REGULAR_SERVER, by=owner, now=now, address=ADDRESS)
    refusals.write(shop, until=now)
    for step, reference in history.write(shop, until=now).items():
        certificates.record_evidence(shop=shop, step=step, reference=reference, now=now)
    certificates.generate_production_certificate(shop=shop, by=owner, now=now, address=ADDRESS)
    _open_blocked_colleague(company=company, now=now)
    _invite_manager(company=company, owner=owner, now=now)
    _invite_integrator(company=company, shop=shop, owner=owner, now=now)


def _open_blocked_colleague(*, company: Company, now: datetime) -> None:
    _, temporary = accounts.open_merchant_account(
        company=company,
        role=Role.MANAGER,
        first_name="Lucie",
        last_name="Marchal",
        email="lucie@librairie.example",
        phone="+33199001303",
        code=COLLEAGUE_CODE,
        identifier=COLLEAGUE,
        now=now,
    )
    _live_first_connection(COLLEAGUE, temporary, COLLEAGUE_CODE, now=now)
    for _ in range(3):
        accounts.sign_in(identifier=COLLEAGUE, password="autre chose", browser=STRANGER, now=now)  # noqa: S106


def _invite_manager(*, company: Company, owner: User, now: datetime) -> None:
    manager = shops.invite_to_shops(
        company=company,
        invitee=Invitee(first_name="Inès", last_name="Okafor", email="ines@librairie.example", phone="+33199001304"),
        grant=Grant(role=Role.MANAGER),
        shops=[],
        code="602849",
        by=owner,
        browser=BROWSER,
        now=now,
    )
    temporary = accounts.redraw_temporary_password(user=manager, now=now)
    _live_first_connection(manager.identifier, temporary, "602849", now=now)


def _invite_integrator(*, company: Company, shop: Shop, owner: User, now: datetime) -> None:
    """Somebody who has not come yet: the code is on the owner's screen, the rest in the mailbox."""
    last_day = localdate(now) + timedelta(days=90)
    shops.invite_to_shops(
        company=company,
        invitee=Invitee(first_name="Hugo", last_name="Delmas", email="hugo@atelier-web.example"),
        grant=Grant(role=Role.INTEGRATOR, ends_at=end_of_day(last_day), shops=1),
        shops=[shop],
        code="357914",
        by=owner,
        browser=BROWSER,
        now=now,
    )


def _live_first_connection(identifier: str, temporary: str, code: str, *, now: datetime) -> None:
    """Go through the doors as the person did, so that the demo's past is made of the house's own acts."""
    entered = accounts.sign_in(identifier=identifier, password=temporary, browser=BROWSER, now=now)
    if entered.step is not SignInStep.CODE_DUE or entered.user is None:
        raise RuntimeError(f"{identifier} could not enter")
    if (
        accounts.check_first_connection_code(user=entered.user, code=code, now=now, browser=BROWSER)
        is not CodeStep.RIGHT
    ):
        raise RuntimeError(f"{identifier} has another code")
    accounts.choose_password(user=entered.user, password=REGULAR_PASSWORD, now=now, browser=BROWSER)


def _keep(folder: Path, temporary: str) -> None:
    _write_privately(folder / KEPT, json.dumps({"temporary_password": temporary}).encode())


def _write_privately(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
