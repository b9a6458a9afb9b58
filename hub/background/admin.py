"""What waits, what was given up, and why, with a way to run it again. Nothing here shows what a mail says."""

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks import TaskResultStatus

from hub.background.models import OutgoingMail, Task


class RecordAdmin(admin.ModelAdmin):
    """A record that nobody writes by hand; whoever may change it may let it run again."""

    actions = ["run_again"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_rerun_permission(self, request):
        return super().has_change_permission(request)

    def tell(self, request, text: str) -> None:
        if text:
            self.message_user(request, text, messages.SUCCESS)
        else:
            self.message_user(
                request, _("None of these can be run again: they are done, or running."), messages.WARNING
            )


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("dead", _("given up")),
            ("failing", _("failed, to be tried again")),
            ("waiting", _("waiting")),
            ("running", _("running")),
            ("done", _("done")),
        ]

    def queryset(self, request, queryset):
        filters = {
            "dead": {"status": TaskResultStatus.FAILED},
            "failing": {"status": TaskResultStatus.READY, "exception_class_path__gt": ""},
            "waiting": {"status": TaskResultStatus.READY},
            "running": {"status": TaskResultStatus.RUNNING},
            "done": {"status": TaskResultStatus.SUCCESSFUL},
        }
        return queryset.filter(**filters.get(self.value(), {}))


@admin.register(Task)
class TaskAdmin(RecordAdmin):
    list_display = ["name", "state", "attempts", "error", "enqueued", "started", "due", "finished"]
    list_filter = [StateFilter]
    search_fields = ["task_path", "exception_class_path", "traceback"]
    ordering = ["-enqueued_at"]
    fields = ["name", "arguments", "state", "attempts", "enqueued", "started", "due", "finished", "whole_error"]

    @admin.action(description=_("Run the chosen tasks again"), permissions=["rerun"])
    def run_again(self, request, queryset):
        count = queryset.run_again()
        text = ngettext(
            "%(count)d task will run again in a moment.", "%(count)d tasks will run again in a moment.", count
        )
        self.tell(request, text % {"count": count} if count else "")

    # The package's own names of its columns exist in English only.

    @admin.display(description=_("task"), ordering="task_path")
    def name(self, task):
        return task.task_path

    @admin.display(description=_("arguments"))
    def arguments(self, task):
        return task.args_kwargs

    @admin.display(description=_("enqueued"), ordering="enqueued_at")
    def enqueued(self, task):
        return task.enqueued_at

    @admin.display(description=_("last begun"), ordering="started_at")
    def started(self, task):
        return task.started_at

    @admin.display(description=_("ended"), ordering="finished_at")
    def finished(self, task):
        return task.finished_at

    @admin.display(description=_("state"), ordering="status")
    def state(self, task):
        return task.state

    @admin.display(description=_("attempts"))
    def attempts(self, task):
        return task.attempts

    @admin.display(description=_("last error"))
    def error(self, task):
        return task.error

    @admin.display(description=_("next attempt"), ordering="run_after")
    def due(self, task):
        return task.due_at if task.status == TaskResultStatus.READY else None

    @admin.display(description=_("last error"))
    def whole_error(self, task):
        return format_html("<pre>{}</pre>", task.traceback) if task.traceback else None


@admin.register(OutgoingMail)
class OutgoingMailAdmin(RecordAdmin):
    list_display = ["__str__", "state", "attempts", "error", "queued_at", "due", "finished_at"]
    list_filter = ["state"]
    search_fields = ["recipients", "error", "message_id"]
    fields = ["recipients", "message_id", "state", "attempts", "error", "queued_at", "due", "give_up_at", "finished_at"]

    @admin.action(description=_("Send the chosen mails again"), permissions=["rerun"])
    def run_again(self, request, queryset):
        count = queryset.run_again()
        text = ngettext("%(count)d mail will be sent in a moment.", "%(count)d mails will be sent in a moment.", count)
        self.tell(request, text % {"count": count} if count else "")

    @admin.display(description=_("next attempt"), ordering="due_at")
    def due(self, mail):
        return mail.due_at if mail.state == OutgoingMail.State.WAITING else None
