"""Sending a request as a browser does, and the links that follow one."""

import re

from support import links
from support.enums import Voice

TYPED = {
    "motive": "reinitialisation",
    "shop_label": "Fromagerie Beaufils",
    "siret": "73282932000074",
    "last_name": "Beaufils",
    "first_name": "Claire",
    "identifier": "personne-00000",
    "message": "Je suis bloquée depuis ce matin.",
}
TECHNICAL = {
    "motive": "technique",
    "shop_label": "Fromagerie Beaufils",
    "siret": "73282932000074",
    "last_name": "Beaufils",
    "first_name": "Claire",
    "email": "claire@fromagerie.example",
    "message": "La page reste blanche.",
}


def send(client, typed=TYPED, **changes):
    """Send a request as a browser does; the address of its follow-up page."""
    shown = client.post("/contact/", typed | changes, follow=True).text
    return re.search(r"http://127\.0\.0\.1:8000(/suivi/[\w-]{32}/)", shown)[1]


def link_to(contact, now, holder=Voice.SENDER):
    return f"/suivi/{links.issue(contact=contact, holder=holder, now=now)[1]}/"
