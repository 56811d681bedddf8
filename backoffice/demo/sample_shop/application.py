"""The shop itself: a WSGI application with its catalogue, its orders, its notification address and its settings."""

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from backoffice.demo.sample_shop import pages, payment
from backoffice.demo.sample_shop.catalogue import CHEESES, MAX_QUANTITY
from backoffice.demo.sample_shop.orders import Buyer, Line, OrderBook, State
from backoffice.demo.sample_shop.registration import RegistrationFile, Unreadable, registration_from

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

MAX_BODY_BYTES = 300_000
STATIC = Path(__file__).parent / "static"
STATIC_TYPES = {"boutique.css": "text/css; charset=utf-8", "fromage.svg": "image/svg+xml"}
FIRST_BUYER = Buyer("Zoé", "Lefèvre-Ñandú", "zoe@example.org")
_REASONS = {
    200: "OK",
    303: "See Other",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

logger = logging.getLogger("boutique")


@dataclass(frozen=True, slots=True)
class Request:
    """What a page reads: the method, the path, the decoded fields, and who sent the form."""

    method: str
    path: str
    fields: dict[str, str]
    origin: str


@dataclass(frozen=True, slots=True)
class Response:
    """What a page answers."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    location: str = ""


class BadRequest(Exception):
    """The request cannot be read."""


class Shop:
    """One shop: where it is seen, where it pays, where it keeps its orders."""

    def __init__(self, *, folder: Path, shop_url: str, tls_url: str, platform: str) -> None:
        self._shop_url, self._tls_url, self._platform = shop_url, tls_url, platform
        self._book = OrderBook(folder / "commandes.sqlite3")
        self._settings = RegistrationFile(folder / "reglages.json")

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one WSGI request."""
        try:
            response = self._answer(_read(environ))
        except BadRequest:
            response = self._page("Demande illisible", pages.message("Cette demande est illisible."), status=400)
        headers = [
            ("Content-Type", response.content_type),
            ("Content-Length", str(len(response.body))),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
            (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
                f"form-action 'self' {self._platform}",
            ),
        ]
        if response.location:
            headers.append(("Location", response.location))
        start_response(f"{response.status} {_REASONS[response.status]}", headers)
        return [response.body]

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/static/"):
            return self._static(request.path.removeprefix("/static/"))
        if request.path.startswith("/commandes/"):
            return self._order(request.path.removeprefix("/commandes/"))
        routes: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/"): self._catalogue,
            ("GET", "/panier"): self._cart,
            ("GET", "/commandes"): self._orders,
            ("POST", "/commandes"): self._create_order,
            ("GET", "/commandes.json"): self._orders_as_json,
            ("POST", "/notification"): self._notification,
            ("GET", "/retour"): self._back,
            ("POST", "/retour"): self._back,
            ("GET", "/reglages"): self._show_settings,
            ("POST", "/reglages"): self._save_settings,
        }
        if route := routes.get((request.method, request.path)):
            return route(request)
        if any(path == request.path for _, path in routes):
            return self._page("Méthode refusée", pages.message("Cette page ne s’appelle pas ainsi."), status=405)
        return self._page("Page introuvable", pages.message("Cette page n’existe pas."), status=404)

    # --- Buying ----------------------------------------------------------------------------------------------

    def _catalogue(self, request: Request) -> Response:
        return self._page("Nos fromages", pages.catalogue())

    def _cart(self, request: Request) -> Response:
        return self._page("Votre panier", pages.cart(_chosen(request.fields), FIRST_BUYER))

    def _create_order(self, request: Request) -> Response:
        lines = tuple(line for _, line in _chosen(request.fields))
        buyer = Buyer(*(request.fields.get(name, "").strip() for name in ("first_name", "last_name", "email")))
        if request.origin not in {"", self._shop_url, self._tls_url}:
            return self._page("Commande refusée", pages.message("Commandez depuis la boutique."), status=403)
        if not lines or not all((buyer.first_name, buyer.last_name, buyer.email)):
            return self._page(
                "Votre panier", pages.message("Indiquez vos fromages, votre nom et votre adresse."), status=400
            )
        order = self._book.create(mode=self._settings.read().mode, lines=lines, buyer=buyer, now=_now())
        return Response(b"", status=303, location=f"/commandes/{order.reference}")

    def _order(self, reference: str) -> Response:
        order = self._book.find(reference)
        if order is None:
            return self._page("Commande introuvable", pages.message("Cette commande n’existe pas."), status=404)
        settings = self._settings.read()
        is_payable = order.state is not State.PAID and bool(settings.certificate(order.mode))
        form = payment.payment_form(order, settings, shop_url=self._shop_url, now=_now()) if is_payable else None
        return self._page(f"Commande {order.reference}", pages.order(order, form, platform=self._platform))

    def _orders(self, request: Request) -> Response:
        return self._page("Commandes", pages.orders(self._book.newest(), self._book.calls()))

    def _orders_as_json(self, request: Request) -> Response:
        """The same page for programs: what a test waits for."""
        content = {
            "orders": [
                {
                    "reference": order.reference,
                    "mode": order.mode,
                    "amount_cents": order.amount_cents,
                    "state": order.state.value,
                    "transaction": order.transaction,
                    "has_returned": order.returned_at is not None,
                }
                for order in self._book.newest()
            ],
            "calls": [
                {"reference": call.reference, "source": call.source, "status": call.status, "answer": call.answer}
                for call in self._book.calls()
            ],
        }
        return Response(json.dumps(content, ensure_ascii=False).encode(), content_type="application/json")

    # --- Being paid ------------------------------------------------------------------------------------------

    def _notification(self, request: Request) -> Response:
        settings, fields = self._settings.read(), request.fields
        call = self._book.note_call(
            reference=fields.get("vads_order_id", ""), source=fields.get("vads_url_check_src", ""), now=_now()
        )
        time.sleep(settings.answer_delay)
        if settings.answer_status == 200:
            answer = payment.receive_notification(fields, settings, self._book, now=_now())
        else:
            answer = payment.Answer(settings.answer_status, "KO - panne simulée dans les réglages de la boutique.")
        self._book.note_answer(call, status=answer.status, answer=answer.text)
        logger.info("notification %s %s", answer.status, answer.text)
        return Response(answer.text.encode(), status=answer.status, content_type="text/plain; charset=utf-8")

    def _back(self, request: Request) -> Response:
        fields = request.fields
        is_signed = payment.has_our_signature(fields, self._settings.read())
        order = self._book.find(fields.get("vads_order_id", "")) if is_signed else None
        if order is not None:
            self._book.note_return(order.reference, now=_now())
        return self._page("Retour à la boutique", pages.back(order, is_signed=is_signed))

    # --- Settings --------------------------------------------------------------------------------------------

    def _show_settings(self, request: Request) -> Response:
        return self._settings_page(is_saved="enregistre" in request.fields)

    def _save_settings(self, request: Request) -> Response:
        if request.origin not in {"", self._shop_url, self._tls_url}:
            return self._page("Réglages refusés", pages.message("Enregistrez depuis la page des réglages."), status=403)
        try:
            self._settings.write(registration_from(request.fields))
        except Unreadable as fault:
            return self._settings_page(error=str(fault))
        return Response(b"", status=303, location="/reglages?enregistre=1")

    def _settings_page(self, *, error: str = "", is_saved: bool = False) -> Response:
        body = pages.settings(
            self._settings.read(),
            shop_url=self._shop_url,
            tls_url=self._tls_url,
            platform=self._platform,
            error=error,
            is_saved=is_saved,
        )
        return self._page("Réglages du module de paiement", body, status=400 if error else 200)

    def _static(self, name: str) -> Response:
        if name not in STATIC_TYPES:
            return self._page("Page introuvable", pages.message("Cette page n’existe pas."), status=404)
        return Response((STATIC / name).read_bytes(), content_type=STATIC_TYPES[name])

    def _page(self, title: str, body: str, *, status: int = 200) -> Response:
        return Response(pages.page(title, body, mode=self._settings.read().mode).encode(), status=status)


def _read(environ: "WSGIEnvironment") -> Request:
    method, encoded = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
    if method == "POST":
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            raise BadRequest
        body: bytes = environ["wsgi.input"].read(int(length))
        encoded = body.decode("latin-1")
    return Request(method, environ.get("PATH_INFO") or "/", _decode(encoded), environ.get("HTTP_ORIGIN", ""))


def _decode(encoded: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=500)
    except ValueError:
        raise BadRequest from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadRequest  # a field given twice has no single meaning
    return fields


def _chosen(fields: Mapping[str, str]) -> list[tuple[str, Line]]:
    lines = []
    for cheese in CHEESES:
        typed = fields.get(cheese.code, "")
        quantity = min(int(typed), MAX_QUANTITY) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
        if quantity:
            lines.append((cheese.code, Line(cheese.name, quantity, cheese.price_cents)))
    return lines


def _now() -> datetime:
    return datetime.now(UTC)
