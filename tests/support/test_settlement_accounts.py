"""Another settlement account: typed from paper by one advisor, approved by a second, whole on the avenant alone."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from certificates.documents import amendment_pdf
from certificates.enums import AmendmentKind
from certificates.models import Amendment, Contract
from support import actions
from support.enums import ProposalKind, ProposalState, RequestStatus
from support.models import ContactRequest, Proposal
from tests.accounts.factories import BROWSER, AssignmentFactory, UserFactory
from tests.certificates.factories import ContractFactory
from tests.shops.factories import ShopFactory, member_of
from tests.support.factories import ContactRequestFactory, ProposalFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
NEW_IBAN = "DE89370400440532013000"


@pytest.fixture
def contract():
    shop = ShopFactory(site_id="12345678", label="Fromagerie en ligne")
    return ContractFactory(shop=shop, signed=True, issued_at=timezone.now() - timedelta(days=9))


@pytest.fixture
def owner(contract):
    return member_of(contract.shop, role=Role.OWNER)


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True, last_name="Ferrand")
    client.force_login(user)
    return user


@pytest.fixture
def contact(contract, owner, advisor):
    return ContactRequestFactory(technical=True, taken=True, owner=advisor, siret=contract.shop.company.siret)


@pytest.fixture
def page(contract):
    return f"/conseiller/societes/{contract.shop.company.public_id}/contrats/{contract.number}/compte/"


def typed(client, page, contact, iban=NEW_IBAN, **more):
    return client.post(page, {"contact": contact.public_id, "iban": iban}, **more)


def approve(client, proposal, by=None):
    client.force_login(by or UserFactory(advisor=True, last_name="Castaing"))
    return client.post(f"/conseiller/approbations/{proposal.public_id}/approuver/", follow=True).text


def everything_kept():
    """Every row of every table of ours, as text."""
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label != "sessions"]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM \"{table}\" t")
            yield table, cursor.fetchone()[0]


def test_a_passer_by_is_led_to_the_door(client, page):
    assert client.get(page)["Location"].startswith("/connexion/")


def test_neither_a_merchant_nor_an_advisor_of_other_portfolios_finds_it(client, page, contract, owner, contact):
    AssignmentFactory(company=contract.shop.company)
    for stranger in (owner, UserFactory(advisor=True)):
        client.force_login(stranger)
        assert client.get(page).status_code == 404
        assert typed(client, page, contact).status_code == 404
    assert not Proposal.objects.exists()


def test_a_contract_of_another_company_is_not_found(client, advisor, contract):
    other = ContractFactory()
    path = f"/conseiller/societes/{contract.shop.company.public_id}/contrats/{other.number}/compte/"
    assert client.get(path).status_code == 404


def test_without_a_request_of_the_merchant_in_hand_the_page_says_what_to_do_first(client, page, advisor, contract):
    ContactRequestFactory(technical=True, siret=contract.shop.company.siret)
    ContactRequestFactory(taken=True, owner=advisor, siret=contract.shop.company.siret)
    shown = client.get(page).text
    assert "Prenez d’abord en charge" in shown
    assert 'name="iban"' not in shown


def test_what_one_advisor_types_waits_sealed_and_its_owner_is_told(
    client, page, advisor, contact, owner, run_jobs, mailbox
):
    answer = typed(client, page, contact, iban="de89 3704 0044 0532 0130 00", follow=True)
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.person, proposal.iban_last_four) == (ProposalKind.SETTLEMENT_ACCOUNT, owner, "3000")
    assert proposal.iban() == NEW_IBAN
    assert "se termine par" in answer.text
    assert "3000" in answer.text
    assert NEW_IBAN not in answer.text
    assert not Amendment.objects.exists()
    run_jobs()
    [told] = [mail for mail in mailbox if "compte de règlement" in mail.subject]
    assert told.to == [owner.email]
    assert "se terminant par 3000" in told.body
    assert NEW_IBAN not in told.body
    assert [table for table, kept in everything_kept() if NEW_IBAN in kept] == []


def test_a_second_advisor_s_yes_puts_it_on_an_avenant_and_closes_the_request(
    client, page, advisor, contact, contract, owner, run_jobs, mailbox
):
    typed(client, page, contact)
    proposal = Proposal.objects.get()
    assert "approuvée, et faite" in approve(client, proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.sealed_iban) == (ProposalState.APPROVED, "")
    made = Amendment.objects.get()
    assert (made.kind, made.snapshot().subject) == (AmendmentKind.SETTLEMENT_ACCOUNT, contract.number)
    text = " ".join("".join(one.extract_text() for one in pypdf.PdfReader(BytesIO(amendment_pdf(made))).pages).split())
    for words in ("DE89 3704 0044 0532 0130 00", contract.number, "Pour l’accepteur", owner.full_name, "Page 1/1"):
        assert words in text.replace("\xa0", " "), words
    contact.refresh_from_db()
    assert contact.status == RequestStatus.TREATED
    assert made.number in contact.closing_words
    run_jobs()
    assert any("Votre compte de règlement est changé" in mail.subject for mail in mailbox)
    assert [table for table, kept in everything_kept() if NEW_IBAN in kept] == []


def test_authz_06_whoever_may_approve_reads_the_whole_account_and_nobody_after(client, page, advisor, contact):
    whole = "DE89 3704 0044 0532 0130 00"
    typed(client, page, contact)
    proposal = Proposal.objects.get()
    address = f"/conseiller/approbations/{proposal.public_id}/"
    assert whole not in client.get(address).text.replace("\xa0", " ")
    client.force_login(UserFactory(advisor=True))
    shown = client.get(address)
    assert whole in shown.text.replace("\xa0", " ")
    assert "no-store" in shown["Cache-Control"]
    approve(client, proposal)
    assert whole not in client.get(address).text.replace("\xa0", " ")


def test_authz_06_whoever_typed_it_does_not_approve_it(client, page, advisor, contact):
    typed(client, page, contact)
    assert "Rien n’a changé" in approve(client, Proposal.objects.get(), by=advisor)
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("changed", ["person", "contract", "request"])
def test_authz_06_a_file_that_changed_meanwhile_voids_it(client, page, advisor, contact, contract, owner, changed):
    typed(client, page, contact)
    if changed == "person":
        User.objects.filter(pk=owner.pk).update(email="autre@fromagerie.example")
    elif changed == "contract":
        type(contract).objects.update(digest="0" * 64)
    else:
        ContactRequest.objects.update(last_name="Autre")
    assert "annulée" in approve(client, Proposal.objects.get())
    assert (Proposal.objects.get().state, Proposal.objects.get().sealed_iban) == (ProposalState.VOIDED, "")
    assert not Amendment.objects.exists()


def test_a_rejected_account_is_forgotten_and_the_owner_is_told(client, run_jobs, mailbox):
    proposal = ProposalFactory(account=True)
    client.force_login(UserFactory(advisor=True))
    client.post(f"/conseiller/approbations/{proposal.public_id}/ecarter/", {"words": "RIB illisible."})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.sealed_iban) == (ProposalState.REJECTED, "")
    run_jobs()
    assert [mail.subject for mail in mailbox] == ["Votre compte de règlement n’est pas changé"]


def test_after_a_day_nothing_is_left_of_it(client):
    proposal = ProposalFactory(account=True)
    actions.lapse_proposals(now=timezone.now() + timedelta(hours=25))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.sealed_iban) == (ProposalState.LAPSED, "")


@pytest.mark.parametrize("iban", ["", "FR00", "DE89370400440532013001", "<script>", "1" * 70])
def test_what_is_no_account_is_refused_in_words(client, page, advisor, contact, iban):
    answer = typed(client, page, contact, iban=iban)
    assert answer.status_code == 200
    assert "IBAN" in answer.text
    assert not Proposal.objects.exists()


def test_a_request_of_another_company_opens_nothing(client, page, advisor, contact):
    other = ContactRequestFactory(technical=True, taken=True, owner=advisor, siret=ShopFactory().company.siret)
    assert "Choisissez une demande de la liste." in typed(client, page, other).text
    assert not Proposal.objects.exists()


def test_a_frozen_owner_s_account_changes_nothing(client, page, advisor, contact, owner):
    User.objects.filter(pk=owner.pk).update(changes_frozen_at=timezone.now())
    assert "gelé" in typed(client, page, contact, follow=True).text
    assert not Proposal.objects.exists()


def test_every_owner_hears_of_it_and_nobody_else(client, page, advisor, contact, contract, owner, run_jobs, mailbox):
    other = member_of(contract.shop, role=Role.OWNER)
    member_of(contract.shop, role=Role.MANAGER)
    typed(client, page, contact)
    approve(client, Proposal.objects.get())
    run_jobs()
    for subject in ("Un nouveau compte de règlement attend son approbation", "Votre compte de règlement est changé"):
        assert {mail.to[0] for mail in mailbox if mail.subject == subject} == {owner.email, other.email}


def test_authz_06_owners_who_came_or_went_meanwhile_void_it(client, page, advisor, contact, contract, owner):
    typed(client, page, contact)
    member_of(contract.shop, role=Role.OWNER)
    assert "annulée" in approve(client, Proposal.objects.get())
    assert not Amendment.objects.exists()


def test_another_shop_of_the_same_owner_waits_its_turn(client, page, advisor, contact, contract, owner):
    company = contract.shop.company
    second = ContractFactory(shop=ShopFactory(company=company), signed=True)
    typed(client, page, contact)
    other = f"/conseiller/societes/{company.public_id}/contrats/{second.number}/compte/"
    assert "attend déjà son approbation" in typed(client, other, contact, follow=True).text
    kept = Proposal.objects.get()
    assert (kept.contract, kept.state) == (contract, ProposalState.PENDING)


def test_a_shop_opened_later_is_settled_on_the_account_in_force(client, page, advisor, contact, contract, owner):
    typed(client, page, contact)
    approve(client, Proposal.objects.get())
    asked = RegistrationFactory(second_shop=True, company=contract.shop.company, asked_by=owner, sealed_iban="")
    actions.accept_registration(registration=asked, by=advisor, browser=BROWSER, now=timezone.now())
    assert Contract.objects.exclude(pk=contract.pk).get().snapshot().iban == NEW_IBAN
