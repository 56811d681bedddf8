from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0009_what_resets_came_to"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="contactrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("motive", "reinitialisation"),
                        ("outcome__in", ["password_sent", "unblocked", "factor_removed"]),
                        ("status", "treated"),
                    ),
                    models.Q(
                        models.Q(("motive", "reinitialisation"), ("status", "treated"), _negated=True), ("outcome", "")
                    ),
                    _connector="OR",
                ),
                name="request_treated_reset_says_what_was_done",
                violation_error_message="Une réinitialisation traitée dit ce qui a été fait, et elle seule.",
            ),
        ),
    ]
