"""The database itself keeps the record of moderation from being changed, deleted or emptied."""

from django.db import migrations

GUARD = """
CREATE FUNCTION moderation_record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The record of moderation is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON moderation_act
    FOR EACH ROW EXECUTE FUNCTION moderation_record_is_append_only();
CREATE TRIGGER no_emptying BEFORE TRUNCATE ON moderation_act
    FOR EACH STATEMENT EXECUTE FUNCTION moderation_record_is_append_only();
"""
NO_GUARD = """
DROP TRIGGER no_change ON moderation_act;
DROP TRIGGER no_emptying ON moderation_act;
DROP FUNCTION moderation_record_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_record")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
