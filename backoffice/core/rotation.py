"""Sealing everything again under today's key, so that an older one can leave VAULT_KEYS (design 4.4).

Every column named `sealed_<name>` holds tokens bound to `vault.row_identity(<app.model>, public_id, <name>)`; the
journal's yearly keys, which have a year and no public id, bring their own identity.
"""

from collections.abc import Iterator
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from backoffice.core import journal, vault
from backoffice.core.models import JournalKey

_PREFIX = "sealed_"
_BATCH = 200


def reseal_everything() -> dict[str, int]:
    """Seal again what an older key holds; return how many tokens, by `app.model.column`. May be run at any time.

    Raises vault.SealBroken, naming nothing secret, when a token does not open: nothing of its batch is changed then.
    """
    counts = {f"{model._meta.label_lower}.{column}": _reseal(model, column) for model, column in _sealed_columns()}
    counts[f"{JournalKey._meta.label_lower}.sealed_key"] = _reseal_journal_keys()
    return counts


def _sealed_columns() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields()}
        if "public_id" in names:
            yield from ((model, name) for name in sorted(names) if name.startswith(_PREFIX))


def _older(rows: "models.QuerySet[models.Model]", column: str) -> "models.QuerySet[models.Model]":
    """Rows whose token an older key sealed; what is no token (empty, or the journal's own seals) is left alone."""
    mine = f"{vault.VERSION}.{vault.current_key_id()}."
    return rows.filter(**{f"{column}__startswith": f"{vault.VERSION}."}).exclude(**{f"{column}__startswith": mine})


def _reseal(model: type[models.Model], column: str) -> int:
    done = 0
    while True:
        with transaction.atomic():
            rows = list(_older(model._default_manager.select_for_update(), column).order_by("pk")[:_BATCH])
            for row in rows:
                owner: UUID = row.public_id  # type: ignore[attr-defined]
                identity = vault.row_identity(model._meta.label_lower, owner, column.removeprefix(_PREFIX))
                setattr(row, column, vault.reseal(getattr(row, column), identity=identity))
                row.save(update_fields=[column])
        done += len(rows)
        if len(rows) < _BATCH:
            return done


@transaction.atomic
def _reseal_journal_keys() -> int:
    done = 0
    for key in JournalKey.objects.select_for_update():
        if not vault.is_current(key.sealed_key):
            key.sealed_key = vault.reseal(key.sealed_key, identity=journal.year_key_identity(key.year))
            key.save(update_fields=["sealed_key"])
            done += 1
    return done
