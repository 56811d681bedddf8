"""Every setting of the house, read from the environment, typed, refusing nonsense.

`BACKOFFICE_MODE` says which house this is: `production` (the default, which refuses every convenience), `demo`
(set by `manage.py demo`) or `test` (set by the test suite). Where Django 6 has a twin, the name is Django 6's.
A value that cannot be read stops the start with the variable's name (KEY-07).
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from environs import Env
from marshmallow.validate import Length, OneOf, Range

from backoffice.core import startup
from backoffice.core.terms import Retention, Term
from backoffice.vads import currencies

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
MODE: str = env.str("BACKOFFICE_MODE", "production", validate=OneOf(startup.MODES))
IN_PRODUCTION = MODE == startup.PRODUCTION


def _outside(default: Any) -> dict[str, Any]:
    """A default that exists outside production only: in production the variable must be given."""
    return {} if IN_PRODUCTION else {"default": default}


def _example(text: str) -> str:
    """The words of an example, outside production only."""
    return "" if IN_PRODUCTION else text


# --- Who may call, and under which name ------------------------------------------------------------------------
DEBUG: bool = env.bool("DEBUG", False)
BASE_URL: str = env.str("BASE_URL", **_outside("http://127.0.0.1:8000")).rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", **_outside(["127.0.0.1", "localhost", "testserver"]))
TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", 0, validate=Range(min=0, max=5))
PLAIN_HTTP: bool = env.bool("PLAIN_HTTP", not IN_PRODUCTION)

# --- Secrets: never in the database ----------------------------------------------------------------------------
SECRET_KEY: str = env.str("SECRET_KEY", validate=Length(min=40), **_outside(startup.PUBLIC_SECRET_KEY))
CODE_PEPPER: str = env.str("CODE_PEPPER", validate=Length(min=32), **_outside(startup.PUBLIC_CODE_PEPPER))
DEVICE_COOKIE_KEY: str = env.str("DEVICE_COOKIE_KEY", validate=Length(min=32), **_outside(startup.PUBLIC_DEVICE_KEY))
# "2026a:<base64 of 32 bytes>,2025b:<…>": the first key seals, all of them open.
VAULT_KEYS: dict[str, bytes] = startup.vault_keys(env.str("VAULT_KEYS", **_outside(startup.PUBLIC_VAULT_KEYS)))

# --- Database --------------------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.dj_db_url(
            "DATABASE_URL", conn_max_age=600, conn_health_checks=True, **_outside("postgresql:///backoffice")
        ),
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {"application_name": "backoffice", "options": "-c statement_timeout=25000 -c lock_timeout=10000"}
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Rooms -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "crispy_forms",
    "crispy_bootstrap5",
    "phonenumber_field",
    "backoffice.core",
    "accounts",
    "shops",
    "certificates",
    "payments",
    "support",
]
if MODE == startup.DEMO:
    INSTALLED_APPS.append("backoffice.demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Random padding (Django's answer to BREACH) makes compressed sizes useless to a listener.
    "django.middleware.gzip.GZipMiddleware",
    "backoffice.core.middleware.RequestContextMiddleware",
    "backoffice.core.middleware.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "backoffice.core.middleware.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "backoffice.core.middleware.FormsOnlyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # From here on, who asks may be somebody through whose eyes an advisor looks.
    "accounts.looking_on.ViewingMiddleware",
    "accounts.middleware.DoorMiddleware",
    "accounts.middleware.LivingSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "backoffice.core.middleware.BusyMiddleware",
]

if MODE == startup.TEST:
    # Nothing is collected for the tests; the journeys meet WhiteNoise in the demo.
    MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")

ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "backoffice" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backoffice.core.context.brand",
                "accounts.context.session_end",
                "accounts.context.looking_on",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Language and time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# --- Doors: who signs in, how, and for how long ----------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["backoffice.core.hashers.HouseArgon2PasswordHasher"]
# RFC 9106, second recommended option (64 MiB); the tests keep the algorithm and lower the cost.
ARGON2 = {"time_cost": 3, "memory_cost": 65536, "parallelism": 4}
if MODE == startup.TEST:
    ARGON2 = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "session" if PLAIN_HTTP else "__Host-session"
SESSION_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(minutes=30).total_seconds())
# The cookie says nothing of the end: the row does, by accounts.rules, and a form sent too late still finds its owner.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Renewed by accounts.middleware, once a minute at most and by pages that use the session only.
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_NAME = "csrf" if PLAIN_HTTP else "__Host-csrf"
CSRF_COOKIE_SECURE = not PLAIN_HTTP
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
DEVICE_COOKIE_NAME = "device" if PLAIN_HTTP else "__Host-device"
CSRF_FAILURE_VIEW = "backoffice.home.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Headers (OUT-03) ------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else int(timedelta(days=365).total_seconds())
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_HTTP
SECURE_HSTS_PRELOAD = not PLAIN_HTTP
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "usb", "payment", "interest-cohort")
} | {"clipboard-write": ["self"]}

# --- Sizes of what comes in (PAY-13; certificates and codes are short) -----------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# --- Static files ----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT: Path = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
STATICFILES_DIRS = [BASE_DIR / "backoffice" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == startup.TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Mail ------------------------------------------------------------------------------------------------------
_mail = env.dj_email_url("EMAIL_URL", **_outside("dummy:"))
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
    # The same, which also tells who took a message and in which words.
    EMAIL_BACKEND = "backoffice.core.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST") or "localhost", _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER") or "", _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_TLS")), bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 15

# --- Outgoing calls (SSRF-09, SSRF-15): the last three exist for the demo and the tests, production refuses them --
OUTBOUND_PORTS: list[int] = env.list("OUTBOUND_PORTS", [80, 443], subcast=int)
OUTBOUND_ALLOW_LIST: list[str] = env.list("OUTBOUND_ALLOW_LIST", [])
OUTBOUND_RESOLVER: dict[str, str] = env.dict("OUTBOUND_RESOLVER", {})
OUTBOUND_EXTRA_AUTHORITY: str = env.str("OUTBOUND_EXTRA_AUTHORITY", "")

# --- Paper: pages go first, hashes and prints share what is left (core.hashers) ----------------------------------
PRINT_NICENESS = 0 if MODE == startup.TEST else 15

# --- Payments --------------------------------------------------------------------------------------------------
# Dotted path of the acquirer that authorises PRODUCTION payments; empty = PRODUCTION forms get the incident page.
ACQUIRER: str = env.str("ACQUIRER", "")
# The wire's own table, handed to the `amount` filter: core does not import vads.
CURRENCIES = currencies.CURRENCIES

# --- Brand: data, since every bank has its own -----------------------------------------------------------------
BRAND: dict[str, Any] = {
    "name": env.str("BRAND_NAME", "Gestion de caisse"),
    "bank": env.str("BRAND_BANK", "Banque Exemple"),
    "offer": env.str("BRAND_OFFER", "Paiement en ligne"),
    "sender": env.str("BRAND_SENDER", "ne-pas-repondre@paiement.example"),
    "phone": env.str("BRAND_PHONE", "01 99 00 12 34"),
    "hours": env.str("BRAND_HOURS", "du lundi au vendredi, de 9 h à 18 h"),
    "address": env.str("BRAND_ADDRESS", "1 place du Marché, 75000 Paris"),
    # What the legal pages say; a line that is not given is left out, rather than made up.
    "publisher": env.str("BRAND_PUBLISHER", _example("Banque Exemple")),
    "legal_form": env.str("BRAND_LEGAL_FORM", _example("société anonyme")),
    "capital": env.str("BRAND_CAPITAL", _example("1 000 000 €")),
    "registration": env.str("BRAND_REGISTRATION", _example("RCS Paris 000 000 000")),
    "vat": env.str("BRAND_VAT", _example("FR 00 000000000")),
    "supervisor": env.str("BRAND_SUPERVISOR", _example("Autorité de contrôle prudentiel et de résolution")),
    "director": env.str("BRAND_DIRECTOR", _example("La direction générale de Banque Exemple")),
    "host": env.str("BRAND_HOST", _example("Banque Exemple, 1 place du Marché, 75000 Paris, 01 99 00 12 34")),
    "privacy": env.str(
        "BRAND_PRIVACY", _example("Délégué à la protection des données, 1 place du Marché, 75000 Paris")
    ),
    # Refused in passwords, as too easy to guess for whoever knows the bank.
    "words": env.list("BRAND_WORDS", ["banque", "exemple", "caisse", "paiement"]),
}
DEFAULT_FROM_EMAIL = f"{BRAND['name']} <{BRAND['sender']}>"

# --- Jobs ------------------------------------------------------------------------------------------------------
PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_READONLY_MODELS = True
# The roof's own jobs; each room's are found in its `tasks`.
PROCRASTINATE_IMPORT_PATHS = ["backoffice.tasks"]

# --- Journal: the file outside the database that knows where every chain stood, day by day (LOG-02) --------------
JOURNAL_ANCHOR: Path = env.path("JOURNAL_ANCHOR", **_outside(BASE_DIR / "var" / "journal.anchors"))

# --- Retention: to be confirmed by each bank's counsel (design 4.21) ---------------------------------------------
_MONTHS = Range(min=1, max=120)
RETENTION = Retention(
    buyers=Term(months=env.int("RETENTION_BUYERS_MONTHS", 13, validate=_MONTHS)),
    traces=Term(months=env.int("RETENTION_TRACES_MONTHS", 12, validate=_MONTHS)),
    mail_bodies=Term(days=env.int("RETENTION_MAILS_DAYS", 30, validate=Range(min=1, max=365))),
    journal=Term(months=env.int("RETENTION_JOURNAL_MONTHS", 12, validate=_MONTHS)),
)

# --- Logs: JSON lines on standard error (LOG-01) ---------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING = startup.logging_settings(level=LOG_LEVEL)

# --- Demo: mails become files, which the demo's mailbox page reads -----------------------------------------------
DEMO_DATA: Path | None = env.path("DEMO_DATA", None)
if MODE == startup.DEMO and DEMO_DATA:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DEMO_DATA / "courriels")

startup.refuse_conveniences_in_production(
    mode=MODE,
    debug=DEBUG,
    plain_http=PLAIN_HTTP,
    secret_key=SECRET_KEY,
    code_pepper=CODE_PEPPER,
    device_cookie_key=DEVICE_COOKIE_KEY,
    vault_keys=VAULT_KEYS,
    base_url=BASE_URL,
    allowed_hosts=ALLOWED_HOSTS,
    email_backend=EMAIL_BACKEND,
    test_allowances={
        "OUTBOUND_ALLOW_LIST": OUTBOUND_ALLOW_LIST,
        "OUTBOUND_RESOLVER": OUTBOUND_RESOLVER,
        "OUTBOUND_EXTRA_AUTHORITY": OUTBOUND_EXTRA_AUTHORITY,
        "DEMO_DATA": DEMO_DATA,
    },
    acquirer=ACQUIRER,
    journal_anchor=JOURNAL_ANCHOR,
)
