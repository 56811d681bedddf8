"""The mail log at the desk: who sees which mail, what is told of it, and sending one again."""

from datetime import timedelta

import pytest

from backoffice.core import journal, mail
from backoffice.core.events import Event
from backoffice.core.models import JournalEntry, MailStatus, OutgoingMail
from backoffice.core.models.mail import RETRY_DELAYS, MailFault
from support import rules
from support.mail_log import PER_PAGE, visible_to
from tests.accounts.factories import AssignmentFactory, CompanyFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/conseiller/courriels/"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def member():
    return MembershipFactory(user__email="claire@fromagerie.example", user__last_name="Beaufils")


def write(member, now, *, to="", subject="Votre identifiant", **more):
    return mail.queue(
        "accounts/emails/identifier.txt",
        to=to or member.user.email,
        subject=subject,
        context={"user": member.user},
        company=member.company.public_id,
        person=member.user.public_id,
        now=now,
        **more,
    )


def sent(row, now, **more):
    row.mark_sent(at=now, **more)
    row.save()
    return row


def given_up(row, now):
    for _ in range(len(RETRY_DELAYS) + 1):
        row.postpone(error="SMTPRecipientsRefused", fault=MailFault.RECIPIENT, reply="550 5.1.1 unknown", at=now)
    row.save()
    return row


def words(response):
    return " ".join(response.text.replace("\u00a0", " ").split())


def shown(response):
    return [line.mail.subject for line in response.context["page"].lines]


def again(client, row, **form):
    return client.post(f"{URL}{row.public_id}/renvoyer/", form, follow=True)


# Who sees what


def test_anonymous_people_are_sent_to_the_sign_in_page(client):
    answer = client.get(URL)
    assert (answer.status_code, answer["Location"]) == (302, f"/connexion/?next={URL}")


def test_a_merchant_gets_the_page_that_does_not_exist(client, member, now):
    row = sent(write(member, now), now)
    client.force_login(member.user)
    assert client.get(URL).status_code == 404
    assert client.post(f"{URL}{row.public_id}/renvoyer/").status_code == 404
    assert not visible_to(member.user).exists()
    assert OutgoingMail.objects.count() == 1


def test_the_log_writes_nothing_and_a_copy_is_never_asked_by_a_link(client, advisor, member, now):
    row = sent(write(member, now), now)
    assert client.post(URL).status_code == 405
    assert client.get(f"{URL}{row.public_id}/renvoyer/").status_code == 405


def test_authz_08_the_log_and_the_desk_follow_the_advisors_companies(client, advisor, member, now):
    stranger = MembershipFactory(user__email="paul@epicerie.example")
    AssignmentFactory(company=stranger.company)
    AssignmentFactory(advisor=advisor, company=member.company)
    given_up(write(member, now, subject="Du portefeuille"), now)
    foreign = given_up(write(stranger, now, subject="D’ailleurs"), now)
    mail.queue(
        "accounts/emails/identifier.txt", to="x@y.example", subject="De personne", context={"user": advisor}, now=now
    )

    assert shown(client.get(URL)) == ["De personne", "Du portefeuille"]
    assert shown(client.get(URL, {"societe": stranger.company.legal_name})) == []
    assert shown(client.get(URL, {"personne": stranger.user.identifier})) == []
    desk = client.get("/conseiller/").text
    assert "c•••@fromagerie.example" in desk
    assert "epicerie" not in desk

    assert client.post(f"{URL}{foreign.public_id}/renvoyer/").status_code == 404
    assert client.post(f"{URL}{NOBODY}/renvoyer/").status_code == 404
    assert OutgoingMail.objects.count() == 3


# What is told


def test_a_mail_that_was_taken_says_by_whom_and_when(client, advisor, member, now):
    sent(write(member, now), now, server="smtp.banque.example", reply="250 2.0.0 Ok: queued as 4F1C2")
    page = words(client.get(URL))
    assert "c•••@fromagerie.example" in page
    assert "claire@" not in page
    assert "Votre identifiant" in page
    assert "Claire Beaufils" in page
    assert member.company.legal_name in page
    assert "Envoyé" in page
    assert "par smtp.banque.example</span>" in page
    assert "250 2.0.0 Ok: queued as 4F1C2" in page


def test_a_mail_that_was_given_up_says_why_after_how_many_tries(client, advisor, member, now):
    given_up(write(member, now), now)
    page = words(client.get(URL))
    for told in ("Abandonné", "Adresse refusée par le serveur", "6 essais", "550 5.1.1 unknown"):
        assert told in page
    assert "le prochain" not in page


def test_a_mail_that_is_tried_again_says_when(client, advisor, member, now):
    row = write(member, now)
    row.postpone(error="TimeoutError", fault=MailFault.SILENT, at=now)
    row.save()
    page = words(client.get(URL))
    for told in ("Refusé</span>", "Serveur d’envoi sans réponse", "1 essai, le prochain"):
        assert told in page


def test_out_06_what_a_mail_server_says_is_escaped(client, advisor, member, now):
    sent(write(member, now), now, server="<b>x</b>", reply="250 <script>alert(1)</script>")
    page = client.get(URL).text
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_an_empty_log_says_what_will_come(client, advisor):
    assert "Aucun e-mail n’a encore été écrit." in words(client.get(URL))


def test_the_desk_leads_to_the_mails_in_trouble(client, advisor, member, now):
    given_up(write(member, now, subject="Perdu"), now)
    sent(write(member, now, subject="Parti"), now)
    assert 'href="/conseiller/courriels/?etat=difficulte"' in client.get("/conseiller/").text
    assert shown(client.get(URL, {"etat": "difficulte"})) == ["Perdu"]


# Narrowing


@pytest.mark.parametrize(
    ("fate", "expected"),
    [
        ("", ["d", "c", "b", "a"]),
        ("attente", ["b", "a"]),
        ("envoyes", ["c"]),
        ("difficulte", ["d", "b"]),
        ("abandonnes", ["d"]),
        ("inconnu", ["d", "c", "b", "a"]),
    ],
)
def test_the_log_is_narrowed_by_what_became_of_each_mail(client, advisor, member, now, fate, expected):
    write(member, now, subject="a")
    refused = write(member, now, subject="b")
    refused.postpone(error="TimeoutError", fault=MailFault.SILENT, at=now)
    refused.save()
    sent(write(member, now, subject="c"), now)
    given_up(write(member, now, subject="d"), now)
    answer = client.get(URL, {"etat": fate})
    assert shown(answer) == expected
    assert ("Choisissez une valeur de la liste." in answer.text) is (fate == "inconnu")


@pytest.mark.parametrize("by", ["legal_name", "siret"])
def test_the_log_is_narrowed_by_company(client, advisor, member, now, by):
    write(member, now, subject="le sien")
    write(MembershipFactory(company=CompanyFactory(legal_name="Autre", siret="55208131766522")), now, subject="autre")
    assert shown(client.get(URL, {"societe": getattr(member.company, by)})) == ["le sien"]


@pytest.mark.parametrize("typed", ["CLAIRE@fromagerie.example ", "identifier"])
def test_the_log_is_narrowed_by_a_person_known_by_identifier_or_address(client, advisor, member, now, typed):
    write(member, now, subject="le sien")
    write(MembershipFactory(), now, subject="autre")
    typed = member.user.identifier.upper() if typed == "identifier" else typed
    assert shown(client.get(URL, {"personne": typed})) == ["le sien"]
    assert shown(client.get(URL, {"personne": "claire"})) == []


def test_the_log_is_narrowed_by_period_both_days_included(client, advisor, member, now):
    for days in (3, 2, 1):
        write(member, now - timedelta(days=days), subject=str(days))
    day = (now - timedelta(days=2)).astimezone().date().isoformat()
    assert shown(client.get(URL, {"du": day, "au": day})) == ["2"]


def test_a_period_turned_round_is_told_in_words(client, advisor):
    assert "La seconde date est avant la première." in client.get(URL, {"du": "2026-02-02", "au": "2026-01-01"}).text


@pytest.mark.parametrize("name", ["etat", "societe", "personne", "du", "au", "avant", "apres"])
@pytest.mark.parametrize("value", ["\x00", "' OR 1=1 --", "x" * 5000, "é%_"])
def test_nothing_typed_breaks_the_log(client, advisor, member, now, name, value):
    write(member, now)
    assert client.get(URL, {name: value}).status_code == 200


def test_mails_come_newest_first_and_pages_lose_none(client, advisor, member, now):
    for number in range(2 * PER_PAGE + 3):
        # Several at the very same moment: the order stays total.
        write(member, now - timedelta(minutes=number // 3), subject=f"n{number:03d}")
    expected = list(OutgoingMail.objects.newest_first().values_list("subject", flat=True))
    first = client.get(URL, {"etat": "attente"})
    second = client.get(first.context["older_url"])
    third = client.get(second.context["older_url"])
    assert shown(first) + shown(second) + shown(third) == expected
    assert "etat=attente" in first.context["older_url"]
    assert first.context["newer_url"] == third.context["older_url"] == ""
    assert shown(client.get(third.context["newer_url"])) == shown(second)


def test_a_page_costs_the_same_however_many_mails(client, advisor, member, now, django_assert_max_num_queries):
    client.get(URL)  # renews the session, once a minute
    for _ in range(PER_PAGE + 2):
        sent(write(MembershipFactory(), now), now)
    with django_assert_max_num_queries(5):
        client.get(URL)


# Sending again


def test_an_advisor_sends_a_mail_again_and_the_journal_knows(client, advisor, member, mailbox, run_jobs, now):
    row = write(member, now)
    run_jobs()

    answer = again(client, row, retour=f"{URL}?etat=envoyes")

    assert answer.redirect_chain == [(f"{URL}?etat=envoyes", 302)]
    assert "L’e-mail repart à c•••@fromagerie.example." in answer.text
    run_jobs()
    first, second = mailbox
    assert (second.to, second.body) == (first.to, first.body)
    copy = OutgoingMail.objects.get(original=row)
    assert (copy.status, copy.person, copy.company) == (MailStatus.SENT, row.person, row.company)
    entry = JournalEntry.objects.get(event=Event.MAIL_SENT_AGAIN)
    assert (entry.company, entry.actor_id, entry.subject_id) == (row.company, advisor.public_id, row.public_id)
    assert journal.personal_text(entry)["subject"] == "e-mail « Votre identifiant » à c•••@fromagerie.example"
    assert "Renvoi demandé au guichet" in client.get(URL).text


def test_a_given_up_mail_can_be_sent_again(client, advisor, member, mailbox, run_jobs, now):
    row = given_up(write(member, now), now)
    again(client, row)
    run_jobs()
    assert len(mailbox) == 1
    row.refresh_from_db()
    assert row.status == MailStatus.FAILED


@pytest.mark.parametrize("why", ["secret", "queued", "forgotten", "altered"])
def test_rst_08_what_is_secret_still_tried_or_no_longer_kept_does_not_leave_again(client, advisor, member, now, why):
    row = write(member, now, is_secret=why == "secret")
    if why != "queued":
        sent(row, now)
    if why in {"forgotten", "altered"}:
        OutgoingMail.objects.filter(pk=row.pk).update(sealed_message="" if why == "forgotten" else "v1.public.AAAA")
    if why != "altered":
        assert "Renvoyer" not in client.get(URL).text
    assert "Rien n’est parti" in again(client, row).text
    assert OutgoingMail.objects.count() == 1
    assert not JournalEntry.objects.exists()


def test_a_mail_whose_address_is_no_longer_on_file_does_not_leave_again(client, advisor, member, now):
    row = sent(write(member, now, to="ancienne@fromagerie.example"), now)
    assert "cette adresse n’est plus celle du dossier" in again(client, row).text
    assert OutgoingMail.objects.count() == 1


def test_a_mail_and_its_copies_leave_three_times_a_day_together(client, advisor, member, mailbox, run_jobs, now):
    row = write(member, now)
    run_jobs()
    for _ in range(rules.COPIES_A_DAY):
        # Of the latest copy each time: the count is the first one's.
        answer = again(client, OutgoingMail.objects.newest_first().first())
        assert "repart" in answer.text
        run_jobs()
    assert "a déjà été renvoyé 3 fois en un jour" in again(client, row).text
    assert len(mailbox) == 1 + rules.COPIES_A_DAY

    OutgoingMail.objects.filter(original=row).update(queued_at=now - timedelta(hours=25))
    assert "repart" in again(client, row).text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/conseiller/", "javascript:1", ""])
def test_sending_again_leads_back_to_the_log_and_nowhere_else(client, advisor, member, now, elsewhere):
    row = sent(write(member, now), now)
    assert again(client, row, retour=elsewhere).redirect_chain == [(URL, 302)]
