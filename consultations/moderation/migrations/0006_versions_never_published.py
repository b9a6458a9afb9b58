from django.db import migrations

# What was replaced while a contribution was held: every version before the one that a moderator approved, or removed.
# What its author withdrew while it was held is shown to nobody.
NEVER_PUBLISHED = """
    UPDATE consultations_commentversion AS version SET was_published = false
    FROM moderation_act AS act
    WHERE act.comment_id = version.comment_id
        AND (act.kind = 'approved' OR act.kind = 'hidden' AND act.before->>'state' = 'held')
        AND EXISTS (
            SELECT FROM consultations_commentversion AS later
            WHERE later.comment_id = version.comment_id AND later.number > version.number
                AND later.created_at <= act.at
        )
"""
STILL_HELD = """
    UPDATE consultations_commentversion AS version SET was_published = false
    FROM consultations_comment AS comment
    WHERE comment.id = version.comment_id AND comment.state = 'held'
        AND EXISTS (
            SELECT FROM consultations_commentversion AS later
            WHERE later.comment_id = version.comment_id AND later.number > version.number
        )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0012_proposed_texts"),
        ("moderation", "0005_acts_on_new_texts"),
    ]

    operations = [
        migrations.RunSQL(NEVER_PUBLISHED, migrations.RunSQL.noop),
        migrations.RunSQL(STILL_HELD, migrations.RunSQL.noop),
    ]
