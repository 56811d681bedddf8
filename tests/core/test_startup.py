"""The house refuses to open in production with anything made for convenience."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

import backoffice.settings
from backoffice.core import startup
from backoffice.core.hashers import HouseArgon2PasswordHasher

ROOT = Path(__file__).resolve().parents[2]
VAULT_KEY = "2026a:" + "A" * 42 + "8="
GOOD = {
    "BACKOFFICE_MODE": "production",
    "BASE_URL": "https://caisse.example",
    "ALLOWED_HOSTS": "caisse.example",
    "SECRET_KEY": "x" * 50,
    "CODE_PEPPER": "y" * 40,
    "DEVICE_COOKIE_KEY": "w" * 40,
    "VAULT_KEYS": VAULT_KEY,
    "DATABASE_URL": "postgresql://127.0.0.1/none",
    "EMAIL_URL": "smtp://mail.example:587/?tls=true",
    "JOURNAL_ANCHOR": "/var/lib/caisse/journal.anchors",
}


def start(script="import backoffice.settings", **changes):
    """Load the settings in a process of their own, as a server would; a value of None leaves the variable out."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    given = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", script],
        env=kept | given,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_key_07_production_starts_with_what_the_readme_lists():
    done = start()
    assert done.returncode == 0, done.stderr


def told(*names):
    """What production's settings say of these names."""
    script = f"import json, backoffice.settings as s; print(json.dumps([getattr(s, name) for name in {names!r}]))"
    done = start(script)
    assert done.returncode == 0, done.stderr
    return dict(zip(names, json.loads(done.stdout), strict=True))


def test_auth_14_production_hashes_at_least_as_hard_as_the_checklist_asks():
    settings = told("PASSWORD_HASHERS", "ARGON2")
    assert settings["PASSWORD_HASHERS"] == ["backoffice.core.hashers.HouseArgon2PasswordHasher"]
    assert settings["ARGON2"]["memory_cost"] >= 19 * 1024
    assert settings["ARGON2"]["time_cost"] >= 2
    assert HouseArgon2PasswordHasher().encode("Password-9", "a" * 22).startswith("argon2$argon2id$")


def test_sess_02_in_production_every_cookie_is_bound_to_the_host_and_hidden_from_scripts():
    settings = told(
        *(
            f"{which}_COOKIE_{what}"
            for which in ("SESSION", "CSRF")
            for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")
        )
    )
    for which in ("SESSION", "CSRF"):
        assert settings[f"{which}_COOKIE_NAME"] == f"__Host-{which.lower()}"
        assert settings[f"{which}_COOKIE_SECURE"] is settings[f"{which}_COOKIE_HTTPONLY"] is True
        assert settings[f"{which}_COOKIE_SAMESITE"] in {"Lax", "Strict"}
    # Neither is widened beyond the host or its root, which __Host- forbids.
    assert told("DEVICE_COOKIE_NAME") == {"DEVICE_COOKIE_NAME": "__Host-device"}
    assert not [name for name in ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN") if hasattr(backoffice.settings, name)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DEBUG": "true"}, "DEBUG"),
        ({"DEBUG": "peut-être"}, "DEBUG"),
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": startup.PUBLIC_SECRET_KEY}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"VAULT_KEYS": None}, "VAULT_KEYS"),
        ({"VAULT_KEYS": ""}, "VAULT_KEYS"),
        ({"VAULT_KEYS": "2026a:AAAA"}, "VAULT_KEYS"),
        ({"VAULT_KEYS": startup.PUBLIC_VAULT_KEYS}, "VAULT_KEYS"),
        ({"CODE_PEPPER": startup.PUBLIC_CODE_PEPPER}, "CODE_PEPPER"),
        ({"DEVICE_COOKIE_KEY": startup.PUBLIC_DEVICE_KEY}, "DEVICE_COOKIE_KEY"),
        ({"BASE_URL": "http://caisse.example"}, "BASE_URL"),
        ({"PLAIN_HTTP": "true"}, "PLAIN_HTTP"),
        ({"EMAIL_URL": "console:"}, "EMAIL_URL"),
        ({"ACQUIRER": startup.SIMULATOR}, "ACQUIRER"),
        ({"OUTBOUND_ALLOW_LIST": "127.0.0.1:8001"}, "OUTBOUND_ALLOW_LIST"),
        ({"OUTBOUND_RESOLVER": "a.example=127.0.0.1"}, "OUTBOUND_RESOLVER"),
        ({"OUTBOUND_EXTRA_AUTHORITY": "/tmp/authority.pem"}, "OUTBOUND_EXTRA_AUTHORITY"),
        ({"DEMO_DATA": "/tmp/demo"}, "DEMO_DATA"),
        ({"TRUSTED_PROXY_COUNT": "-1"}, "TRUSTED_PROXY_COUNT"),
        ({"JOURNAL_ANCHOR": None}, "JOURNAL_ANCHOR"),
        ({"JOURNAL_ANCHOR": ""}, "JOURNAL_ANCHOR"),
        ({"JOURNAL_ANCHOR": "journal.anchors"}, "JOURNAL_ANCHOR"),
        ({"JOURNAL_ANCHOR": "/"}, "JOURNAL_ANCHOR"),
        ({"BACKOFFICE_MODE": "staging"}, "BACKOFFICE_MODE"),
    ],
)
def test_key_07_production_refuses_to_start_and_names_the_setting(changes, said):
    done = start(**changes)
    assert done.returncode != 0
    assert said in done.stderr.strip().splitlines()[-1]


def test_every_fault_is_named_at_once():
    done = start(PLAIN_HTTP="true", ALLOWED_HOSTS="*")
    assert "PLAIN_HTTP" in done.stderr
    assert "ALLOWED_HOSTS" in done.stderr


@pytest.mark.parametrize("text", ["", ",", "a", "a:", ":AAAA", "a:é", f"{VAULT_KEY},{VAULT_KEY}"])
def test_a_vault_key_that_cannot_be_read_says_how_to_draw_one(text):
    with pytest.raises(ImproperlyConfigured, match="VAULT_KEYS"):
        startup.vault_keys(text)


def test_the_first_vault_key_seals():
    keys = startup.vault_keys(f"new:{'A' * 42}8=, old:{'B' * 42}8=")
    assert list(keys) == ["new", "old"]
