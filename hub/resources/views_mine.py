"""What somebody has submitted: all of it, and one submission with the steps that it took."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import limits
from hub.resources import permissions, submitting
from hub.resources.glance import glance
from hub.resources.models import Resource, StateChange
from hub.resources.states import ResourceError

PER_PAGE = 20
State = Resource.State


@login_required
def submissions(request):
    """One's own submissions: drafts first, then what waits for an answer, then the others, the latest first."""
    waits = Case(
        When(state=State.DRAFT, then=Value(0)),
        When(state=State.CHANGES_REQUESTED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    own = Resource.objects.submitted_by(request.user).select_related("call").order_by(waits, "-state_since", "-pk")
    return render(
        request, "resources/submit/mine.html", {"page": Paginator(own, PER_PAGE).get_page(request.GET.get("page"))}
    )


def own(request, pk) -> Resource:
    """One of the person's own submissions; 404 for those of others, who need not know that there are any."""
    return get_object_or_404(Resource.objects.submitted_by(request.user).select_related("call", "practice"), pk=pk)


@login_required
def submission(request, pk):
    return show(request, own(request, pk))


def show(request, resource: Resource, *, problem="", typed: list | None = None, status=200):
    """How a submission stands. `typed` is what could not be taken any more, to be copied."""
    context = {
        "resource": resource,
        "changes": list(StateChange.objects.filter(resource=resource)),
        "glance": glance(resource),
        "files": list(resource.files.all()),
        "may_edit": permissions.can_edit(request.user, resource),
        "may_submit_anew": permissions.can_submit_anew(request.user, resource),
        "may_withdraw": permissions.can_withdraw(request.user, resource),
        "problem": problem,
        "typed": typed,
    }
    return render(request, "resources/submit/submission.html", context, status=status)


@login_required
def withdraw(request, pk):
    resource = own(request, pk)
    if request.method != "POST" or resource.state == State.WITHDRAWN:
        # Also where somebody lands who had to log in first: the page says what withdrawing means.
        return redirect("my_resource", pk=pk)
    try:
        submitting.withdraw(resource, request.user)
    except ResourceError as problem:
        resource.refresh_from_db()
        if resource.state == State.WITHDRAWN:
            return redirect("my_resource", pk=pk)
        return show(request, resource, problem=problem, status=409)
    messages.success(request, _("It is withdrawn. Nobody reads it any more."))
    return redirect("my_resource", pk=pk)


@login_required
def submit_anew(request, pk):
    """A new draft with what was written, to be looked through from its first step."""
    resource = own(request, pk)
    if request.method != "POST" or not permissions.can_submit_anew(request.user, resource):
        return redirect("my_resource", pk=pk)
    try:
        with transaction.atomic():
            limits.take(request, "begin_resource")
            draft = submitting.begin_anew(resource, request.user)
    except (limits.TooOften, ResourceError) as problem:
        resource.refresh_from_db()
        is_too_often = isinstance(problem, limits.TooOften)
        page = show(request, resource, problem=str(problem), status=429 if is_too_often else 409)
        return limits.say_when(page, problem) if is_too_often else page
    messages.success(request, _("This is a new draft with what you had written. Look through it, then send it."))
    return redirect("resource_step", pk=draft.pk, step="what")
