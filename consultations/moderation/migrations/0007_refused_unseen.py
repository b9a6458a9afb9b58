from django.db import migrations

# What a moderator removed, or its author withdrew, while it was held; no longer among the replies that are counted.
NEVER_SHOWN = """
    WITH unseen AS (
        UPDATE consultations_comment AS comment SET was_never_shown = true
        WHERE comment.state = 'hidden' AND (
            SELECT act.before->>'state' FROM moderation_act AS act
            WHERE act.comment_id = comment.id AND act.kind = 'hidden' ORDER BY act.id DESC LIMIT 1
        ) = 'held' OR comment.state = 'withdrawn' AND EXISTS (
            SELECT FROM moderation_case AS held
            WHERE held.comment_id = comment.id AND held.kind = 'held' AND held.outcome = 'withdrawn'
        )
        RETURNING comment.parent_id, comment.path[1] AS root_id
    ), fewer AS (
        SELECT root_id, count(*) AS replies FROM unseen WHERE parent_id IS NOT NULL GROUP BY root_id
    )
    UPDATE consultations_comment AS root SET reply_count = root.reply_count - fewer.replies
    FROM fewer WHERE root.id = fewer.root_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0013_never_shown"),
        ("moderation", "0006_versions_never_published"),
    ]

    operations = [migrations.RunSQL(NEVER_SHOWN, migrations.RunSQL.noop)]
