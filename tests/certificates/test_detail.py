"""The page of the certificates: masked values, the test phase, the reveal, the generation."""

import re

import pytest

from accounts.actions import ChangesFrozen
from accounts.models import User
from backoffice.core.models import JournalEntry, OutgoingMail
from certificates.actions import generate_production_certificate
from certificates.enums import EvidenceStep
from certificates.models import Certificate, SignatureSetting
from shops.enums import Mode
from tests.accounts.factories import UserFactory, confirm
from tests.certificates.factories import CertificateFactory, EvidenceFactory, make_ready, prove_test_phase
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
VALUE = "1122334455667788"


@pytest.fixture
def shop():
    shop = ShopFactory(site_id="12345678", label="Fromagerie en ligne")
    CertificateFactory(shop=shop, value=VALUE)
    return shop


@pytest.fixture
def member(shop):
    return member_of(shop, first_name="Claire", last_name="Beaufils")


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    confirm(client)
    return client


PAGE = "/boutiques/12345678/certificats/"
REVEAL = f"{PAGE}test/afficher/"
GENERATE = f"{PAGE}generer/"


@pytest.mark.parametrize(("method", "path"), [("get", PAGE), ("post", REVEAL), ("post", GENERATE)])
def test_a_passer_by_is_sent_to_the_sign_in_page(client, shop, method, path):
    response = getattr(client, method)(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")


@pytest.mark.parametrize(("method", "path"), [("get", PAGE), ("post", REVEAL), ("post", GENERATE)])
def test_an_advisor_never_reaches_a_certificate(client, shop, method, path):
    client.force_login(UserFactory(advisor=True))

    response = getattr(client, method)(path)

    assert response.status_code == 404
    assert VALUE not in response.content.decode()


@pytest.mark.parametrize(("method", "path"), [("get", PAGE), ("post", REVEAL), ("post", GENERATE)])
def test_the_certificates_of_somebody_else_answer_404(client, shop, method, path):
    make_ready(shop)
    client.force_login(member_of(ShopFactory()))

    assert getattr(client, method)(path).status_code == 404
    assert not Certificate.objects.filter(mode=Mode.PRODUCTION).exists()
    assert not JournalEntry.objects.filter(event="certificate.revealed").exists()


def test_the_page_shows_both_modes_side_by_side_and_no_value(signed_in):
    page = signed_in.get(PAGE).content.decode()

    assert page.index("Certificat de TEST") < page.index("Certificat de PRODUCTION")
    assert "•••• •••• •••• 7788" in page
    assert VALUE not in page
    assert "Non généré" in page
    assert page.count("HMAC-SHA-256") == 2


def test_revealing_shows_the_value_in_the_answer_only_and_tells_the_journal(signed_in, shop, member):
    response = signed_in.post(REVEAL)

    page = response.content.decode()
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert VALUE in page
    assert 'data-seconds="60"' in page
    entry = JournalEntry.objects.get(event="certificate.revealed")
    assert (entry.actor_id, entry.subject_id, entry.detail) == (member.public_id, shop.public_id, {"mode": "TEST"})
    assert VALUE not in signed_in.get(PAGE).content.decode()


def test_a_reveal_that_is_not_posted_shows_nothing(signed_in):
    response = signed_in.get(REVEAL)

    assert response.status_code == 302
    assert response["Location"] == PAGE
    assert not JournalEntry.objects.filter(event="certificate.revealed").exists()


def test_a_mode_without_a_certificate_has_nothing_to_reveal(signed_in):
    assert signed_in.post(f"{PAGE}production/afficher/").status_code == 404


def test_each_mode_reveals_its_own_certificate(signed_in, shop):
    CertificateFactory(shop=shop, production=True, value="ProductionOnly99")

    page = signed_in.post(f"{PAGE}production/afficher/").content.decode()

    assert "ProductionOnly99" in page
    assert VALUE not in page


def test_the_checklist_tells_what_is_proved_and_what_remains(signed_in, shop):
    proof = EvidenceFactory(shop=shop, step=EvidenceStep.ACCEPTED_PAYMENT)

    page = signed_in.get(PAGE).content.decode()

    assert f"/boutiques/12345678/transactions/{proof.reference}/" in page
    # Two steps, and the signed contract.
    assert page.count("À faire ·") == 3
    assert re.search(r"<button[^>]* disabled[^>]*>Générer le certificat de production</button>", page)
    assert f'action="{GENERATE}"' not in page


def test_a_proof_that_is_no_transaction_of_ours_shows_its_reference(signed_in, shop):
    EvidenceFactory(shop=shop, reference="dossier-papier-17")

    assert "référence dossier-papier-17" in signed_in.get(PAGE).content.decode()


def test_the_button_works_once_the_three_steps_are_proved(signed_in, shop, member):
    make_ready(shop)
    assert f'action="{GENERATE}"' in signed_in.get(PAGE).content.decode()

    page = signed_in.post(GENERATE, follow=True).content.decode()

    certificate = Certificate.objects.get(shop=shop, mode=Mode.PRODUCTION)
    assert "Le certificat de production est généré." in page
    assert certificate.masked in page
    assert certificate.unsealed_value() not in page
    assert certificate.created_by_label == "Claire Beaufils"
    assert f'action="{GENERATE}"' not in page
    assert JournalEntry.objects.get(event="certificate.generated").actor_id == member.public_id


@pytest.mark.parametrize("missing", list(EvidenceStep))
def test_two_steps_out_of_three_are_not_enough_even_by_hand(signed_in, shop, missing):
    for step in set(EvidenceStep) - {missing}:
        EvidenceFactory(shop=shop, step=step)

    page = signed_in.post(GENERATE, follow=True).content.decode()

    assert "La phase de test n’est pas terminée." in page
    assert missing.label[1:] in page
    assert not Certificate.objects.filter(mode=Mode.PRODUCTION).exists()
    assert not OutgoingMail.objects.exists()


def test_the_proofs_of_another_shop_prove_nothing(signed_in):
    prove_test_phase(ShopFactory())

    signed_in.post(GENERATE)

    assert not Certificate.objects.filter(mode=Mode.PRODUCTION).exists()


def test_asking_twice_keeps_the_first_certificate(signed_in, shop):
    make_ready(shop)
    signed_in.post(GENERATE)
    first = Certificate.objects.get(mode=Mode.PRODUCTION).sealed_value

    page = signed_in.post(GENERATE, follow=True).content.decode()

    assert "Le certificat de production existe déjà." in page
    assert Certificate.objects.get(mode=Mode.PRODUCTION).sealed_value == first
    assert OutgoingMail.objects.count() == 1


def test_the_company_is_told_by_mail_that_it_happened_and_not_the_value(signed_in, shop, run_jobs, mailbox):
    make_ready(shop)
    signed_in.post(GENERATE)

    run_jobs()

    (message,) = mailbox
    assert message.to == [shop.company.email]
    assert message.subject == "Certificat de production généré – Fromagerie en ligne"
    assert "par Claire Beaufils" in message.body
    assert f"{PAGE}" in message.body
    value = Certificate.objects.get(mode=Mode.PRODUCTION).unsealed_value()
    assert value not in message.message().as_string()
    assert value[-4:] not in message.body


def test_the_page_asks_at_most_ten_questions_of_the_database(signed_in, shop, django_assert_max_num_queries):
    CertificateFactory(shop=shop, production=True)
    make_ready(shop)

    with django_assert_max_num_queries(10):
        signed_in.get(PAGE)


# A frozen account


@pytest.mark.parametrize(
    ("path", "given"),
    [(REVEAL, {}), (GENERATE, {}), (f"{PAGE}test/algorithme/", {"algorithm": "SHA-1"})],
    ids=["reveal", "generate", "algorithm"],
)
def test_auth_16_a_frozen_account_does_nothing_with_certificates_and_is_told_why(
    signed_in, shop, member, now, path, given
):
    make_ready(shop)
    User.objects.filter(pk=member.pk).update(changes_frozen_at=now)

    answer = signed_in.post(path, given)

    assert answer.status_code == 409
    assert "<h1>Modifications gelées</h1>" in answer.text
    assert "Un conseiller vous rappelle sous un jour ouvré" in answer.text
    assert VALUE not in answer.text
    assert Certificate.objects.count() == 1
    assert not SignatureSetting.objects.exists()
    assert not JournalEntry.objects.filter(event__startswith="certificate.").exists()
    assert not OutgoingMail.objects.exists()


def test_a_frozen_account_is_told_before_it_is_asked_who_it_is(client, member, now):
    User.objects.filter(pk=member.pk).update(changes_frozen_at=now)
    client.force_login(member)
    assert "<h1>Modifications gelées</h1>" in client.post(REVEAL).text


def test_the_certificates_of_somebody_else_answer_404_to_a_frozen_account_too(signed_in, member, now):
    User.objects.filter(pk=member.pk).update(changes_frozen_at=now)
    other = CertificateFactory(shop__site_id="23456789").shop
    assert signed_in.post(f"/boutiques/{other.site_id}/certificats/test/afficher/").status_code == 404


def test_a_frozen_account_still_reads_the_page(signed_in, member, now):
    User.objects.filter(pk=member.pk).update(changes_frozen_at=now)
    assert signed_in.get(PAGE).status_code == 200


def test_auth_16_a_freeze_counts_whatever_the_request_had_read(shop, member, now):
    make_ready(shop)
    User.objects.filter(pk=member.pk).update(changes_frozen_at=now)
    with pytest.raises(ChangesFrozen):
        generate_production_certificate(shop=shop, by=member, now=now)
