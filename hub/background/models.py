"""Tasks as this portal sees them, when scheduled ones ran last, and mails on their way."""

from datetime import timedelta
from traceback import format_exception

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet, get_date_max

STATES = {
    TaskResultStatus.RUNNING: _("running"),
    TaskResultStatus.SUCCESSFUL: _("done"),
    TaskResultStatus.FAILED: _("given up"),
}


class TaskQuerySet(DBTaskResultQuerySet):
    def waiting(self):
        """Tasks that are to run now or later, among them those to be tried again."""
        return self.filter(status=TaskResultStatus.READY)

    def unfinished(self):
        return self.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])

    def run_again(self) -> int:
        """Let the dead among these tasks, and those that wait for another try, run now; the number of them."""
        return self.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.FAILED]).update(
            status=TaskResultStatus.READY, run_after=timezone.now(), finished_at=None, worker_ids=[]
        )


class Task(DBTaskResult):
    """One call of a task. The table belongs to django-tasks-db; here it learns to be tried again."""

    objects = TaskQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")

    def __str__(self):
        return self.task_path

    @property
    def attempts(self) -> int:
        """How often it was begun. Each worker that begins a task adds itself to the list."""
        return len(self.worker_ids)

    @property
    def state(self) -> str:
        """Its state in words."""
        if self.status == TaskResultStatus.READY:
            return _("failed, to be tried again") if self.traceback else _("waiting")
        return STATES[self.status]

    @property
    def error(self) -> str:
        """The last line of what went wrong at the last attempt."""
        return self.traceback.strip().rpartition("\n")[2]

    @property
    def due_at(self):
        """When it is to run; None as soon as possible."""
        return None if self.run_after == get_date_max() else self.run_after

    def succeed(self) -> None:
        self._leave_worker(
            status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now(), exception_class_path="", traceback=""
        )

    def fail(self, error: Exception, *, at_once: bool = False) -> None:
        """Keep what went wrong, and wait for the next attempt if there is one; `at_once` without a delay."""
        now = timezone.now()
        reason = {
            "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
            "traceback": "".join(format_exception(error)),
        }
        if self.attempts > len(settings.RETRY_DELAYS):
            self._leave_worker(status=TaskResultStatus.FAILED, finished_at=now, **reason)
        else:
            delay = 0 if at_once else settings.RETRY_DELAYS[self.attempts - 1]
            if self.task_path in settings.SCHEDULE:
                # The next one is not enqueued before this one has ended.
                delay = min(delay, settings.SCHEDULE[self.task_path])
            self._leave_worker(status=TaskResultStatus.READY, run_after=now + timedelta(seconds=delay), **reason)

    def put_back(self) -> None:
        """Wait to be run from the beginning, as if it had not been begun: the worker was asked to stop."""
        self._leave_worker(status=TaskResultStatus.READY, run_after=timezone.now(), worker_ids=self.worker_ids[:-1])

    def _leave_worker(self, **changes) -> None:
        # Nothing is changed when the task has meanwhile been given to another worker, this one being thought dead.
        Task.objects.filter(pk=self.pk, status=TaskResultStatus.RUNNING, worker_ids=self.worker_ids).update(**changes)
        for name, value in changes.items():
            setattr(self, name, value)


class ScheduledRun(models.Model):
    """When a task of settings.SCHEDULE was last enqueued. Its row is locked while a worker looks whether it is due."""

    name = models.CharField(_("task"), max_length=200, primary_key=True)
    last_run_at = models.DateTimeField(_("last enqueued"), null=True)

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")

    def __str__(self):
        return self.name


class OutgoingMailQuerySet(models.QuerySet):
    def to(self, address: str):
        return self.filter(recipients__contains=[address.lower()])

    def waiting(self):
        return self.filter(state=OutgoingMail.State.WAITING)

    def due(self):
        """Mails to be sent now, in the order in which to send them."""
        return self.waiting().filter(due_at__lte=timezone.now()).order_by("is_bulk", "due_at", "pk")

    def dead(self):
        return self.filter(state=OutgoingMail.State.DEAD)

    def run_again(self) -> int:
        """Let the dead among these mails, and those that wait for another try, be sent now; the number of them."""
        now = timezone.now()
        return self.exclude(state=OutgoingMail.State.SENT).update(
            state=OutgoingMail.State.WAITING,
            due_at=now,
            give_up_at=now + settings.MAIL_GIVE_UP_AFTER,
            finished_at=None,
        )


class OutgoingMail(models.Model):
    """A message on its way. Its row is locked while it is sent, and a worker that is killed leaves nothing locked."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    recipients = ArrayField(models.CharField(max_length=320), verbose_name=_("recipients"))
    message_id = models.CharField("Message-ID", max_length=255, unique=True)
    # All of the message, its subject too, which may hold a code: shown to nobody, and gone as soon as it is sent.
    content = models.JSONField(_("content"), null=True)
    is_bulk = models.BooleanField(_("gives way to others"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    queued_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    give_up_at = models.DateTimeField(_("given up after"))
    finished_at = models.DateTimeField(_("sent or given up"), null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                "is_bulk", "due_at", "id", condition=models.Q(state="waiting"), name="mails_in_order_of_sending"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", content__isnull=True)
                | models.Q(~models.Q(state="sent"), content__isnull=False),
                name="mail_loses_its_content_when_sent",
            )
        ]

    def __str__(self):
        return ", ".join(self.recipients)
