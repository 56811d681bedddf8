"""A person's browser, and what every answer is held to."""

from copy import deepcopy
from urllib.parse import unquote_to_bytes, urlsplit

from django.test import Client

from tests.hostile import found, texts

MESSAGES = ('role="alert"', "invalid-feedback", "is-invalid", "aria-invalid")
# Never shown again, by name: passwords, codes, a card that is not listed.
SECRETS = {"password", "again", "current", "code", "code_again", "number", "security_code"}
# The page of a refused sign-in repeats no identifier, so that its bytes are the same for everybody (AUTH-02); a card's
# date is repeated when it is one (PAY-09).
NOT_REPEATED = {("accounts:sign_in", "identifier"), ("payments:page", "expiry")}


class Visitor:
    """Each request starts from the same cookies, and is undone once it was judged."""

    def __init__(self, house, who, *, undone, kept_rows):
        self.cookies, self.undone, self.kept_rows = house.cookies_of(who), undone, kept_rows
        self.rows = kept_rows()
        self.client = Client()

    def get(self, address, *, follow=True):
        """(answer, address it came from in the end)"""
        with self.undone():
            self.client.cookies = deepcopy(self.cookies)
            answer = self.client.get(address, follow=follow)
        final = answer.redirect_chain[-1][0] if follow and answer.redirect_chain else address
        return answer, final

    def post_as_is(self, form, body):
        """Post without judging; what it wrote is its caller's to look at and to undo."""
        self.client.cookies = deepcopy(self.cookies)
        return self.client.generic("POST", form.action, body, content_type=texts.URLENCODED)

    def send(self, form, attacks):
        """Fill the form as usual but for the attacks (name: encoded bytes), and judge the answer; give it back."""
        return self.send_body(form, texts.body(form.pairs(**attacks)), texts.URLENCODED, attacks)

    def send_body(self, form, body, content_type, attacks=None):
        told = f"{form.key} {body[:300]!r} {content_type}"
        with self.undone():
            self.client.cookies = deepcopy(self.cookies)
            if form.method == "get":
                answer = self.client.get(urlsplit(form.action).path, QUERY_STRING=body.decode("latin-1"))
            else:
                answer = self.client.generic("POST", form.action, body, content_type=content_type)
            assert answer.status_code < 500, told
            shown = self._shown_again(form, answer)
            if shown or answer.status_code >= 400:
                assert self.kept_rows() == self.rows, f"refused, and something changed: {told}"
        if shown and form.method == "post":
            # A body that holds none of its fields asks for the form; anything else was an answer to it.
            is_form = content_type.startswith((texts.URLENCODED, "multipart/form-data"))
            if is_form and any(texts.encoded(field.name) in body for field in form.fields):
                assert any(sign in answer.text for sign in MESSAGES), f"shown again without a word: {told}"
            self._judge_what_is_shown(form, shown, attacks or {}, told)
        for attack in (attacks or {}).values():
            assert_escaped(answer, attack)
        return answer

    @staticmethod
    def _shown_again(form, answer):
        """The same form in the answer, None when it leads elsewhere."""
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            return None
        names = {field.name for field in form.fields}
        forms = found.read(urlsplit(form.page).path, answer.text).forms
        return next((one for one in forms if names <= {field.name for field in one.fields}), None)

    @staticmethod
    def _judge_what_is_shown(form, shown, attacks, told):
        values = {field.name: field.value for field in shown.fields if field.is_text}
        for name, value in values.items():
            if name in SECRETS:
                assert value == "", f"{name} is shown again: {told}"
            elif name in attacks and (form.key[0], name) not in NOT_REPEATED:
                assert _same(value, texts.decoded(attacks[name])), f"{name} lost what was typed: {value!r}, {told}"


def _same(shown, typed):
    """As a browser sends and shows: line ends apart, nothing is lost."""
    if not typed.strip():  # crispy-forms shortens a text of blanks alone
        return not shown.strip()
    return shown.replace("\r\n", "\n").strip("\n") == typed.replace("\r\n", "\n").strip("\n")


def assert_escaped(answer, attack):
    """What was typed became no markup of the page."""
    if not answer.get("Content-Type", "").startswith("text/html"):
        return
    typed = unquote_to_bytes(attack.replace(b"+", b" ")).decode("utf-8", "replace")
    if "<" in typed and len(typed) > 4:
        assert typed not in answer.text, typed
    assert found.read("/", answer.text).intruders == [], typed
