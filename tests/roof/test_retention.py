"""The nightly job applies the table, and the public page is that very table."""

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from procrastinate.contrib.django import app

from accounts.models import KeptForm
from backoffice import retention, tasks
from backoffice.core.terms import Term
from support.models import ContactRequest
from tests.accounts.factories import UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db

YEARS_AGO = timedelta(days=3000)


def page_of(client):
    return re.sub(r"[ \n]+", " ", client.get("/donnees-personnelles/").text)


def test_the_job_forgets_every_part_by_itself(now):
    ContactRequestFactory(received_at=now - YEARS_AGO)
    KeptForm.objects.create(user=UserFactory(), sealed_form="x", expires_at=now - YEARS_AGO)
    young = ContactRequestFactory()

    done = retention.apply(now=now)

    assert done.keys() == {rule.where[0] for rule in retention.rules()}
    assert {name: count for name, count in done.items() if count} == {
        "support.contactrequest": 1,
        "accounts.keptform": 1,
    }
    assert ContactRequest.objects.get() == young
    assert not any(retention.apply(now=now).values())


def test_a_part_that_fails_stops_no_other_and_shows(now, monkeypatch, caplog):
    def broken(*, now):
        raise OSError("disk")

    first, *others = retention.rules()
    monkeypatch.setattr(retention, "rules", lambda: (replace(first, forget=broken), *others))
    ContactRequestFactory(received_at=now - YEARS_AGO)

    with caplog.at_level(logging.ERROR), pytest.raises(retention.RetentionIncomplete) as refusal:
        retention.apply(now=now)

    assert refusal.value.names == [first.where[0]]
    assert not ContactRequest.objects.exists()
    assert first.where[0] in caplog.text


def test_workers_know_the_job_and_it_runs(now):
    ContactRequestFactory(received_at=now - YEARS_AGO)
    app.perform_import_paths()
    assert "house.apply_retention" in app.tasks
    tasks.apply_retention()
    assert not ContactRequest.objects.exists()


def test_the_page_shows_every_rule_with_its_term_and_every_file(client):
    page = page_of(client).replace("&#x27;", "'")
    for rule in retention.rules():
        for words in (rule.what, rule.why, rule.until):
            assert f">{words}</td>" in page
    for file in retention.FILES:
        assert f">{file.what}</td>" in page
    for figure in ("13 mois après la visite", ">30 jours<", "12 mois après la fin de l’année", ">30 minutes<"):
        assert figure.replace(" ", "\u00a0", 1) in page


def test_another_term_in_the_settings_changes_the_page_and_the_job_together(client, settings, now):
    ContactRequestFactory(received_at=now - timedelta(days=100))
    assert not any(retention.apply(now=now).values())
    settings.RETENTION = replace(settings.RETENTION, traces=Term(months=3))
    assert "3\u00a0mois après leur traitement" in page_of(client)
    assert retention.apply(now=now)["support.contactrequest"] == 1
