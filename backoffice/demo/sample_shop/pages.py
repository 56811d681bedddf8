"""The shop's pages, in French, as text: every value is escaped where it is written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from types import MappingProxyType
from zoneinfo import ZoneInfo

from backoffice.demo.sample_shop.catalogue import CHEESES, MAX_QUANTITY, euros
from backoffice.demo.sample_shop.orders import Buyer, Call, Line, Order, State
from backoffice.demo.sample_shop.registration import (
    ANSWERS,
    IN_ONE,
    IN_THREE,
    LANGUAGES,
    LOCAL_TIME,
    MAX_CAPTURE_DAYS,
    MAX_DELAY_SECONDS,
    MAX_REDIRECT_SECONDS,
    MODES,
    RETURN_MODES,
    RIGHT,
    WRONG_SIGNATURE,
    Registration,
)
from backoffice.demo.sample_shop.signature import ALGORITHMS

NAME = "Fromagerie en ligne"
NB = "\N{NO-BREAK SPACE}"
_PARIS = ZoneInfo("Europe/Paris")
_AS_IS: Mapping[str, str] = MappingProxyType({})
# How choices read that are not their own words.
_WORDS = {
    "NONE": "Sans résultat (NONE)",
    "GET": "Avec le résultat, par un lien (GET)",
    "POST": "Avec le résultat, par un formulaire (POST)",
    "": "Celle du navigateur de l’acheteur",
    "fr": "Français",
    "en": "Anglais",
    "de": "Allemand",
    "es": "Espagnol",
    "it": "Italien",
    "nl": "Néerlandais",
    "pt": "Portugais",
    IN_ONE: "En une fois",
    IN_THREE: "En trois fois, une par mois",
    RIGHT: "Sans faute",
    WRONG_SIGNATURE: "Signature fausse : la page d’incident s’affiche",
    LOCAL_TIME: "Date en heure locale et non en UTC : payé, avec un écart signalé",
}


def page(title: str, body: str, *, mode: str) -> str:
    """A whole page: header, the mode's band, the body."""
    band = (
        '<aside class="band test" aria-label="Mode de la boutique">Boutique en mode TEST : aucun paiement réel.</aside>'
        if mode == "TEST"
        else '<aside class="band" aria-label="Mode de la boutique">Boutique en mode PRODUCTION.</aside>'
    )
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)} · {NAME}</title>
<link rel="icon" href="/static/fromage.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/boutique.css">
</head>
<body>
<header>
<a class="brand" href="/"><img src="/static/fromage.svg" alt="" width="36" height="36">{NAME}</a>
<nav aria-label="Menu principal"><a href="/">Nos fromages</a><a href="/commandes">Commandes</a>
<a href="/reglages">Réglages</a></nav>
</header>
{band}
<main>
<h1>{escape(title)}</h1>
{body}
</main>
<footer>Fromagerie Beaufils · boutique d’exemple : elle ne vend rien et n’expédie rien.</footer>
</body>
</html>
"""


def catalogue() -> str:
    """The cheeses, each with its quantity, and the way to the cart."""
    cards = "".join(
        f"""<li class="card"><img src="/static/fromage.svg" alt="" width="72" height="72" class="tint-{cheese.code}">
<h2>{escape(cheese.name)}</h2><p>{escape(cheese.origin)}</p>
<p class="price"><strong>{euros(cheese.price_cents)}</strong> <span>{escape(cheese.weight)}</span></p>
<label>Quantité <input type="number" name="{cheese.code}" value="{1 if index < 2 else 0}" min="0" max="{MAX_QUANTITY}"
 inputmode="numeric" aria-label="Quantité de {escape(cheese.name)}"></label></li>"""
        for index, cheese in enumerate(CHEESES)
    )
    return f"""<p class="lead">De la Savoie à votre porte, coupé le matin, emballé à la main.</p>
<form action="/panier" method="get"><ul class="cards">{cards}</ul>
<p class="actions"><button class="main">Voir mon panier</button></p></form>"""


def cart(lines: Sequence[tuple[str, Line]], buyer: Buyer) -> str:
    """What was chosen, and who orders."""
    if not lines:
        return '<p>Votre panier est vide.</p><p><a class="button" href="/">Choisir des fromages</a></p>'
    hidden = "".join(_hidden(code, str(line.quantity)) for code, line in lines)
    return f"""{_summary([line for _, line in lines])}
<form class="fields" action="/commandes" method="post">{hidden}
{_text("first_name", "Prénom", buyer.first_name, 'autocomplete="given-name" maxlength="40" required')}
{_text("last_name", "Nom", buyer.last_name, 'autocomplete="family-name" maxlength="40" required')}
{_text("email", "Adresse électronique", buyer.email, 'type="email" autocomplete="email" maxlength="120" required')}
<p class="actions"><button class="main">Commander</button> <a href="/">Revenir aux fromages</a></p></form>"""


def order(found: Order, form: Mapping[str, str] | None, *, platform: str) -> str:
    """One order: its lines, where it stands, and the signed form while it is to be paid."""
    body = _summary(found.lines) + f'<p class="state">{_state(found)}</p>'
    if form is None and found.state is not State.PAID:
        body += """<p class="note">Le certificat de ce mode n’est pas encore saisi : complétez les
<a href="/reglages">réglages</a>, puis revenez sur cette page.</p>"""
    elif form is not None:
        hidden = "".join(_hidden(name, value) for name, value in form.items())
        body += f"""<form id="paiement" action="{escape(platform)}/vads-payment/" method="post" accept-charset="UTF-8">
{hidden}<p class="actions"><button class="main">Payer</button>
<span>{euros(found.amount_cents)} sur la page de paiement sécurisée</span></p></form>"""
    return body + '<p><a href="/commandes">Toutes les commandes</a></p>'


def orders(found: Sequence[Order], calls: Sequence[Call]) -> str:
    """Every order with its state as the notifications told, and the calls received."""
    if not found:
        body = '<p>Aucune commande pour le moment.</p><p><a class="button" href="/">Choisir des fromages</a></p>'
    else:
        rows = "".join(
            f"""<tr><td data-label="Commande"><a href="/commandes/{one.reference}">{one.reference}</a></td>
<td data-label="Date">{_date(one.created_at)}</td><td data-label="Mode">{one.mode}</td>
<td data-label="Client">{escape(one.buyer.first_name)} {escape(one.buyer.last_name)}</td>
<td data-label="Montant" class="figure">{euros(one.amount_cents)}</td><td data-label="État">{_state(one)}</td></tr>"""
            for one in found
        )
        body = _table(("Commande", "Date", "Mode", "Client", "Montant", "État"), rows)
    if calls:
        rows = "".join(
            f"""<tr><td data-label="Reçu">{_date(call.received_at)}</td>
<td data-label="Commande">{escape(call.reference)}</td><td data-label="Origine">{escape(call.source)}</td>
<td data-label="Réponse">{call.status or "en cours"} {escape(call.answer)}</td></tr>"""
            for call in calls[:20]
        )
        body += "<h2>Appels reçus du serveur de paiement</h2>"
        body += _table(("Reçu", "Commande", "Origine", "Réponse"), rows)
    return body


def back(found: Order | None, *, is_signed: bool) -> str:
    """The return page: it repeats what the notification told, and never decides from the buyer's own request."""
    if not is_signed:
        return """<p class="note">Ce retour n’est pas signé par la page de paiement : rien n’a été changé.</p>
<p><a class="button" href="/commandes">Voir les commandes</a></p>"""
    if found is None:
        return '<p class="note">Cette commande n’existe pas.</p><p><a class="button" href="/">Nos fromages</a></p>'
    words = {
        State.PAID: "Merci. Votre paiement est confirmé, nous préparons votre commande.",
        State.REFUSED: "Votre paiement a été refusé. Rien n’a été débité.",
        State.ABANDONED: "Vous avez quitté le paiement. Rien n’a été débité.",
        State.WAITING: "Nous attendons la confirmation de la banque. Rechargez cette page dans quelques instants.",
    }[found.state]
    hint = (
        f"""<p class="note">Si rien n’arrive{NB}: l’URL serveur de ce mode est-elle saisie dans votre back-office{NB}?
Elle se lit dans les <a href="/reglages">réglages</a>.</p>"""
        if found.state is State.WAITING
        else ""
    )
    again = "Voir la commande" if found.state in {State.PAID, State.WAITING} else "Payer de nouveau"
    return f"""<p class="lead">{words}</p>{hint}{_summary(found.lines)}<p class="state">{_state(found)}</p>
<p><a class="button" href="/commandes/{found.reference}">{again}</a></p>"""


def settings(
    typed: Registration, *, shop_url: str, tls_url: str, platform: str, error: str = "", is_saved: bool = False
) -> str:
    """The payment module's settings, and the server URLs to type in the back office."""
    message = f'<p class="note" role="alert">{escape(error)}</p>' if error else ""
    message += '<p class="saved" role="status">Réglages enregistrés.</p>' if is_saved else ""
    delay = f'type="number" min="0" max="{MAX_DELAY_SECONDS}" inputmode="numeric" required'
    seconds = f'type="number" min="0" max="{MAX_REDIRECT_SECONDS}" inputmode="numeric"'
    days = f'type="number" min="0" max="{MAX_CAPTURE_DAYS}" inputmode="numeric"'
    return f"""{message}<section class="panel"><h2>À recopier dans votre back-office</h2>
<dl><dt>URL serveur TEST</dt><dd><code>{escape(shop_url)}/notification</code></dd>
<dt>URL serveur PRODUCTION</dt><dd><code>{escape(tls_url)}/notification</code></dd>
<dt>Page de paiement appelée</dt><dd><code>{escape(platform)}/vads-payment/</code></dd></dl></section>
<form class="fields" action="/reglages" method="post">
{_choice("mode", "Mode", MODES, typed.mode)}
{_text("site_id", "Identifiant de la boutique", typed.site_id, 'inputmode="numeric" maxlength="20" required')}
{_text("test_certificate", "Certificat de test", typed.test_certificate, 'autocomplete="off" maxlength="40"')}
{_choice("test_algorithm", "Algorithme de signature en TEST", ALGORITHMS, typed.test_algorithm)}
{
        _text(
            "production_certificate",
            "Certificat de production",
            typed.production_certificate,
            'autocomplete="off" maxlength="40"',
        )
    }
{_choice("production_algorithm", "Algorithme de signature en PRODUCTION", ALGORITHMS, typed.production_algorithm)}
<fieldset><legend>Pour essayer la page de paiement</legend>
{_choice("return_mode", "Retour à la boutique", RETURN_MODES, typed.return_mode, words=_WORDS)}
{_text("redirect_timeout", "Retour automatique après (secondes, vide : au clic)", typed.redirect_timeout, seconds)}
{_choice("language", "Langue de la page", LANGUAGES, typed.language, words=_WORDS)}
{_choice("instalments", "Paiement", (IN_ONE, IN_THREE), typed.instalments, words=_WORDS)}
{_text("capture_delay", "Remise après (jours, vide : réglage de la boutique)", typed.capture_delay, days)}
{_choice("mistake", "Formulaire envoyé", (RIGHT, WRONG_SIGNATURE, LOCAL_TIME), typed.mistake, words=_WORDS)}</fieldset>
<fieldset><legend>Pour essayer une boutique lente ou en panne</legend>
{_text("answer_delay", "Répondre aux notifications après (secondes)", str(typed.answer_delay), delay)}
{_choice("answer_status", "Répondre avec le code", tuple(map(str, ANSWERS)), str(typed.answer_status))}</fieldset>
<p class="actions"><button class="main">Enregistrer</button></p></form>"""


def message(text: str) -> str:
    """One sentence and the way on."""
    return f'<p class="note">{escape(text)}</p><p><a class="button" href="/">Nos fromages</a></p>'


def _state(one: Order) -> str:
    if one.state is State.PAID:
        seen = "" if one.returned_at else ", sans le retour de l’acheteur"
        return f'<span class="ok">Payée (confirmée par notification{seen})</span>'
    words = {
        State.WAITING: "En attente de paiement",
        State.REFUSED: "Paiement refusé (confirmé par notification)",
        State.ABANDONED: "Paiement abandonné (confirmé par notification)",
    }
    return f'<span class="{one.state.value}">{words[one.state]}</span>'


def _summary(lines: Sequence[Line]) -> str:
    rows = "".join(
        f"""<tr><td data-label="Fromage">{escape(line.name)}</td>
<td data-label="Quantité" class="figure">{line.quantity}</td>
<td data-label="Prix" class="figure">{euros(line.quantity * line.price_cents)}</td></tr>"""
        for line in lines
    )
    total = euros(sum(line.quantity * line.price_cents for line in lines))
    return _table(("Fromage", "Quantité", "Prix"), rows) + f'<p class="total">Total <strong>{total}</strong></p>'


def _table(heads: Sequence[str], rows: str) -> str:
    titles = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table>"


def _text(name: str, label: str, value: str, attributes: str) -> str:
    typed = "" if "type=" in attributes else 'type="text" '
    return f"""<p><label for="{name}">{label}</label>
<input {typed}id="{name}" name="{name}" value="{escape(value)}" {attributes}></p>"""


def _choice(name: str, label: str, choices: Sequence[str], chosen: str, *, words: Mapping[str, str] = _AS_IS) -> str:
    options = "".join(
        f'<option value="{choice}"{" selected" if choice == chosen else ""}>{words.get(choice, choice)}</option>'
        for choice in choices
    )
    return f'<p><label for="{name}">{label}</label> <select id="{name}" name="{name}">{options}</select></p>'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">\n'


def _date(moment: datetime) -> str:
    return moment.astimezone(_PARIS).strftime("%d/%m/%Y à %H:%M:%S")
