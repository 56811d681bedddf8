"""What the two of a call about a lost code do, and what is looked at afterwards."""

import re

from accounts import codes
from backoffice.core.models import JournalEntry
from tests.support.factories import NEW_CODE

WRONG = "918273"


def desk(contact, end=""):
    return f"/conseiller/demandes/{contact.public_id}/{end}"


def call(client, contact, person, *, which="person"):
    return client.post(desk(contact, "appeler/"), {"callee": f"{person.public_id}:{which}"}, follow=True)


def recognise(client, contact, holder="sender"):
    return client.post(desk(contact, "appel/reconnaitre/"), {"page": holder}, follow=True)


def said(text):
    """The words of a page that are to be spoken."""
    return re.findall(r'<strong class="spoken">([^<]+)</strong>', text)


def is_code(person, code):
    person.refresh_from_db()
    return codes.is_right(code, owner=person.public_id, encoded=person.code_hash)


def events():
    return list(JournalEntry.objects.order_by("pk").values_list("event", flat=True))


def choose(merchant, page, code=NEW_CODE, again=None):
    return merchant.post(f"{page}nouveau-code/", {"code": code, "code_again": again or code}, follow=True)
