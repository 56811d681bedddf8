"""Calls to shops are a record: a row that is written is never changed (design 4.20)."""

from django.db import migrations

CREATE = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a notification attempt is never changed';
END $$;
CREATE TRIGGER attempts_never_change BEFORE UPDATE ON payments_notificationattempt
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""
DROP = """
DROP TRIGGER attempts_never_change ON payments_notificationattempt;
DROP FUNCTION payments_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
