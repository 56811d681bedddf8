from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0004_contracts_signed_before"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scan_digest", ""), ("signed_note", ""), ("state", "issued")),
                    models.Q(
                        ("state", "signed"),
                        models.Q(
                            ("scan_digest__regex", "^[0-9a-f]{64}$"),
                            models.Q(("scan_digest", ""), models.Q(("signed_note", ""), _negated=True)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="contract_signed_has_its_proof",
                violation_error_message="Un contrat signé dit comment son exemplaire est revenu.",
            ),
        ),
    ]
