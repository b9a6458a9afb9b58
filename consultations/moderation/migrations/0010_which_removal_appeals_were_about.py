from django.db import migrations

# Each request was about the removal before it.
FILL = """
    UPDATE moderation_appeal AS appeal SET removal_id = (
        SELECT act.id FROM moderation_act AS act
        WHERE act.comment_id = appeal.comment_id AND act.kind = 'hidden' AND act.at <= appeal.created_at
        ORDER BY act.id DESC LIMIT 1
    )
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0009_an_appeal_for_each_removal")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
