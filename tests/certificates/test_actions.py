"""What can be done to certificates, proofs and contracts, and what stays of it."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from certificates import actions, keys
from certificates.documents import compose
from certificates.enums import CONTRACT_MOVES, ContractState, EvidenceStep
from certificates.models import Certificate, Contract, Evidence
from certificates.rules import is_certificate
from shops.enums import Mode
from tests.certificates.factories import CertificateFactory, ContractFactory, make_ready
from tests.shops.factories import ShopFactory, member_of


@pytest.mark.django_db
def test_a_shop_receives_a_drawn_or_a_given_test_certificate(now):
    drawn = actions.issue_test_certificate(shop=ShopFactory(), now=now)
    given = actions.issue_test_certificate(shop=ShopFactory(), now=now, value="1122334455667788")

    assert is_certificate(drawn.unsealed_value())
    assert given.unsealed_value() == "1122334455667788"
    assert given.masked == "•••• •••• •••• 7788"
    assert JournalEntry.objects.filter(event="certificate.issued").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["short", "112233445566778é", "11223344 5566778", "11223344556677889"])
def test_a_value_no_shop_software_would_accept_is_refused(now, value):
    with pytest.raises(ValueError, match="16 characters"):
        actions.issue_test_certificate(shop=ShopFactory(), now=now, value=value)


@pytest.mark.django_db
def test_a_second_test_certificate_is_refused(now):
    shop = CertificateFactory().shop

    with pytest.raises(actions.AlreadyGenerated):
        actions.issue_test_certificate(shop=shop, now=now)


@pytest.mark.django_db
def test_an_incomplete_test_phase_says_what_is_missing_in_order(now):
    shop = ShopFactory()
    actions.record_evidence(shop=shop, step=EvidenceStep.REFUSED_PAYMENT, reference="r", now=now)

    with pytest.raises(actions.TestPhaseIncomplete) as refused:
        actions.generate_production_certificate(shop=shop, by=member_of(shop), now=now)

    assert refused.value.missing == (EvidenceStep.ACCEPTED_PAYMENT, EvidenceStep.ACKNOWLEDGED_NOTIFICATION)


@pytest.mark.django_db
def test_the_first_proof_of_a_step_stays(now):
    shop = ShopFactory()
    actions.record_evidence(shop=shop, step=EvidenceStep.ACCEPTED_PAYMENT, reference="first", now=now)

    actions.record_evidence(
        shop=shop, step=EvidenceStep.ACCEPTED_PAYMENT, reference="second", now=now + timedelta(hours=1)
    )

    proof = Evidence.objects.get()
    assert (proof.reference, proof.proved_at) == ("first", now)


@pytest.mark.django_db
def test_last_use_is_written_at_most_once_a_minute_and_for_its_mode_only(now, django_assert_num_queries):
    certificate = CertificateFactory()
    production = CertificateFactory(shop=certificate.shop, production=True)

    def last_use(row):
        return Certificate.objects.get(pk=row.pk).last_used_at

    keys.note_use(certificate.shop, Mode.TEST, now)
    keys.note_use(certificate.shop, Mode.TEST, now + timedelta(seconds=59))
    assert last_use(certificate) == now
    keys.note_use(certificate.shop, Mode.TEST, now + timedelta(seconds=60))
    assert last_use(certificate) == now + timedelta(seconds=60)
    assert last_use(production) is None


@pytest.mark.django_db
def test_a_contract_is_issued_once_and_its_digest_is_that_of_its_content(now):
    shop = ShopFactory()
    snapshot = compose(shop=shop, representative="Claire Beaufils", representative_role="Gérante", agreed_on=now.date())

    contract = actions.issue_contract(shop=shop, snapshot=snapshot, code="482917", now=now)

    assert Contract.objects.get().snapshot() == snapshot
    assert contract.digest == snapshot.digest()
    assert contract.number == snapshot.number
    with pytest.raises(actions.ContractAlreadyIssued):
        actions.issue_contract(shop=shop, snapshot=snapshot, code="482917", now=now)


@pytest.mark.django_db
def test_a_contract_says_what_was_agreed_whatever_changes_afterwards(settings):
    contract = ContractFactory()
    agreed = contract.snapshot()
    contract.shop.label = "Autre nom"
    contract.shop.save()
    settings.BRAND = settings.BRAND | {"bank": "Autre banque"}

    assert Contract.objects.get().snapshot() == agreed


@pytest.mark.django_db
@pytest.mark.parametrize("state", ContractState.values)
def test_a_contract_is_signed_from_the_states_the_map_allows_and_from_no_other(now, state):
    contract = ContractFactory(signed=state == ContractState.SIGNED)

    if ContractState.SIGNED in CONTRACT_MOVES[state]:
        assert actions.mark_contract_signed(contract=contract, by=None, now=now, note="Papier").signed_at == now
    else:
        with pytest.raises(IllegalMove):
            actions.mark_contract_signed(contract=contract, by=None, now=now, note="Papier")


@pytest.mark.django_db
def test_the_database_keeps_one_certificate_per_shop_and_mode():
    certificate = CertificateFactory()

    with pytest.raises(IntegrityError, match="certificate_one_per_shop_and_mode"), transaction.atomic():
        CertificateFactory(shop=certificate.shop)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_certificate_and_one_mail(now):
    shop = ShopFactory()
    make_ready(shop)
    user = member_of(shop)
    together, outcomes = threading.Barrier(4), []

    def click():
        together.wait()
        try:
            actions.generate_production_certificate(shop=shop, by=user, now=now)
            outcomes.append("made")
        except actions.AlreadyGenerated:
            outcomes.append("refused")
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert sorted(outcomes) == ["made", "refused", "refused", "refused"]
    assert Certificate.objects.filter(shop=shop, mode=Mode.PRODUCTION).count() == 1
    assert OutgoingMail.objects.count() == 1
    assert JournalEntry.objects.filter(event="certificate.generated").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_payments_that_prove_one_step_at_once_both_go_through(now):
    shop = ShopFactory()
    together, failures = threading.Barrier(3), []

    def prove(reference):
        together.wait()
        try:
            with transaction.atomic():
                actions.record_evidence(shop=shop, step=EvidenceStep.ACCEPTED_PAYMENT, reference=reference, now=now)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    payments = [threading.Thread(target=prove, args=(name,)) for name in ("a", "b", "c")]
    for one in payments:
        one.start()
    for one in payments:
        one.join()

    assert failures == []
    assert Evidence.objects.count() == 1
