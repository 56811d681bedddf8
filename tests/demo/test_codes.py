"""The demo's page of codes: everybody's application, for whoever has no telephone at hand."""

import pytest
from django.urls import NoReverseMatch, reverse

from accounts.models import TotpDevice
from backoffice.demo import codes
from tests.accounts.factories import TotpDeviceFactory, UserFactory, one_time_code

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.demo.mailbox_urls")]


@pytest.fixture
def page(client, settings, tmp_path):
    engine = settings.TEMPLATES[0]
    templates = settings.BASE_DIR / "backoffice" / "demo" / "templates"
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], templates]}]
    settings.DEMO_DATA = tmp_path
    return lambda: client.get("/demo/codes/")


def test_without_anybody_it_says_where_a_factor_comes_from(page):
    assert "Personne n’a encore de second facteur" in page().text


def test_it_shows_everybody_s_code_of_the_moment_confirmed_or_not(page, now):
    UserFactory(advisor=True, identifier="ferrand")
    TotpDeviceFactory(user=UserFactory(identifier="vernet"), pending=True)
    shown = page().text
    assert "ferrand" in shown
    assert "vernet" in shown
    assert "À confirmer" in shown
    assert any(shown.count(f"<code>{one_time_code(now, steps=steps)}</code>") == 2 for steps in (0, 1))


def test_a_code_that_was_used_gives_way_to_the_next_and_then_to_none(now):
    UserFactory(advisor=True)
    factor = TotpDevice.objects.get()
    used = [codes.usable_code(factor, now=now)]
    while used[-1]:
        assert factor.accept(used[-1], at=now)
        used.append(codes.usable_code(factor, now=now))
    assert used == [one_time_code(now), one_time_code(now, steps=1), ""]


def test_outside_the_demo_the_page_does_not_exist(page, client, settings):
    settings.DEMO_DATA = None
    assert page().status_code == 404


@pytest.mark.urls("backoffice.urls")
def test_outside_the_demo_the_page_is_not_routed():
    with pytest.raises(NoReverseMatch):
        reverse("demo:codes")
