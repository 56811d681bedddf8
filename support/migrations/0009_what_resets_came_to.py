"""What the resets treated so far came to: a temporary password; an advisor, who has no code, was unblocked."""

from django.db import migrations


def tell(apps, schema_editor):
    requests = apps.get_model("support", "ContactRequest").objects.filter(motive="reinitialisation", status="treated")
    advisors = apps.get_model("accounts", "User").objects.filter(kind="advisor").values("identifier")
    requests.filter(identifier__in=advisors).update(outcome="unblocked")
    requests.exclude(identifier__in=advisors).update(outcome="password_sent")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_told_codes"),
        ("support", "0008_opened_by_advisors"),
    ]

    operations = [
        # Backwards the column goes: nothing to undo in it.
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
