"""Submitting a resource: where it begins, and its steps. Every button of a step saves what is in it."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import limits, parking
from accounts.models import User
from hub.resources import drafting, duplicates, files, permissions, submitting
from hub.resources.completeness import lacks
from hub.resources.forms import FORMS, UPLOADS, BeginForm
from hub.resources.glance import Row, glance, words_of
from hub.resources.models import Call, Resource, StateChange
from hub.resources.states import ResourceError, StateHasChanged, lock
from hub.resources.views_mine import own, show
from hub.review.models import Criterion

UNSAVED = "unsaved_in_steps"
# Of what has to be corrected: so much of a step, and of so many steps.
LONGEST_UNSAVED = 50_000
MOST_UNSAVED = 5
NAMES = {
    "what": gettext_lazy("What it is"),
    "about": gettext_lazy("What it is about"),
    "practice": gettext_lazy("The practice"),
    "send": gettext_lazy("Check and send"),
}


@dataclass(frozen=True)
class Step:
    """A step as the list above the form shows it."""

    key: str
    name: str
    number: int
    # How many answers it still needs before the submission can be sent.
    missing: int


def criteria() -> list[Criterion]:
    """By what reviewers judge: the criteria in use, in their order."""
    return list(Criterion.objects.in_use())


# What was typed and could not be saved waits until it is corrected: here, since a resource holds nothing malformed


def note_unsaved(request, resource: Resource, step: str, form, version: str) -> list[str]:
    """Keep what was typed upon this version of the step and is not in it. Returns the labels of its fields."""
    noted, key = request.session.get(UNSAVED, {}), f"{resource.pk}/{step}"
    values = drafting.values_of(resource, step) if form.errors else {}
    names = [
        name
        for name in form.fields
        if name in form.errors or (name in values and form.kept.get(name, values[name]) != values[name])
    ]
    typed = {name: request.POST.getlist(name) for name in names}
    others = {each: kept for each, kept in noted.items() if each != key}
    if typed and sum(len(value) for values in typed.values() for value in values) <= LONGEST_UNSAVED:
        request.session[UNSAVED] = dict(list(others.items())[1 - MOST_UNSAVED :]) | {key: [version, typed]}
    elif key in noted:
        request.session[UNSAVED] = others
    return [str(form.fields[name].label) for name in names]


def unsaved(request, resource: Resource, step: str) -> QueryDict | None:
    """The step as it is kept, with what was typed over it and could not be saved, unless it was changed since."""
    version, noted = request.session.get(UNSAVED, {}).get(f"{resource.pk}/{step}", ("", {}))
    if not noted or version != drafting.version_of(drafting.values_of(resource, step)):
        return None
    typed = QueryDict(mutable=True)
    for field in form_for(request, resource, step):
        value = field.value()
        typed.setlist(field.name, value if isinstance(value, list) else ["" if value is None else str(value)])
    for name, values in noted.items():
        typed.setlist(name, values)
    return typed


# Beginning


@parking.keeps_text()
def submit(request):
    """What is looked for and what happens with it, and the form that begins a draft."""
    call = call_of(request)
    if request.method != "POST":
        parked = parking.shown(request, "submit_resource")
        return show_begin(request, BeginForm(parked and parked.typed), call)
    form = BeginForm(request.POST)
    if slug_of_call(request) and not call:
        # Said once: the form that is shown again names no call.
        return show_begin(request, form, call, status=409)
    if not form.is_valid():
        return show_begin(request, form, call, status=422)
    try:
        with transaction.atomic():
            draft = begin(request, call, form.kept)
    except limits.TooOften as problem:
        form.add_error(None, problem)
        return limits.say_when(show_begin(request, form, call), problem)
    return redirect("resource_step", pk=draft.pk, step="what")


def begin(request, call: Call | None, typed: dict) -> Resource:
    """A new draft, or the one that the same click has begun a moment ago."""
    # A double click waits here for its twin.
    User.objects.select_for_update().get(pk=request.user.pk)
    language = get_language()
    title = typed.pop("title")
    same = {f"title_{language}": title, "kind": typed["kind"], "address": typed["address"], "call": call}
    moment_ago = timezone.now() - datetime.timedelta(minutes=1)
    twin = Resource.objects.filter(
        submitted_by=request.user, state=Resource.State.DRAFT, created_at__gt=moment_ago, **same
    ).first()
    if twin:
        return twin
    limits.take(request, "begin_resource")
    draft = submitting.begin(request.user, text_language=language, call=call, kind=typed["kind"])
    values = drafting.values_of(draft, "what")
    return drafting.save(draft, "what", typed | {"title": title}, drafting.version_of(values)).resource


def call_of(request) -> Call | None:
    """The call under which something is submitted, if it is open."""
    slug = slug_of_call(request)
    return Call.objects.open().filter(slug=slug).first() if slug else None


def slug_of_call(request) -> str:
    return (request.POST.get("call", "") or request.GET.get("call", "")).replace("\0", "")


def show_begin(request, form, call, status=200):
    slug = "" if call else slug_of_call(request)
    context = {
        "has_no_call": bool(slug),
        # Published, but not open now.
        "past_call": Call.objects.published().filter(slug=slug).first() if slug else None,
        "form": form,
        "call": call,
        "criteria": criteria(),
        "reviewers": settings.INTERNAL_REVIEWERS + settings.EXTERNAL_REVIEWERS,
        "steps": [NAMES["what"], NAMES["about"], NAMES["practice"], NAMES["send"]],
    }
    return render(request, "resources/submit/begin.html", context, status=status)


# The steps


@parking.keeps_text()
def step(request, pk, step):
    """One step of a submission: to fill in, and to save with every button."""
    resource = own(request, pk)
    parked = None if request.method == "POST" else parking.shown(request, "resource_step", f"{pk}/{step}")
    parked = parked and parked.typed
    if not permissions.can_edit(request.user, resource):
        return too_late(request, resource, step, request.POST if request.method == "POST" else parked)
    if step not in drafting.steps_of(resource):
        if request.method == "POST":
            raise Http404
        return redirect("resource_step", pk=pk, step="what")
    if request.method != "POST":
        typed = parked or unsaved(request, resource, step)
        return show_step(request, resource, step, form_for(request, resource, step, typed), parked=parked)
    try:
        return keep(request, resource, step)
    except StateHasChanged:
        resource.refresh_from_db()
        return too_late(request, resource, step, request.POST)


def form_for(request, resource: Resource, step: str, typed=None):
    options = {"answers": resource.state == Resource.State.CHANGES_REQUESTED} if step == "send" else {}
    return FORMS[step](typed, initial=drafting.values_of(resource, step), **options)


def keep(request, resource: Resource, step: str):
    """Save what is well formed, and go where the button leads unless something has to be said first."""
    form = form_for(request, resource, step, request.POST)
    form.is_valid()
    saved = drafting.save(resource, step, form.kept, base=request.POST.get("version", ""))
    if saved.is_stale:
        newer = [Row(step, name, str(form.fields[name].label), words_of(saved.resource, name)) for name in saved.newer]
        return show_step(request, saved.resource, step, form, version=saved.version, newer=newer, status=409)
    parking.forget(request, "resource_step", f"{resource.pk}/{step}")
    resource, action = saved.resource, request.POST.get("action", "")
    note_unsaved(request, resource, step, form, saved.version)
    problem = None
    if step == "what":
        problem = keep_files(request, resource, form)
    if isinstance(problem, limits.TooOften):
        return limits.say_when(show_step(request, resource, step, form, version=saved.version), problem)
    if form.errors or problem:
        return show_step(request, resource, step, form, version=saved.version, problem=problem, status=422)
    if step == "send" and action in {"send", "send_alone"}:
        return send(request, resource, form, saved.version, alone=action == "send_alone")
    return redirect(where(resource, step, action))


def where(resource: Resource, step: str, action: str) -> str:
    steps = drafting.steps_of(resource)
    at = steps.index(step) if step in steps else 0
    if action == "next" and at + 1 < len(steps):
        return reverse("resource_step", args=[resource.pk, steps[at + 1]])
    if action == "back" and at:
        return reverse("resource_step", args=[resource.pk, steps[at - 1]])
    if action == "leave":
        return reverse("my_resource", args=[resource.pk])
    return reverse("resource_step", args=[resource.pk, step]) + ("#files" if step == "what" else "")


def keep_files(request, resource: Resource, form):
    """Take away a file, and add the one that was chosen. Returns what is wrong with it."""
    number = request.POST.get("remove", "")
    if file := next((each for each in resource.files.all() if str(each.pk) == number), None):
        with transaction.atomic():
            lock(resource, permissions.EDITABLE)
            files.remove(file)
            drafting.note_change(resource)
        messages.success(request, _("The file is removed."))
    upload = request.FILES.get("upload")
    if not upload:
        return files.FileRefused(_("Choose a file first.")) if request.POST.get("action") == "upload" else None
    try:
        # Outside of the transaction: files that are refused count as well.
        limits.take(request, "upload")
        with transaction.atomic():
            # What was sent in by another window meanwhile gets no more files.
            lock(resource, permissions.EDITABLE)
            known = set(resource.files.values_list("pk", flat=True))
            file = files.keep(resource, upload)
            if is_new := file.pk not in known:
                drafting.note_change(resource)
    except limits.TooOften as problem:
        form.add_error(None, problem)
        return problem
    except files.FileRefused as problem:
        return problem
    if is_new:
        messages.success(request, _("The file is added."))
    else:
        said = _("The same file is there already, as “%(name)s”. It was not added again.")
        messages.info(request, said % {"name": file.name})
    return None


def send(request, resource: Resource, form, version: str, *, alone: bool):
    """Send it to the editors; `alone` without the call whose deadline has passed."""
    answers = resource.state == Resource.State.CHANGES_REQUESTED
    if not form.cleaned_data["relation"]:
        form.add_error("relation", _("Choose what you have to do with it."))
        return show_step(request, resource, "send", form, version=version, is_refused=True, status=422)
    try:
        with transaction.atomic():
            if answers:
                submitting.answer_changes(resource, request.user, form.cleaned_data["answer"])
            else:
                if alone and resource.call and not resource.call.is_open:
                    Resource.objects.filter(pk=resource.pk).update(call=None)
                submitting.submit(resource, request.user)
    except StateHasChanged:
        raise
    except submitting.NotReady:
        resource = own(request, resource.pk)
        return show_step(request, resource, "send", form, version=version, is_refused=True, status=422)
    except ResourceError as problem:
        resource = own(request, resource.pk)
        return show_step(request, resource, "send", form, version=version, problem=problem, status=422)
    kept = request.session.get(UNSAVED, {})
    request.session[UNSAVED] = {key: typed for key, typed in kept.items() if key.split("/")[0] != str(resource.pk)}
    if answers:
        messages.success(
            request, _("It is sent back to the editors. You hear from us by e-mail when they have decided.")
        )
    else:
        messages.success(request, _("It is sent. You see below what happens next, and hear from us by e-mail."))
    return redirect("my_resource", pk=resource.pk)


def too_late(request, resource: Resource, step: str, typed: QueryDict | None):
    """It can no longer be changed: say how it stands, and give back what was typed."""
    if not typed or (typed.get("action") in {"send", "send_alone"} and resource.state == Resource.State.SUBMITTED):
        # Sent by the first of two clicks.
        return redirect("my_resource", pk=resource.pk)
    form = FORMS[step].base_fields
    texts = [
        Row(step, name, str(form[name].label), ", ".join(typed.getlist(name)).replace("\0", ""))
        for name in form
        if typed.get(name)
    ]
    return show(request, resource, problem=StateHasChanged(resource.state), typed=texts, status=409)


def show_step(
    request, resource, step, form, *, version="", parked=None, newer=None, problem=None, is_refused=False, status=200
):
    """The step with what was typed. `is_refused` when it was to be sent, and answers are missing."""
    steps = drafting.steps_of(resource)
    missing = lacks(resource)
    by_step = Counter(step_of(lack.field) for lack in missing)
    base = version or (parked or {}).get("version", "") or drafting.version_of(drafting.values_of(resource, step))
    context = {
        "resource": resource,
        "form": form,
        "step": step,
        "steps": [Step(key, str(NAMES[key]), number, by_step[key]) for number, key in enumerate(steps, 1)],
        "name": NAMES[step],
        "number": steps.index(step) + 1,
        "is_last": step == steps[-1],
        "version": base,
        "newer": newer,
        "problem": problem,
        "is_refused": is_refused,
        "is_restored": bool(parked),
        "answers": resource.state == Resource.State.CHANGES_REQUESTED,
        "call_is_over": resource.call and not resource.call.is_open and resource.state == Resource.State.DRAFT,
        "asked": what_was_asked(resource),
        "criteria": criteria(),
        "known": duplicates.known(resource, request.user) if step != "practice" else [],
    }
    if step == "what":
        context |= {"files": list(resource.files.all()), "accepted": UPLOADS, "largest": files.LARGEST}
    if step == "send":
        context |= {
            "files": list(resource.files.all()),
            "glance": glance(resource),
            "lacks": [(lack.sentence, step_of(lack.field), lack.field) for lack in missing],
            "answers_missing": len(missing) + len(form.errors),
            "reviewers": settings.INTERNAL_REVIEWERS + settings.EXTERNAL_REVIEWERS,
        }
    return render(request, "resources/submit/step.html", context, status=status)


def what_was_asked(resource: Resource) -> str:
    """The editors' words while they wait for changes."""
    if resource.state != Resource.State.CHANGES_REQUESTED:
        return ""
    return StateChange.objects.filter(resource=resource, after=resource.state).values_list("words", flat=True).last()


def step_of(field: str) -> str:
    return next(step for step, names in drafting.FIELDS.items() if field in names)


@require_POST
def save_step(request, pk, step):
    """Keep a step while it is being filled in; asked by the script of the page, answered in JSON.

    200 with `saved_at` in words and the `version` upon which to build; 409 when this tab is stale or it was sent in;
    401 after the session ended; 429 with Retry-After when it was asked too often.
    """
    if not request.user.is_authenticated:
        return JsonResponse(
            {"error": _("Your session has ended. Press a button of the form: your text is kept while you log in.")},
            status=401,
        )
    resource = own(request, int(pk))
    if step not in drafting.steps_of(resource):
        raise Http404
    try:
        limits.take(request, "draft")
        form = form_for(request, resource, step, request.POST)
        form.is_valid()
        saved = drafting.save(resource, step, form.kept, base=request.POST.get("version", ""))
    except limits.TooOften as problem:
        return limits.say_when(JsonResponse({"error": str(problem)}), problem)
    except StateHasChanged as problem:
        return JsonResponse({"error": str(problem)}, status=409)
    if saved.is_stale:
        error = _("A newer version of this step was saved in another window. This window no longer saves by itself.")
        return JsonResponse({"error": error}, status=409)
    parking.forget(request, "resource_step", f"{resource.pk}/{step}")
    now = date_format(timezone.localtime(), "TIME_FORMAT")
    said = _("saved at %(time)s") % {"time": now}
    if labels := note_unsaved(request, saved.resource, step, form, saved.version):
        said = _("saved at %(time)s, except for: %(fields)s") % {"time": now, "fields": ", ".join(labels)}
    return JsonResponse({"saved_at": said, "version": saved.version})
