from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0002_amendments"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="scan_digest",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=64, verbose_name="empreinte de la copie signée"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="contract",
            name="signed_note",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="note sur l’exemplaire signé"),
            preserve_default=False,
        ),
    ]
