"""The background's own housekeeping."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task

from hub.background.models import OutgoingMail, Task

KEPT = {
    OutgoingMail.State.SENT: timedelta(days=30),
    OutgoingMail.State.DEAD: timedelta(days=90),
    TaskResultStatus.SUCCESSFUL: timedelta(days=7),
    TaskResultStatus.FAILED: timedelta(days=90),
}


@task
def prune() -> None:
    """Delete the records of mails and tasks that ended long ago."""
    now = timezone.now()
    for state in (OutgoingMail.State.SENT, OutgoingMail.State.DEAD):
        OutgoingMail.objects.filter(state=state, finished_at__lt=now - KEPT[state]).delete()
    for status in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED):
        Task.objects.filter(status=status, finished_at__lt=now - KEPT[status]).delete()
