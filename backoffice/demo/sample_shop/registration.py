"""What the shopkeeper typed in the module's settings, kept in a JSON file of the data folder."""

import json
import threading
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from backoffice.demo.sample_shop.signature import ALGORITHMS, HMAC_SHA256

TEST, PRODUCTION = "TEST", "PRODUCTION"
MODES = (TEST, PRODUCTION)
RETURN_MODES = ("GET", "POST", "NONE")
# Empty: the buyer's browser chooses.
LANGUAGES = ("", "fr", "en", "de", "es", "it", "nl", "pt")
IN_ONE, IN_THREE = "1", "3"
INSTALMENTS = (IN_ONE, IN_THREE)
RIGHT, WRONG_SIGNATURE, LOCAL_TIME = "right", "wrong_signature", "local_time"
MISTAKES = (RIGHT, WRONG_SIGNATURE, LOCAL_TIME)
ANSWERS = (200, 404, 500, 503)
MAX_DELAY_SECONDS = 60
MAX_REDIRECT_SECONDS = 600
MAX_CAPTURE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Registration:
    """The settings of the payment module; the demo's shop begins with its id and its TEST certificate typed in."""

    site_id: str = "12345678"
    mode: str = TEST
    test_certificate: str = "1122334455667788"
    test_algorithm: str = HMAC_SHA256
    production_certificate: str = ""
    production_algorithm: str = HMAC_SHA256
    return_mode: str = "GET"
    # What a form may say of the payment page; empty leaves it to the page, or to the shop's own settings there.
    redirect_timeout: str = ""
    language: str = "fr"
    capture_delay: str = ""
    instalments: str = IN_ONE
    # Mistakes that webmasters make, to see what the platform says of them.
    mistake: str = RIGHT
    # To try out what the platform does with a slow or failing shop.
    answer_delay: int = 0
    answer_status: int = 200

    def certificate(self, mode: str) -> str:
        """The certificate of a mode, empty when it was not typed."""
        return {TEST: self.test_certificate, PRODUCTION: self.production_certificate}.get(mode, "")

    def algorithm(self, mode: str) -> str:
        """The signature algorithm of a mode."""
        return self.production_algorithm if mode == PRODUCTION else self.test_algorithm


class Unreadable(ValueError):
    """A setting that cannot be; carries the French line that says which and what to do."""


class RegistrationFile:
    """The settings on disk: read at each request, written whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        if not path.exists():
            self.write(Registration())

    def read(self) -> Registration:
        """The current settings; names the file does not know keep their first value."""
        known = {field.name for field in fields(Registration)}
        typed = json.loads(self._path.read_text(encoding="utf-8"))
        return replace(Registration(), **{name: value for name, value in typed.items() if name in known})

    def write(self, registration: Registration) -> None:
        """Replace the settings in one go."""
        with self._lock:
            draft = self._path.with_suffix(".new")
            draft.write_text(json.dumps(asdict(registration), indent=2, ensure_ascii=False), encoding="utf-8")
            draft.replace(self._path)


def registration_from(form: dict[str, str]) -> Registration:
    """Read the settings page's form; certificates are trimmed, as they are pasted. Raises Unreadable."""
    site_id = form.get("site_id", "").strip()
    if len(site_id) != 8 or not site_id.isascii() or not site_id.isdigit():
        raise Unreadable("L’identifiant de la boutique compte 8 chiffres : recopiez-le depuis votre back-office.")
    return Registration(
        site_id=site_id,
        mode=_one_of(form, "mode", MODES),
        test_certificate=form.get("test_certificate", "").strip(),
        test_algorithm=_one_of(form, "test_algorithm", ALGORITHMS),
        production_certificate=form.get("production_certificate", "").strip(),
        production_algorithm=_one_of(form, "production_algorithm", ALGORITHMS),
        return_mode=_one_of(form, "return_mode", RETURN_MODES),
        redirect_timeout=_one_of(form, "redirect_timeout", _up_to(MAX_REDIRECT_SECONDS)),
        language=_one_of(form, "language", LANGUAGES),
        capture_delay=_one_of(form, "capture_delay", _up_to(MAX_CAPTURE_DAYS)),
        instalments=_one_of(form, "instalments", INSTALMENTS),
        mistake=_one_of(form, "mistake", MISTAKES),
        answer_delay=int(_one_of(form, "answer_delay", tuple(map(str, range(MAX_DELAY_SECONDS + 1))))),
        answer_status=int(_one_of(form, "answer_status", tuple(map(str, ANSWERS)))),
    )


_LABELS = {
    "answer_delay": f"Le délai de réponse va de 0 à {MAX_DELAY_SECONDS} secondes.",
    "redirect_timeout": f"Le retour automatique se fait après 0 à {MAX_REDIRECT_SECONDS} secondes, ou reste vide.",
    "capture_delay": f"Le délai de remise va de 0 à {MAX_CAPTURE_DAYS} jours, ou reste vide.",
}


def _up_to(most: int) -> tuple[str, ...]:
    return ("", *map(str, range(most + 1)))


def _one_of(form: dict[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = form.get(name, "").strip()
    if value not in choices:
        raise Unreadable(_LABELS.get(name, "Un choix de la page n’existe pas : rechargez-la et recommencez."))
    return value
