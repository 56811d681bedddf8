import uuid

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_contacts"),
    ]

    operations = [
        # The database draws an id for each row there is: a callable of ours would give all of them the same.
        migrations.AddField(
            model_name="device",
            name="public_id",
            field=models.UUIDField(db_default=RandomUUID(), editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="device",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="session",
            name="device",
            field=models.CharField(blank=True, max_length=64, verbose_name="navigateur connu"),
        ),
        migrations.AddField(
            model_name="session",
            name="address",
            field=models.CharField(blank=True, default="", max_length=45, verbose_name="adresse"),
        ),
        migrations.AddField(
            model_name="session",
            name="agent",
            field=models.CharField(blank=True, default="", max_length=400, verbose_name="navigateur"),
        ),
        migrations.AddField(
            model_name="session",
            name="last_seen_at",
            field=models.DateTimeField(null=True, verbose_name="dernière utilisation"),
        ),
        migrations.AddField(
            model_name="session",
            name="public_id",
            field=models.UUIDField(null=True, unique=True, verbose_name="identifiant public"),
        ),
        migrations.AddField(
            model_name="session",
            name="started_at",
            field=models.DateTimeField(null=True, verbose_name="ouverte le"),
        ),
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant public"
                    ),
                ),
                ("sealed_form", models.TextField(verbose_name="formulaire scellé")),
                ("expires_at", models.DateTimeField(verbose_name="gardé jusqu’au")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_form",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="utilisateur",
                    ),
                ),
            ],
            options={
                "verbose_name": "formulaire gardé",
                "verbose_name_plural": "formulaires gardés",
            },
        ),
    ]
