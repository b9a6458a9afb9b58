"""When somebody was last on a page that says what is new since."""

from datetime import datetime, timedelta

from django.utils import timezone

from consultations.following.models import Visit

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
