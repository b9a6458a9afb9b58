"""Tasks at intervals, each enqueued once however many workers there are."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from hub.background.models import ScheduledRun, Task


def enqueue_due() -> list[str]:
    """Enqueue the tasks of settings.SCHEDULE whose interval is over, once even after a long downtime; their paths.

    A task that has not ended since it was last enqueued is left out until it has.
    """
    known = dict(ScheduledRun.objects.values_list("name", "last_run_at"))
    return [
        path
        for path, seconds in settings.SCHEDULE.items()
        if is_due(known.get(path), seconds) and enqueue_once(path, seconds)
    ]


def is_due(last_run_at, seconds: int) -> bool:
    return last_run_at is None or last_run_at + timedelta(seconds=seconds) <= timezone.now()


@transaction.atomic
def enqueue_once(path: str, seconds: int) -> bool:
    ScheduledRun.objects.bulk_create([ScheduledRun(name=path)], ignore_conflicts=True)
    # Another worker that looks at this moment waits here, and then finds the task enqueued.
    run = ScheduledRun.objects.select_for_update().get(name=path)
    if not is_due(run.last_run_at, seconds) or Task.objects.unfinished().filter(task_path=path).exists():
        return False
    import_string(path).enqueue()
    run.last_run_at = timezone.now()
    run.save()
    return True
