"""PostgreSQL itself refuses to change the journal (LOG-02): the application could not even by mistake."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION core_journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON core_journalentry
    FOR EACH ROW EXECUTE FUNCTION core_journal_refuse_change();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON core_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_journal_refuse_change();
"""

BACKWARD = """
DROP TRIGGER journal_no_truncate ON core_journalentry;
DROP TRIGGER journal_no_change ON core_journalentry;
DROP FUNCTION core_journal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
