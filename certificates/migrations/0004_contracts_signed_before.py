from django.db import migrations

# Until now nobody was asked how a signed contract came back.
NOTE = "Signé avant que l’on note comment l’exemplaire est revenu."


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0003_signed_paper"),
    ]

    operations = [
        migrations.RunSQL(
            [("UPDATE certificates_contract SET signed_note = %s WHERE state = 'signed' AND signed_note = ''", [NOTE])],
            # Going back leaves the note: the column goes with it.
            migrations.RunSQL.noop,
        ),
    ]
