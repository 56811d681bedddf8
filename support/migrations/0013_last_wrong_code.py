from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0012_settlement_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="callback",
            name="is_last_code_wrong",
            field=models.BooleanField(default=False, verbose_name="dernier code erroné"),
        ),
    ]
