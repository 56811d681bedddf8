"""The pieces of the `ui` tags say what they show: escaped, named, usable without scripts, readable in French."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

from tests.house.source import PACKAGES, ROOT

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def drawn(source: str, **context: object) -> str:
    html = Template("{% load ui %}" + source).render(Context(context))
    return re.sub(r"[ \n]+", " ", html).strip(" ")


class AddressForm(forms.Form):
    url = forms.CharField(label="URL serveur")
    note = forms.CharField(label="Remarque", required=False)


# --- What is written by people is never markup -----------------------------------------------------------------
@pytest.mark.parametrize(
    "source",
    [
        "{% badge 'ok' value %}",
        "{% copyable value label=value %}",
        "{% wire_view value label=value %}",
        "{% code_view value label=value %}",
        "{% page_header title=value lead=value %}{% endpage_header %}",
        "{% card title=value %}{{ value }}{% endcard %}",
        "{% question value value words=value %}{{ value }}{% endquestion %}",
        "{% help_link 'support:faq' value value %}",
        "{% callout 'danger' value %}{{ value }}{% endcallout %}",
        "{% empty_state value %}{{ value }}{% endempty_state %}",
        "{% definitions %}{% definition value %}{{ value }}{% enddefinition %}{% enddefinitions %}",
        "{% checklist_row True value %}{{ value }}{% endchecklist_row %}",
        "{% timeline_item None 'ok' value %}{{ value }}{% endtimeline_item %}",
        "{% secret masked=value value=value reveal_url=value hide_url=value label=value %}",
        "{% confirm 'x' value value value %}{{ value }}{% endconfirm %}",
        "{% strength_meter value %}",
        "{% pagination value value %}",
        "{{ value|breakable }}",
    ],
)
def test_a_value_that_looks_like_markup_is_shown_as_text(source):
    html = drawn(source, value="\"><script>alert('x')</script>", csrf_token="t" * 64)
    assert "<script" not in html
    assert "&lt;scr" in html


def test_what_stands_between_two_tags_stays_markup():
    html = drawn("{% card title='Un' %}<p>{% badge 'ok' 'Signé' %}</p>{% endcard %}")
    assert re.search(r'<section class="card">.*<h2>Un</h2>.*<p><span class="badge tone-ok">', html)


def test_a_page_header_without_action_leaves_no_empty_slot():
    assert "page-action" not in drawn("{% page_header title='Boutique' %} {% endpage_header %}")


def test_a_long_name_may_break_after_its_underscores():
    assert drawn("{{ 'CAPTURE_FAILED'|breakable }}") == "CAPTURE_<wbr>FAILED"


def test_help_in_a_page_header_leads_to_one_answer_and_names_it():
    html = drawn("{% help_link 'support:faq' 'compte-bloque' 'Mon compte est bloqué' %}")
    assert '<a class="help-link" href="/faq/#compte-bloque">' in html
    assert 'Aide<span class="visually-hidden">\u00a0: Mon compte est bloqué</span>' in html


def test_a_question_carries_the_words_people_may_use_instead():
    html = drawn("{% question 'e-mails' 'Les e-mails' words='spam' %}<p>Ici.</p>{% endquestion %}")
    assert '<section class="question" id="e-mails" data-words="spam">' in html
    assert "data-words" not in drawn("{% question 'e-mails' 'Les e-mails' %}<p>Ici.</p>{% endquestion %}")


@pytest.mark.parametrize("tone", ["ok", "attention", "danger", "neutral", "information", "test"])
def test_a_badge_has_an_icon_and_a_word(tone):
    html = drawn(f"{{% badge '{tone}' 'Mot' %}}")
    assert "<use href=" in html
    assert "Mot</span>" in html


# --- Secrets ---------------------------------------------------------------------------------------------------
def test_a_masked_secret_is_revealed_by_a_post_only():
    html = drawn("{% secret masked='•••• 7788' reveal_url='/r/' %}", csrf_token="t" * 64)
    assert '<form method="post" action="/r/"' in html
    assert "csrfmiddlewaretoken" in html
    assert "data-copy" not in html
    assert "Afficher" in html


def test_a_shown_secret_counts_down_and_keeps_a_way_to_hide_it_without_scripts():
    html = drawn("{% secret masked='•••• 7788' value='1122334455667788' reveal_url='/r/' hide_url='/c/' %}")
    assert 'data-seconds="60"' in html
    assert '<a class="btn btn-quiet" href="/c/" data-secret-hide>' in html
    assert re.search(r'<form method="post" action="/r/"[^>]* hidden>', html)


# --- Lists and confirmations -----------------------------------------------------------------------------------
def test_a_checklist_row_says_in_words_whether_it_is_done():
    assert "Fait :" in drawn("{% checklist_row True 'Paiement accepté' %}{% endchecklist_row %}")
    assert "À faire :" in drawn("{% checklist_row False 'Paiement accepté' %}{% endchecklist_row %}")


def test_pagination_shows_the_sides_that_exist():
    assert drawn("{% pagination '' '' %}") == ""
    only_older = drawn("{% pagination '' '/a' %}")
    assert "Plus anciennes" in only_older
    assert "Plus récentes" not in only_older


def test_a_confirmation_posts_with_its_consequence_in_words():
    html = drawn(
        "{% confirm 'gen' 'Générer' '/g/' 'Générer le certificat' %}<p>Une seule fois.</p>{% endconfirm %}",
        csrf_token="t" * 64,
    )
    assert '<dialog id="gen" class="dialog" aria-labelledby="gen-title">' in html
    assert "<p>Une seule fois.</p>" in html
    assert '<form method="post" action="/g/"' in html
    assert html.count("Générer le certificat</button>") == 2


# --- Forms -----------------------------------------------------------------------------------------------------
def test_a_form_without_fault_has_no_summary():
    assert drawn("{% form_errors form %}", form=AddressForm()) == ""
    assert drawn("{% form_errors form %}", form=AddressForm({"url": "x"})) == ""


def test_the_summary_links_each_error_to_its_field_and_tells_the_general_ones():
    form = AddressForm({})
    form.add_error(None, "Cette boutique est fermée.")
    html = drawn("{% form_errors form %}", form=form)
    assert 'role="alert"' in html
    assert "2 points sont à corriger" in html
    assert "<li>Cette boutique est fermée.</li>" in html
    assert '<a href="#id_url">URL serveur</a> : Ce champ est obligatoire.' in html


def test_a_form_drawn_by_crispy_says_its_general_errors_once():
    form = AddressForm({"url": "x"})
    form.add_error(None, "Cette boutique est fermée.")
    html = drawn("{% load crispy_forms_tags %}{% form_errors form %}{{ form|crispy }}", form=form)
    assert html.count("Cette boutique est fermée.") == 1


def test_every_page_that_draws_a_whole_form_sums_up_its_errors():
    for package in PACKAGES:
        for path in Path(ROOT / package).rglob("templates/**/*.html"):
            text = path.read_text("utf-8")
            if "|crispy" in text:
                assert "{% form_errors " in text, path


def test_the_meter_is_announced_and_draws_the_servers_own_judgement():
    html = drawn("{% strength_meter 'id_p' 'medium' reasons %}", reasons=["Ajoutez un mot sans rapport."])
    assert 'data-meter-for="id_p" data-level="medium"' in html
    assert '<p class="visually-hidden" role="status" aria-live="polite" data-meter-spoken></p>' in html
    assert "<span data-meter-word>Sécurité moyenne</span>" in html
    assert "<li>Ajoutez un mot sans rapport.</li>" in html


# --- Figures ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cents", "currency", "words"),
    [
        (1250, "978", "12,50\N{NO-BREAK SPACE}€"),
        (5, "978", "0,05\N{NO-BREAK SPACE}€"),
        (0, "978", "0,00\N{NO-BREAK SPACE}€"),
        (3140620, "978", "31\N{NO-BREAK SPACE}406,20\N{NO-BREAK SPACE}€"),
        (-1250, "978", "\N{MINUS SIGN}12,50\N{NO-BREAK SPACE}€"),
        (5000, "953", "5\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}F CFP"),
        (12345, "788", "12,345\N{NO-BREAK SPACE}TND"),
    ],
)
def test_an_amount_reads_in_french(cents, currency, words):
    assert drawn("{{ cents|amount:currency }}", cents=cents, currency=currency) == words


def test_an_amount_takes_a_currency_of_the_wire_as_well():
    assert drawn("{{ cents|amount:currency }}", cents=1250, currency=settings.CURRENCIES["392"]).startswith(
        "1\N{NO-BREAK SPACE}250"
    )


def test_a_sentence_is_filled_with_escaped_values_and_nothing_else():
    source = "{% load ui %}{% fill sentence shop=shop n=3 %}"
    words = Template(source).render(Context({"sentence": "{shop}, {n} : {other} {0}", "shop": "{n} <b>"}))
    assert words == "{n} &lt;b&gt;, 3 : {other} {0}"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "€1,250.00"),
        ("de", "1.250,00\N{NO-BREAK SPACE}€"),
        ("es", "1\N{NO-BREAK SPACE}250,00\N{NO-BREAK SPACE}€"),
        ("it", "1.250,00\N{NO-BREAK SPACE}€"),
        ("nl", "€\N{NO-BREAK SPACE}1.250,00"),
        ("pt", "1\N{NO-BREAK SPACE}250,00\N{NO-BREAK SPACE}€"),
    ],
)
def test_an_amount_reads_in_the_language_of_a_buyers_page(language, words):
    with translation.override(language):
        assert drawn("{{ 125000|amount:'978' }}") == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "à l’instant"),
        (timedelta(minutes=12), "il y a 12 min"),
        (timedelta(hours=3, minutes=59), "il y a 3 h"),
        (timedelta(minutes=-15), "dans 15 min"),
        (timedelta(days=3), "20 nov., 12:00"),
        (timedelta(days=365), "23 nov. 2025, 12:00"),
    ],
)
def test_a_moment_is_relative_under_a_day_and_dated_in_paris_after(ago, words):
    with time_machine.travel(NOON, tick=False):
        html = Template("{% load ui %}{{ at|moment }}").render(Context({"at": timezone.now() - ago}))
    assert f">{words}</time>" in html.replace("\N{NO-BREAK SPACE}", " ")


def test_a_moment_takes_its_article_in_a_sentence():
    with time_machine.travel(NOON, tick=False):
        html = drawn("{{ old|moment:'le' }} {{ recent|moment:'le' }}", old=NOON - timedelta(3), recent=NOON)
    assert ">le 20 nov. à 12:00</time>" in html.replace("\N{NO-BREAK SPACE}", " ")
    assert ">à l’instant</time>" in html


def test_a_moment_says_its_zone_on_hover():
    with time_machine.travel(NOON, tick=False):
        html = drawn("{{ at|moment }}", at=NOON)
        summer = drawn("{{ at|moment }}", at=datetime(2026, 7, 1, 10, 0, tzinfo=UTC))
    assert 'datetime="2026-11-23T12:00:00+01:00" title="23 novembre 2026, 12:00:00 (heure de Paris, UTC+1)"' in html
    assert "12:00:00 (heure de Paris, UTC+2)" in summer


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=59), "moins d’une minute"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(hours=24), "1 jour"),
        (timedelta(days=40), "40 jours"),
    ],
)
def test_an_age_is_told_in_one_unit(ago, words):
    with time_machine.travel(NOON, tick=False):
        assert drawn("{{ at|age }}", at=NOON - ago).replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_moment_that_never_came_is_blank():
    assert drawn("{{ at|moment }}", at=None) == ""


@pytest.mark.parametrize(("count", "words"), [(0, "0"), (999, "999"), (1240, "1 240"), (1_234_567, "1 234 567")])
def test_a_count_is_written_in_groups_of_three(count, words):
    assert drawn("{{ count|thousands }}", count=count) == words.replace(" ", "\N{NO-BREAK SPACE}")


def test_a_filter_in_use_is_a_chip_that_leads_to_the_list_without_it():
    chips = drawn("{% chips chosen %}", chosen=[("Depuis le 3 mars <2026>", "?verdict=x&mode=TEST")])
    assert 'href="?verdict=x&amp;mode=TEST"' in chips
    assert "Depuis le 3 mars &lt;2026&gt;" in chips
    assert "retirer ce filtre" in chips
    assert drawn("{% chips chosen %}", chosen=[]) == ""


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("4970100000000014", "4970 1000 0000 0014"),
        ("497010XXXXXX0014", "4970 10XX XXXX 0014"),
        ("375000000000007", "3750 000000 00007"),
        ("4970 1000 0000 0014", "4970 1000 0000 0014"),
    ],
)
def test_a_card_number_is_grouped_as_on_the_card(number, groups):
    assert drawn("{{ number|grouped_card }}", number=number) == groups.replace(" ", "\N{NO-BREAK SPACE}")
