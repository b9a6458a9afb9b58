"""The moderators' desk, and what participants ask of the moderators: who asks for what, and which answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import limits, once, parking
from consultations import drafts, permissions, posting
from consultations.models import Comment, Draft
from consultations.moderation import acts, complaints, consultation_acts, on_behalf
from consultations.moderation import desk as desk_of
from consultations.moderation.desk import Desk, Filter, Matter
from consultations.moderation.forms import DecisionForm, ReportForm, WordsForm
from consultations.moderation.models import Act, Case
from consultations.views import find_comment, id_of

DO = {
    "approve": acts.approve,
    "hide": acts.hide,
    "publish": acts.publish_text,
    "refuse": acts.refuse_text,
    "restore": acts.restore,
    "uphold": acts.uphold,
    "leave": acts.leave,
    "answer": acts.answer,
    "acknowledge": acts.acknowledge,
    "close": acts.close_answered,
    "promote": acts.promote,
    "move": acts.move,
    "list": acts.list_under,
    "stay": acts.stay,
    "take": acts.take,
    "pass": acts.pass_on,
}


# The acts that the author is told of.
TOLD = {"approve", "hide", "restore", "uphold", "publish", "refuse", "acknowledge", "close", "promote", "move", "list"}


def said_of(act: str, comment: Comment) -> str:
    if act in TOLD and not on_behalf.can_be_told(comment):
        return _("Done. Nobody could be told: its author has no account here, and no address of theirs is known.")
    return {
        "approve": _("Published. Its author is told."),
        "hide": _("Removed. Its author is told the rule and your sentence, and can ask for another look."),
        "publish": _("The new text is published. Its author is told."),
        "refuse": _("The published text stays. Its author is told the rule and your sentence."),
        "restore": _("Restored. Its author is told."),
        "uphold": _("The removal stands. Its author is told."),
        "leave": _("Left as it is. Those who reported it are told."),
        "answer": _("Your answer is published."),
        "acknowledge": _("Acknowledged, and yours to answer. Whoever asked is told."),
        "close": _("Taken off the desk. Whoever asked is told where it was answered."),
        "promote": _("It is a numbered question now. Its author is told."),
        "move": _("Moved. Its author is told and can object once."),
        "list": _("Listed there too. Its author is told and can object once."),
        "stay": _("It stays on the open floor."),
        "take": _("You look after it now."),
        "pass": _("Passed on."),
    }[act]


# The desk


@login_required
def desk(request):
    """What waits in the consultations that this person moderates."""
    require_moderator(request.user)
    form, problem = decision_begun(request)
    return show_desk(request, since=desk_of.note_visit(request.user), form=form, problem=problem)


def decision_begun(request) -> tuple[DecisionForm | None, Exception | None]:
    """The decision that was sent after the session had ended, and what makes it impossible meanwhile."""
    parked = parking.shown(request, "decide")
    case = parked and Case.objects.filter(pk=parked.about).first()
    consultations = list(desk_of.moderated_by(request.user).filter(pk=case.consultation_id)) if case else []
    if not consultations:
        return None, None
    matter = desk_of.matters_of([case.pk], request.user, consultations)[0]
    form = parking.fill(form_for(matter, desk_of.rules_in_force()), parked.typed)
    return form, overtaken(form)


def overtaken(form: DecisionForm) -> Exception | None:
    """Why what stands in a form that was given back cannot be done any more, if it cannot."""
    return acts.Overtaken(form.matter.comment) if form.left_over() else None


def require_moderator(user) -> None:
    if not user.is_superuser and not desk_of.moderated_by(user).exists():
        raise PermissionDenied(_("This page is for the people who moderate a consultation."))


def show_desk(request, *, since, form: DecisionForm | None = None, problem=None, status=200):
    """The desk; with `form`, the decision that was not taken stands in its place with what was typed."""
    done = form.matter.case.pk if form else id_of(request.GET.get("done", ""))
    found = Desk(request.user, Filter.of(request.GET), since=since, done=done)
    rules = desk_of.rules_in_force()
    matters = found.matters()
    parked = parking.shown(request, "decide_several") if request.method == "GET" else None
    ticked = parked.typed.getlist("case") if parked else []
    for matter in matters:
        matter.is_ticked = f"{matter.case.pk}:{matter.seen}" in ticked
        if form and matter.case.pk == form.matter.case.pk:
            # As it stands now, with the new stamp: pressing again decides about what is shown.
            form.matter, matter.form, matter.problem = matter, form, problem
        else:
            matter.form = form_for(matter, rules)
    context = {
        "desk": found,
        "chosen": found.chosen,
        "page": found.page,
        "matters": matters,
        "several": several_on(found.chosen, matters),
        "last_acts": found.last_acts(),
        "pauses": list(consultation_acts.running_pauses(*found.consultations)),
        "rules": rules,
        "problem": problem or (form and form.errors),
    }
    return render(request, "moderation/desk.html", context, status=status)


def form_for(matter: Matter, rules, data=None) -> DecisionForm:
    return DecisionForm(data, matter=matter, rules=rules, page_language=get_language())


def several_on(chosen: Filter, matters: list[Matter]) -> str:
    """The act that the list offers for several at once, if there is one."""
    act = desk_of.SEVERAL.get(chosen.queue, "")
    # A new text of a published contribution is decided on its own, once what changes was read.
    can_be_ticked = any(each.is_open and each.may_decide and act in each.acts for each in matters)
    return act if can_be_ticked else ""


@parking.keeps_text("desk")
@require_POST
def decide(request, pk):
    """One decision on the desk; afterwards the same place on the list."""
    case = get_object_or_404(Case, pk=pk)
    consultations = list(desk_of.moderated_by(request.user).filter(pk=case.consultation_id))
    if not consultations:
        raise PermissionDenied
    matter = desk_of.matters_of([case.pk], request.user, consultations)[0]
    form, problem = carry_out(request, matter)
    if form is None:
        return redirect(
            reverse("desk") + Filter.of(request.GET).query(page=request.GET.get("page", ""), done=pk) + f"#case-{pk}"
        )
    return show_desk(
        request, since=desk_of.note_visit(request.user), form=form, problem=problem, status=status_of(problem)
    )


def status_of(problem) -> int:
    return 409 if isinstance(problem, acts.Overtaken) else 422


def carry_out(request, matter: Matter) -> tuple[DecisionForm | None, Exception | None]:
    """Do what the form says. Without success the form comes back, and why."""
    form = form_for(matter, desk_of.rules_in_force(), request.POST)
    if not form.is_valid():
        keep_answer(request, matter)
        return form, None
    act = form.cleaned_data["act"]
    if act != "answer":
        keep_answer(request, matter)
    try:
        seen = form.cleaned_data["seen"] or UNSEEN
        DO[act](comment=matter.comment, moderator=request.user, seen=seen, **form.what_to_do())
    except acts.Overtaken as problem:
        if not (problem.act and problem.act.actor_id == request.user.pk and is_same(act, problem.act)):
            return form, problem
        # A second click: it is done already.
    except (acts.ActError, posting.PostingError) as problem:
        return form, problem
    messages.success(request, said_of(act, matter.comment), extra_tags=form.identity)
    return None, None


# In place of the stamp that a form did not bring.
UNSEEN = "-"

SAME = {
    "approve": Act.Kind.APPROVED,
    "hide": Act.Kind.HIDDEN,
    "publish": Act.Kind.TEXT_PUBLISHED,
    "refuse": Act.Kind.TEXT_REFUSED,
    "restore": Act.Kind.RESTORED,
    "uphold": Act.Kind.UPHELD,
    "leave": Act.Kind.LEFT,
    "answer": Act.Kind.ANSWERED,
    "acknowledge": Act.Kind.ACKNOWLEDGED,
    "close": Act.Kind.ANSWERED_BEFORE,
    "promote": Act.Kind.PROMOTED,
    "move": Act.Kind.MOVED,
    "list": Act.Kind.LISTED,
    "stay": Act.Kind.PLACED,
    "take": Act.Kind.TAKEN,
    "pass": Act.Kind.PASSED,
}


def is_same(act: str, done: Act) -> bool:
    return SAME[act] == done.kind


def keep_answer(request, matter: Matter) -> None:
    """An answer begun is kept as a draft, whatever else was pressed."""
    if "answer" not in matter.acts:
        return
    about_it = {"author": request.user, "question": matter.comment.question, "parent": matter.comment}
    kept = Draft.objects.filter(**about_it).first()
    typed = drafts.Typed.sent({"body": request.POST.get("answer", "")})
    if typed.body != (kept.body if kept else ""):
        drafts.save(typed=typed, base=kept.sequence if kept else 0, **about_it)


@parking.keeps_text("desk", holds=parking.TICKS)
@require_POST
def decide_several(request):
    """The same simple decision about several cases, each on its own."""
    require_moderator(request.user)
    chosen = Filter.of(request.GET)
    act = request.POST.get("act", "")
    if not act or act != desk_of.SEVERAL.get(chosen.queue):
        raise Http404
    seen = dict(each.partition(":")[::2] for each in request.POST.getlist("case"))
    ids = [int(pk) for pk in seen if pk.isascii() and pk.isdigit() and len(pk) <= 18][: desk_of.PER_PAGE]
    consultations = list(desk_of.moderated_by(request.user))
    cases = Case.objects.filter(pk__in=ids, kind=chosen.queue, consultation__in=consultations)
    done, problems = 0, []
    for case in cases.select_related("comment"):
        try:
            DO[act](comment=case.comment, moderator=request.user, seen=seen[str(case.pk)] or UNSEEN)
        except acts.ActError as problem:
            problems.append(_("%(name)s: %(what)s") % {"name": case.comment, "what": problem})
        else:
            done += 1
    if done:
        messages.success(request, several_said(act, done))
    for problem in problems:
        messages.error(request, problem)
    if not ids:
        messages.error(request, _("Tick the contributions first."))
    return redirect(reverse("desk") + chosen.query())


def several_said(act: str, many: int) -> str:
    if act == "approve":
        return ngettext("%(many)s contribution is published.", "%(many)s contributions are published.", many) % {
            "many": many
        }
    return ngettext("%(many)s contribution is left as it is.", "%(many)s contributions are left as they are.", many) % {
        "many": many
    }


@parking.keeps_text()
def moderate(request, pk):
    """Everything that a moderator can do about one contribution, and what was done."""
    comment = find_comment(request, pk)
    if not permissions.moderates(request.user, comment.question.consultation):
        raise PermissionDenied
    matter = desk_of.matter_about(comment, request.user)
    problem, status = None, 200
    if request.method == "POST":
        matter.form, problem = carry_out(request, matter)
        if matter.form is None:
            if request.POST.get("back") == "desk":
                messages.success(request, said_of(request.POST["act"], comment))
                return redirect("desk")
            return redirect(f"{reverse('moderate', args=[pk])}#contribution-{pk}")
        status = status_of(problem)
        form, comment = matter.form, find_comment(request, pk)
        matter = desk_of.matter_about(comment, request.user)
        matter.form, form.matter = form, matter
    else:
        matter.form = parking.begun(request, form_for(matter, desk_of.rules_in_force()), "moderate", pk)
        problem = overtaken(matter.form)
    matter.problem = problem
    context = {
        "matter": matter,
        "comment": comment,
        "question": comment.question,
        "consultation": comment.question.consultation,
        "acts": Act.objects.filter(comment=comment),
        "rules": desk_of.rules_in_force(),
        "problem": problem or (matter.form.is_bound and matter.form.errors),
    }
    return render(request, "moderation/moderate.html", context, status=status)


# What participants ask of the moderators


def report(request, pk):
    """Tell the moderators that a contribution breaks a rule; open to people without an account.

    Whoever is no longer logged in chooses first whether to send it all the same.
    """
    comment = find_comment(request, pk)
    known, has_ended = request.user.is_authenticated, parking.has_ended(request)
    if has_ended and "log_in" in request.POST:
        return parking.park(request)
    if "sent" in request.GET:
        context = about(comment) | {"sent": request.GET["sent"]}
        return render(request, "moderation/report_sent.html", context)
    form = ReportForm(sent_in(request), timed=not known)
    if request.method != "POST":
        form = parking.begun(request, form, "report", pk)
    problem, status = why_not_report(request.user, comment), 200
    if has_ended and "as_visitor" not in request.POST:
        status = 409
    elif request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with transaction.atomic():
                    sent = send_report(request, comment, form, problem)
            except limits.TooOften as too_often:
                form.add_error(None, too_often)
            except complaints.ComplaintError as late:
                problem = late
            else:
                parking.forget(request, "report", pk)
                return redirect(f"{reverse('report', args=[pk])}?sent={sent}")
    context = about(comment) | {"form": form, "problem": problem, "has_ended": has_ended}
    response = render(request, "moderation/report.html", context, status=status)
    refusal = limits.refusal_in(form)
    return limits.say_when(response, refusal) if refusal else response


# In the address of the thanks: who reported it hears of it in the portal or by mail, gave no address, or gave one to
# which many mails went today.
HEARS, HEARS_NOTHING, HAS_MANY = "1", "0", "many"


def send_report(request, comment: Comment, form: ReportForm, problem: complaints.ComplaintError | None) -> str:
    """Send the report, or find that this form was sent before; what comes back says whether its sender hears of it.

    Anybody can type somebody else's address: to one that many wrote to today no answer is promised.
    """
    known, email = request.user.is_authenticated, form.cleaned_data.get("email", "")
    hears = HEARS if known or email else HEARS_NOTHING
    if not once.is_first(f"report-{comment.pk}", form.digest):
        return hears
    if problem:
        raise problem
    limits.take(request, "report" if known else "report_as_visitor")
    if email and not limits.has_room(request, "receipt", name=email):
        email, hears = "", HAS_MANY
    complaints.report(
        comment=comment,
        reporter=request.user if known else None,
        email=email,
        language=get_language(),
        rule=form.cleaned_data["rule"],
        words=form.cleaned_data["words"],
    )
    return hears


def why_not_report(user, comment: Comment) -> complaints.ComplaintError | None:
    if comment.state != Comment.State.PUBLISHED:
        return complaints.NothingToReport()
    if user.is_authenticated and comment.author_id == user.pk:
        return complaints.OwnContribution()
    return complaints.why_not_again(complaints.last_report(user, comment), comment)


@parking.keeps_text()
def appeal(request, pk):
    """The author of a removed contribution asks for another look, once for each decision to remove it."""
    comment = find_comment(request, pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied
    form = WordsForm(sent_in(request), required=_("Say why we should look at it again."))
    if request.method != "POST":
        form = parking.begun(request, form, "appeal", pk)
    problem, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                complaints.appeal(
                    comment=comment,
                    author=request.user,
                    words=form.cleaned_data["words"],
                    read=id_of(request.POST.get("removal", "")),
                )
            except complaints.ComplaintError as late:
                problem = late
            else:
                messages.success(request, _("We look at it again, and write to you when it is decided."))
                return redirect("appeal", pk)
        comment = find_comment(request, pk)
    removal = complaints.removal_of(comment)
    upheld = Act.objects.filter(comment=comment, kind=Act.Kind.UPHELD, pk__gt=removal.pk if removal else 0)
    context = about(comment) | {
        "form": form,
        "problem": problem,
        "appeal": complaints.appeal_against(removal, comment),
        "removal": removal,
        "decision": upheld.first(),
    }
    return render(request, "moderation/appeal.html", context, status=status)


@parking.keeps_text()
def object_to_place(request, pk):
    """The author of a contribution that moderators gave another place puts it back, once."""
    comment = find_comment(request, pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied
    form = WordsForm(sent_in(request))
    if request.method != "POST":
        form = parking.begun(request, form, "object_to_place", pk)
    problem, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                complaints.object_to_place(comment=comment, author=request.user, words=form.cleaned_data["words"])
            except complaints.ComplaintError as late:
                problem = late
            else:
                messages.success(request, _("It is where you had posted it."), extra_tags=f"comment-{pk}")
                return redirect(find_comment(request, pk).get_discussion_url())
    moves, listings = complaints.place_given(comment)
    context = about(comment) | {"form": form, "problem": problem, "moves": moves, "listings": listings}
    return render(request, "moderation/object.html", context, status=status)


def sent_in(request):
    """What was posted, also when it is empty; None when the form is asked for."""
    return request.POST if request.method == "POST" else None


def about(comment: Comment) -> dict:
    return {"comment": comment, "question": comment.question, "consultation": comment.question.consultation}
