"""The house as a visitor finds it: the addresses of the resolver, the links of its pages, their forms and fields."""

import ast
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from tests.hostile.texts import encoded
from tests.house.source import modules, tree
from tests.house.test_addresses import patterns

TEXT_KINDS = {"text", "password", "email", "tel", "url", "search", "number", "textarea", "date", "datetime-local"}
# What a form is filled with beside the field under attack, so that the attack reaches what lies behind the others.
USUAL = {
    "siret": "73282932000074", "email": "claire@fromagerie.example", "phone": "+33199005678", "tel": "+33199005678",
    "code": "482917", "password": "Correct-Horse-42-Battery", "url": "https://boutique.example/appel", "number": "7",
    "date": "2027-01-31", "expiry": "12 / 39", "security_code": "123",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    value: str

    @property
    def is_text(self):
        return self.kind in TEXT_KINDS

    @property
    def usual(self):
        """A value the field may take: its own, or one that suits its name or kind."""
        if self.value or not self.is_text:
            return self.value or "on"
        last = self.name.rpartition("-")[2]
        return USUAL.get(last) or USUAL.get(self.kind) or "Fromages 42"


@dataclass(frozen=True)
class Page:
    """What a page's HTML holds: forms and links of the house, and markup that none of our templates writes."""

    forms: list["Form"]
    links: list[str]
    intruders: list[str]


@dataclass(frozen=True)
class Form:
    page: str
    action: str
    method: str
    fields: tuple[Field, ...]

    @property
    def key(self):
        """One form on many pages, or for many rows, is one form."""
        shown = tuple(
            sorted((one.name, one.value if one.kind == "hidden" and one.value.isalpha() else "") for one in self.fields)
        )
        return view_name(self.action), self.method, shown

    @property
    def is_public(self):
        return getattr(resolve(urlsplit(self.action).path).func, "login_required", True) is False

    @property
    def is_for_buyers(self):
        """Whether its view is open to other sites' forms, and so judges what it reads by itself."""
        return getattr(resolve(urlsplit(self.action).path).func, "csrf_exempt", False)

    def pairs(self, **attacks):
        """Its usual fields as encoded pairs, some of them replaced by the bytes given."""
        return [(one.name, attacks.get(one.name, encoded(one.usual))) for one in self.fields]


class _Page(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.page, self.forms, self.links, self.intruders = page, [], [], []
        self._form, self._fields, self._select, self._area = None, {}, None, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        # The policy forbids inline scripts, so ours write none: one here came with what was typed.
        if any(name.startswith("on") for name in given) or (tag == "script" and not {"src", "type"} & set(given)):
            self.intruders.append(self.get_starttag_text())
        if tag == "form":
            self._form = (urljoin(self.page, given.get("action") or ""), (given.get("method") or "get").lower())
            self._fields = {}
        elif tag == "a" and given.get("href"):
            self.links.append(urljoin(self.page, given["href"]))
        elif self._form and tag == "option" and self._select:
            if "selected" in given or not self._fields[self._select].value:
                self._keep(self._select, "select", given.get("value") or "")
        elif self._form and given.get("name") and tag in {"input", "select", "textarea", "button"}:
            self._take(tag, given)

    def handle_data(self, text):
        if self._area:
            self._keep(self._area, "textarea", self._fields[self._area].value + text)

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        if tag == "textarea" and self._area:
            # A browser drops the newline that stands first.
            self._keep(self._area, "textarea", self._fields[self._area].value.removeprefix("\n"))
            self._area = None
        if tag == "form" and self._form:
            action, method = self._form
            self._fields.pop("csrfmiddlewaretoken", None)
            self.forms.append(Form(self.page, action, method, tuple(self._fields.values())))
            self._form = None

    def _take(self, tag, given):
        name, kind = given["name"], given.get("type") or "text"
        if tag == "select":
            self._select = name
        if tag == "textarea":
            self._area = name
        if tag in {"textarea", "select", "button"}:
            kind = tag
        if kind in {"radio", "checkbox", "button", "submit"} and name in self._fields and "checked" not in given:
            return
        self._keep(name, kind, given.get("value") or "")

    def _keep(self, name, kind, value):
        self._fields[name] = Field(name, kind, value)


def read(page, text) -> Page:
    parsed = _Page(page)
    parsed.feed(text)
    return Page(
        forms=[one for one in parsed.forms if _is_ours(one.action)],
        links=[one for one in parsed.links if _is_ours(one)],
        intruders=parsed.intruders,
    )


def walk(get, house, *, limit=200):
    """Every form that a person finds from every address, and the pages that answered; `get` follows redirections."""
    waiting = [address for name, entry in patterns() if (address := address_of(name, entry, house))]
    seen, forms, pages = set(), {}, []
    while waiting and len(seen) < limit:
        address = waiting.pop(0).partition("#")[0]
        if address in seen:
            continue
        seen.add(address)
        answer, final = get(address)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        pages.append(address)
        found = read(final, answer.text)
        for form in found.forms:
            forms.setdefault(form.key, form)
        waiting += [link for link in found.links if link not in seen]
    return list(forms.values()), pages


def address_of(name, entry, house):
    """An address of this name whose page shows something, None for one that cannot be made."""
    names = list(entry.pattern.converters)
    if ":" not in name and name not in {"home", "healthz", "readyz"}:
        return f"/{name}" if not names else None
    given = {one: [value] for one, value in house.arguments.get(name, {}).items()}
    for way in _ways(names, house.usual | given):
        try:
            return reverse(name, kwargs=way)
        except NoReverseMatch:
            continue
    return None


def view_name(address):
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return urlsplit(address).path


def query_names():
    """Every parameter that some view reads from its address."""
    calls = (
        node
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
    )
    return sorted(
        {
            call.args[0].value
            for call in calls
            if call.func.attr in {"get", "getlist"}
            and ast.unparse(call.func.value).endswith(".GET")
            and isinstance(call.args[0], ast.Constant)
        }
    )


def _ways(names, values):
    ways = [{}]
    for name in names:
        ways = [way | {name: value} for way in ways for value in values.get(name, ["1", "a"])]
    return ways


def _is_ours(address):
    split = urlsplit(address)
    return not split.scheme and not split.netloc and split.path.startswith("/") and not split.path.startswith("/static")
