"""The frozen snapshot and the conditions it carries: pure text, read back exactly."""

import dataclasses
import re
from datetime import date

from certificates import conditions
from certificates.snapshot import Snapshot

SNAPSHOT = Snapshot(
    number="4827163",
    agreed_on=date(2026, 11, 23),
    bank="Banque Exemple",
    bank_address="1 place du Marché, 75000 Paris",
    bank_phone="01 99 00 12 34",
    offer="Paiement en ligne",
    company="Fromagerie Beaufils",
    siret="73282932000074",
    company_email="contact@fromagerie.example",
    company_phone="01 99 00 12 34",
    representative="Claire Beaufils",
    representative_role="Gérante",
    shop="Fromagerie « en ligne » 🧀",
    shop_url="https://fromagerie.example",
    site_id="12345678",
    conditions_version=conditions.VERSION,
    chapters=conditions.CHAPTERS,
)


def test_a_snapshot_reads_back_exactly():
    assert Snapshot.from_json(SNAPSHOT.to_json()) == SNAPSHOT


def test_the_digest_changes_with_every_single_field():
    for field in dataclasses.fields(Snapshot):
        changed = {"agreed_on": date(2026, 11, 24), "chapters": ()}.get(field.name, "autre")

        assert dataclasses.replace(SNAPSHOT, **{field.name: changed}).digest() != SNAPSHOT.digest(), field.name


def test_the_siret_is_grouped_as_people_write_it():
    assert SNAPSHOT.grouped_siret == "732 829 320 00074".replace(" ", "\N{NO-BREAK SPACE}")


def test_the_conditions_follow_the_usual_headings_and_french_typography():
    assert [len(chapter.articles) for chapter in conditions.CHAPTERS] == [12, 7, 6]
    paragraphs = [
        text for chapter in conditions.CHAPTERS for article in chapter.articles for text in article.paragraphs
    ]
    for text in paragraphs:
        assert not re.search(r"(?<!\u00a0)[;:?»]|«(?!\u00a0)|!|'|veuillez", text), text
