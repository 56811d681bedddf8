"""Each effect has one door: the HTTP client, mail, paper; views and forms write nothing; nobody sends signals."""

import ast

import pytest

from tests.house.source import ROOMS, ROOT, imported, modules, tree

DOORS = {
    "aiohttp": {"backoffice/core/outbound/client.py"},
    "requests": set(),
    "httpx": set(),
    "urllib.request": set(),
    "http.client": set(),
    "smtplib": {"backoffice/core/smtp.py"},
    "django.core.mail": {"backoffice/core/mail.py", "backoffice/core/smtp.py"},
    "weasyprint": {"backoffice/core/pdf_child.py"},
    "django.dispatch": set(),
    "django.db.models.signals": set(),
    "procrastinate": {
        "backoffice/core/jobs.py",
        "backoffice/core/tasks.py",
        "backoffice/core/management/commands/worker.py",
    },
    "zxcvbn": {"accounts/passwords.py"},
}
# The demo's sample shop is a stranger's program on purpose.
STRANGERS = "backoffice/demo/sample_shop"
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
READS_OF_A_VIEW = {"filter", "exclude", "annotate", "aggregate", "raw", "extra"}
TALKERS = ("views", "forms")


def name(path):
    return path.relative_to(ROOT).as_posix()


def talkers():
    for path in modules(*ROOMS, "backoffice"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not name(path).startswith(STRANGERS) and any(part in TALKERS for part in parts):
            yield path


@pytest.mark.parametrize("module", sorted(DOORS))
def test_ssrf_14_each_door_to_the_outside_is_one_file(module):
    users = {
        name(path)
        for path in modules()
        if not name(path).startswith(STRANGERS)
        and any(used == module or used.startswith(f"{module}.") for used in imported(path))
    }
    assert users <= DOORS[module], f"{module} is imported outside its door"


def test_views_and_forms_write_nothing_to_the_database_and_build_no_query():
    found = [
        f"{name(path)}:{node.lineno} .{node.func.attr}()"
        for path in talkers()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES | READS_OF_A_VIEW
        and "objects" in ast.unparse(node.func.value)
    ]
    assert not found, "move these into an action or a queryset method: " + ", ".join(found)


def test_views_and_forms_save_no_object():
    found = [
        f"{name(path)}:{node.lineno}"
        for path in talkers()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"save", "delete"}
        and "super()" not in ast.unparse(node.func.value)
    ]
    assert not found, "actions do, views talk: " + ", ".join(found)


def test_rules_models_and_actions_read_no_clock():
    clocks = {"timezone.now", "datetime.now", "datetime.utcnow", "time.time", "date.today"}
    quiet = ("rules", "models", "actions", "enums")
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules(*ROOMS)
        if any(part in quiet for part in path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in clocks
    ]
    assert not found, "`now` is a parameter: " + ", ".join(found)


def test_every_module_opens_with_one_sentence_about_what_it_knows():
    silent = [name(path) for path in modules() if tree(path).body and not ast.get_docstring(tree(path))]
    assert not silent
