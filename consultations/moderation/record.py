"""Writing the append-only record of moderation."""

from django.db import connection

from consultations.models import Comment, ConductRule, Consultation
from consultations.moderation.models import Act

# What the database has for keeping it: migration 0002.
GUARDS = ["no_change", "no_emptying"]


def guards_lacking() -> list[str]:
    """The triggers that are gone or switched off, which whoever owns the table can do, and the portal never does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')",
            [Act._meta.db_table],
        )
        standing = {name for (name,) in cursor.fetchall()}
    return [name for name in GUARDS if name not in standing]


def record(
    kind: str,
    *,
    actor,
    actor_name: str = "",
    comment: Comment | None = None,
    consultation: Consultation | None = None,
    person=None,
    rule: ConductRule | None = None,
    reason: str = "",
    before: dict | None = None,
    after: dict | None = None,
) -> Act:
    """Add one act, in the transaction of the change that it records."""
    return Act.objects.create(
        kind=kind,
        actor_id=actor.pk,
        actor_name=actor_name or actor.name,
        consultation=consultation or comment.question.consultation,
        comment=comment,
        person_id=person.pk if person else comment.author_id if comment else None,
        rule_number=rule.number if rule else None,
        rule_text=rule.text if rule else "",
        reason=reason,
        before=before or {},
        after=after or {},
    )
