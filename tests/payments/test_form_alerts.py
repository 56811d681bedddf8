"""The mail about refused forms: new causes, once an hour at most, and nothing that a stranger or a buyer wrote."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from backoffice.core.models import OutgoingMail
from payments import tasks
from payments.enums import FormVerdict
from payments.form.slips import Slip
from payments.form_log import actions
from payments.models import LoggedForm
from tests.payments import wire
from tests.payments.factories import LoggedFormFactory, go_live
from tests.shops.factories import ShopFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tell(run_jobs, mailbox):
    """Tell what is due at a moment, send it, and give the mails that left then."""

    def tell_(now):
        before = len(mailbox)
        actions.tell_refused_forms(now=now)
        with time_machine.travel(now, tick=False):
            run_jobs()
        return mailbox[before:]

    return tell_


def body_of(letter):
    return letter.body.replace("\N{NO-BREAK SPACE}", " ")


def stranger(shop, **more):
    """A form that nobody signed."""
    return LoggedFormFactory(
        **{
            "shop": shop,
            "code": "00",
            "field": "signature",
            "is_proven": False,
            "diagnosis": Slip.LOOKS_NEITHER,
            "contrib": "Appelez le 0800 000 000",
        }
        | more
    )


# --- What it says ----------------------------------------------------------------------------------------------
def test_the_company_is_told_each_cause_with_its_code_its_words_how_many_and_where_to_look(shop, now, tell):
    for minutes in (50, 20, 5):
        LoggedFormFactory(shop=shop, received_at=now - timedelta(minutes=minutes), others=minutes == 50)
    LoggedFormFactory(shop=shop, code="09", field="vads_amount", received_at=now)

    (letter,) = tell(now)

    assert letter.to == [shop.company.email]
    assert letter.subject == f"Formulaires de paiement refusés – {shop.label} (TEST)"
    body = body_of(letter)
    for words in (
        f"{shop.label} ({shop.site_id}), en mode TEST",
        "04 – La date est mal formée ou trop éloignée de l’heure actuelle",
        "Champ : vads_trans_date",
        "4 formulaires, du ",
        "/faq/codes-erreur/#erreur-04",
        "09 – Le montant est absent ou mal formé",
        "Un formulaire, le ",
        "/faq/codes-erreur/#erreur-09",
        f"/boutiques/{shop.site_id}/formulaires/?mode=TEST",
    ):
        assert words in body, words
    assert body.index("04 –") < body.index("09 –")
    assert "N’importe qui" not in body
    assert OutgoingMail.objects.get().company == shop.company.public_id


def test_a_wrong_signature_whose_slip_is_known_is_told_by_that_slip(shop, now, tell):
    LoggedFormFactory(shop=shop, code="00", field="signature", diagnosis=Slip.OTHER_MODE, received_at=now)
    (letter,) = tell(now)
    assert "00 – Le formulaire est signé avec le certificat de l’autre mode" in body_of(letter)


def test_pay_07_a_clock_that_is_off_is_told_with_its_drift(shop, now, tell):
    LoggedFormFactory(shop=shop, warned=True, drift_seconds=-3720, received_at=now)
    (letter,) = tell(now)
    assert letter.subject == f"Horloge de la boutique décalée – {shop.label} (TEST)"
    assert "L’horloge de la boutique retarde de 1 h 02" in body_of(letter)
    assert "a refusé des formulaires" not in body_of(letter)


def test_warnings_stand_in_the_mail_of_the_refusals(shop, now, tell):
    LoggedFormFactory(shop=shop, warned=True, received_at=now)
    LoggedFormFactory(shop=shop, received_at=now)
    (letter,) = tell(now)
    assert "avance de 1 h 02" in body_of(letter)
    assert "a refusé des formulaires" in body_of(letter)


def test_a_production_that_no_bank_serves_is_told_without_code(shop, now, tell):
    LoggedFormFactory(shop=shop, mode="PRODUCTION", code="", field="", received_at=now)
    (letter,) = tell(now)
    assert "Les paiements de PRODUCTION ne sont pas encore ouverts" in body_of(letter)
    assert "#erreur-\n" not in body_of(letter)


def test_the_mail_holds_no_value_of_a_field_no_certificate_and_no_signature(post_form, shop, settings, now, tell):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    buyer = {"cust_last_name": "Lefèvre", "cust_email": "zoe@acheteuse.example", "cust_phone": "0612345678"}
    forms = [
        wire.form_of(shop, amount="0", **buyer),
        wire.signed(wire.fields(shop, **buyer), wire.PRODUCTION_CERTIFICATE),
        wire.fields(shop, ctx_mode="PRODUCTION", **buyer) | {"signature": "a" * 40},
    ]
    for form in forms:
        post_form(form)

    letters = tell(now + timedelta(minutes=1))

    assert len(letters) == 2
    for letter in letters:
        text = letter.body + str(letter.alternatives)
        assert not [value for value in ("Lefèvre", "acheteuse", "0612345678", "CMD-2026-1187") if value in text]
        for key in (wire.TEST_CERTIFICATE, wire.PRODUCTION_CERTIFICATE):
            assert key not in text
            expected = [wire.signature(form, key, one) for form in forms for one in ("SHA-1", "HMAC-SHA-256")]
            assert not [one for one in expected if one in text]


def test_a_stranger_writes_no_word_of_the_mail(shop, now, tell):
    stranger(shop, received_at=now)
    stranger(shop, code="99", field="vads_Votre_compte_est_bloque", diagnosis="", received_at=now)
    # The signature is the shop's; the field that broke it, and the module, may be anybody's.
    LoggedFormFactory(
        shop=shop,
        code="00",
        field="signature",
        diagnosis=Slip.FIELD_ADDED,
        diagnosis_field="vads_Votre_compte_est_bloque",
        contrib="Appelez le 0800 000 000",
        received_at=now,
    )
    (letter,) = tell(now)
    body = body_of(letter)
    assert "0800" not in body
    assert "bloque" not in body
    assert "N’importe qui peut envoyer" in body


def test_a_buyer_who_shares_out_a_signed_form_otherwise_writes_no_word_of_the_mail(post_form, shop, now, tell):
    words = "Compte suspendu, appelez le 0899 000 000"
    genuine = wire.fields(shop, cust_address=f"{words}+TEST", cust_city="<3")
    sign = wire.signature(genuine, wire.TEST_CERTIFICATE)
    address, city = genuine.pop("vads_cust_address"), genuine.pop("vads_cust_city")
    # The names are the buyer's to choose, and so is what stands under them.
    renamed = genuine | {"vads_cust_address": address, f"vads_ext_info_{words}": city}
    before = "+".join(genuine.pop(f"vads_{name}") for name in ("action_mode", "amount", "ctx_mode", "currency"))
    shifted = genuine | {"vads_a": before, "vads_contrib": words, "vads_ctx_mode": "TEST", "vads_d": city}
    for form in (renamed, shifted):
        assert wire.signature(form, wire.TEST_CERTIFICATE) == sign
        post_form(form | {"signature": sign})

    (letter,) = tell(now + timedelta(minutes=1))

    assert LoggedForm.objects.filter(is_proven=True, diagnosis="").count() == 2
    assert "0899" not in letter.body + str(letter.alternatives)
    assert "Champ : vads_ext_info_XXX" in body_of(letter)


def test_names_that_a_buyer_makes_up_are_one_cause(post_form, shop, now, tell):
    genuine = wire.fields(shop, cust_city="<3")
    sign = wire.signature(genuine, wire.TEST_CERTIFICATE)
    city = genuine.pop("vads_cust_city")
    letters = []
    for hours in range(3):
        with time_machine.travel(now + timedelta(hours=2 * hours)):
            post_form(genuine | {f"vads_ext_info_{hours}": city, "signature": sign})
        letters += tell(now + timedelta(hours=2 * hours, minutes=1))
    assert len(letters) == 1


# --- How often -------------------------------------------------------------------------------------------------
def test_a_shop_is_told_once_an_hour_at_most_and_a_cause_once_a_day(shop, now, tell):
    LoggedFormFactory(shop=shop, received_at=now)
    assert len(tell(now)) == 1
    # The same cause, and another one too soon.
    LoggedFormFactory(shop=shop, received_at=now)
    LoggedFormFactory(shop=shop, code="09", field="vads_amount", received_at=now)
    assert tell(now + timedelta(minutes=59)) == []
    (letter,) = tell(now + timedelta(minutes=61))
    assert "09 –" in body_of(letter)
    assert "04 –" in body_of(letter)
    # What was told already does not make a mail of its own, until a day is over.
    LoggedFormFactory(shop=shop, received_at=now + timedelta(hours=3))
    LoggedFormFactory(shop=shop, received_at=now + timedelta(hours=4))
    assert tell(now + timedelta(hours=5)) == []
    (letter,) = tell(now + timedelta(hours=26))
    assert "2 formulaires, du " in body_of(letter)
    assert tell(now + timedelta(hours=28)) == []


def test_each_shop_and_each_mode_has_its_own_mail_and_what_says_no_mode_goes_with_test(shop, now, tell):
    LoggedFormFactory(shop=shop, received_at=now)
    LoggedFormFactory(shop=shop, mode="", code="11", field="vads_ctx_mode", received_at=now)
    LoggedFormFactory(shop=shop, mode="PRODUCTION", received_at=now)
    other = LoggedFormFactory(received_at=now).shop

    letters = tell(now)

    assert sorted(letter.subject for letter in letters) == sorted(
        f"Formulaires de paiement refusés – {one.label} ({mode})"
        for one, mode in ((shop, "TEST"), (shop, "PRODUCTION"), (other, "TEST"))
    )
    (test,) = [letter for letter in letters if letter.subject.endswith(f"{shop.label} (TEST)")]
    assert "11 –" in body_of(test)


def test_garbage_from_strangers_makes_one_mail_a_day_whatever_it_says(shop, now, tell):
    for hour in range(20):
        at = now + timedelta(hours=hour)
        for number in range(5):
            stranger(shop, field=f"vads_{hour}_{number}", received_at=at)
        assert len(tell(at + timedelta(minutes=1))) == (hour == 0)


def test_a_slip_that_is_new_is_news_even_under_the_same_code(shop, now, tell):
    stranger(shop, received_at=now)
    tell(now)
    later = now + timedelta(hours=2)
    LoggedFormFactory(shop=shop, code="00", field="signature", diagnosis=Slip.OTHER_ALGORITHM, received_at=later)
    assert len(tell(later)) == 1


def test_a_closed_shop_is_written_no_more(now, tell):
    LoggedFormFactory(shop=ShopFactory(closed=True), code="02", received_at=now)
    assert tell(now) == []


# --- Together or not at all ------------------------------------------------------------------------------------
def test_what_was_told_is_marked_in_the_transaction_of_its_mail(shop, now, tell):
    logged = LoggedFormFactory(shop=shop, received_at=now)
    tell(now)
    logged.refresh_from_db()
    assert logged.told_at == OutgoingMail.objects.get().queued_at == now


def test_a_shop_whose_mail_cannot_be_written_keeps_nobody_waiting_and_is_tried_again(shop, now, tell, caplog):
    broken = LoggedFormFactory(received_at=now, faults=[])
    LoggedFormFactory(shop=shop, received_at=now)

    assert [letter.to for letter in tell(now)] == [[shop.company.email]]

    assert "the refused forms of a shop are not told" in caplog.text
    broken.refresh_from_db()
    assert broken.told_at is None
    broken.faults = [{"code": "04", "field": "vads_trans_date", "reason": "Trop tard."}]
    broken.save()
    assert [letter.to for letter in tell(now + timedelta(minutes=1))] == [[broken.shop.company.email]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_mail(now):
    shops = [LoggedFormFactory(received_at=now).shop for _ in range(3)]
    start = threading.Barrier(4)
    failures = []

    def work():
        try:
            start.wait()
            actions.tell_refused_forms(now=now)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failures == []
    assert sorted(mail.company for mail in OutgoingMail.objects.all()) == sorted(one.company.public_id for one in shops)


def test_the_job_runs_each_minute_by_the_real_clock(shop, run_jobs, mailbox, now):
    LoggedFormFactory(shop=shop, received_at=now)
    tasks.tell_refused_forms()
    run_jobs()
    assert len(mailbox) == 1
    assert LoggedForm.objects.untold().count() == 0


def test_nothing_to_tell_costs_one_question(now, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert actions.tell_refused_forms(now=now) == 0


def test_a_whole_refusal_reaches_the_company(post_form, shop, now, tell):
    post_form(wire.form_of(shop, amount="0"))
    (letter,) = tell(now + timedelta(minutes=1))
    assert "09 – Le montant est absent ou mal formé" in body_of(letter)
    assert LoggedForm.objects.get().verdict == FormVerdict.REFUSED
