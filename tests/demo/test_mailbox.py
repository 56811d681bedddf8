"""The demo's mailbox page, over files written by the real file backend."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import NoReverseMatch, reverse

from backoffice.demo import mailbox

pytestmark = pytest.mark.urls("tests.demo.mailbox_urls")


@pytest.fixture
def folder(settings, tmp_path):
    """The demo's data folder; return the folder of its e-mails."""
    engine = settings.TEMPLATES[0]
    templates = settings.BASE_DIR / "backoffice" / "demo" / "templates"
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], templates]}]
    settings.DEMO_DATA = tmp_path
    return tmp_path / "courriels"


def write(folder, *subjects, to="zoe@example.org", text="Bonjour Zoé,\n\nVotre identifiant : beaufils"):
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    messages = []
    for subject in subjects:
        message = EmailMultiAlternatives(subject, text, "Gestion de caisse <ne-pas-repondre@paiement.example>", [to])
        message.attach_alternative("<p>Version HTML</p>", "text/html")
        messages.append(message)
    connection.send_messages(messages)


def test_an_empty_mailbox_says_what_to_do(client, folder):
    page = client.get("/demo/courriels/")
    assert page.status_code == 200
    assert "Aucun courriel pour le moment" in page.content.decode()


def test_the_mailbox_lists_every_message_for_anybody_and_opens_one(client, folder):
    write(folder, "Votre identifiant", "Votre mot de passe temporaire")
    write(folder, "Été : « reçu » n° 1 & 2 <b>", to="Ñandú <nandu@example.org>")
    page = client.get(reverse("demo:mailbox")).content.decode()
    assert "Votre identifiant" in page
    assert "Votre mot de passe temporaire" in page
    assert "Été : « reçu » n° 1 &amp; 2 &lt;b&gt;" in page
    assert "nandu@example.org" in page
    *_, second, first = mailbox.newest(folder)
    assert (second.subject, first.subject) == ("Votre mot de passe temporaire", "Votre identifiant")
    shown = client.get(reverse("demo:mail", args=[first.key])).content.decode()
    assert "Bonjour Zoé," in shown
    assert "Votre identifiant : beaufils" in shown
    assert "Version HTML" not in shown


def test_the_newest_message_comes_first(folder):
    write(folder, "Premier")
    old = next(folder.iterdir())
    old.write_bytes(old.read_bytes().replace(b"Date: ", b"Date: Mon, 02 Mar 2026 08:00:00 -0000\nX-Old: "))
    write(folder, "Deuxième")
    assert [mail.subject for mail in mailbox.newest(folder)] == ["Deuxième", "Premier"]
    assert mailbox.newest(folder)[1].sent_at.isoformat() == "2026-03-02T08:00:00+00:00"


def test_hostile_text_is_shown_as_text(client, folder):
    write(folder, "Attention", text="<script>alert(1)</script> {{ 7|add:7 }}\n" + "-" * 79 + "\nfin")
    (mail,) = [mail for mail in mailbox.newest(folder) if mail.subject == "Attention"]
    shown = client.get(reverse("demo:mail", args=[mail.key])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_a_foreign_file_is_no_message_and_a_key_is_no_path(client, folder):
    folder.mkdir()
    (folder / "notes.log").write_text("Subject: secret\n\nsecret", encoding="utf-8")
    (folder.parent / "20261123-091940-1.log").write_text("Subject: secret\n\nsecret", encoding="utf-8")
    assert mailbox.newest(folder) == []
    for key in ("20261123-091940-1-0", "notes-0", "absent", "..%2f20261123-091940-1-0"):
        assert client.get(f"/demo/courriels/{key}/").status_code == 404


def test_the_mailbox_is_read_only(client, folder):
    assert client.post("/demo/courriels/").status_code == 405


def test_outside_the_demo_the_mailbox_does_not_exist(client, settings, folder):
    settings.DEMO_DATA = None
    assert client.get("/demo/courriels/").status_code == 404
    assert client.get("/demo/courriels/x/").status_code == 404


@pytest.mark.urls("backoffice.urls")
def test_outside_the_demo_the_mailbox_is_not_routed():
    with pytest.raises(NoReverseMatch):
        reverse("demo:mailbox")
