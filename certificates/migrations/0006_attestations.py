import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0005_signed_has_its_proof"),
        ("shops", "0002_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attestation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.CharField(editable=False, max_length=8, unique=True, verbose_name="numéro")),
                ("sealed_snapshot", models.TextField(editable=False, verbose_name="contenu scellé")),
                ("digest", models.CharField(editable=False, max_length=64, verbose_name="empreinte")),
                ("issued_at", models.DateTimeField(verbose_name="établie le")),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attestations",
                        to="shops.shop",
                        verbose_name="boutique",
                    ),
                ),
            ],
            options={
                "verbose_name": "attestation",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__regex", "^T[0-9]{7}$")),
                        name="attestation_number_has_its_shape",
                        violation_error_message="Le numéro d’attestation est un T suivi de sept chiffres.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$"), ("sealed_snapshot__startswith", "v1.")),
                        name="attestation_is_sealed_with_its_digest",
                        violation_error_message="Une attestation s’enregistre scellée, avec son empreinte.",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="amendment", name="amendment_kind_is_known"),
        migrations.AlterField(
            model_name="amendment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new_code", "Remplacement du code de première connexion"),
                    ("settlement_account", "Changement du compte de règlement"),
                ],
                max_length=20,
                verbose_name="objet",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["new_code", "settlement_account"])),
                name="amendment_kind_is_known",
                violation_error_message="Cet objet n’existe pas.",
            ),
        ),
    ]
