"""When somebody was last on a page that says what is new since."""

from datetime import datetime, timedelta

from django.db.models import Count
from django.db.models.functions import Coalesce
from django.utils import timezone

from consultations.following.models import Visit
from consultations.models import Comment

# Coming back within this time, one still sees what was new when one came.
ONE_VISIT = timedelta(minutes=30)


def since(user, page: str) -> datetime | None:
    """When the visit before the present one was; None at the first one. Notes the present one."""
    now = timezone.now()
    visit, is_first = Visit.objects.get_or_create(user=user, page=page, defaults={"at": now})
    if not is_first:
        if now - visit.at > ONE_VISIT:
            visit.since = visit.at
        visit.at = now
        visit.save(update_fields=["since", "at"])
    return visit.since


def answers_since(written: list[Comment], since: datetime, user) -> dict[int, int]:
    """By the id of each contribution of `user`, how many answers of others have appeared since then."""
    replies = Comment.objects.published().filter(parent__in=[each.pk for each in written]).exclude(author=user)
    # An answer that was held appeared when it was approved.
    appeared = replies.alias(appeared_at=Coalesce("state_changed_at", "created_at")).filter(appeared_at__gt=since)
    return dict(appeared.order_by().values_list("parent").annotate(count=Count("pk")))
