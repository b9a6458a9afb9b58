"""What belongs to the person who is logged in: their contributions, drafts, edits and withdrawals."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import limits, parking, whose
from consultations import drafts, permissions, posting
from consultations.differences import difference
from consultations.forms import TextForm
from consultations.models import Comment, Draft, Question
from consultations.views import base_of, comment_of, find_comment, generosity, id_of, key_of, moved_parent

PER_PAGE = 30


@login_required
def contributions(request):
    """What this person has written and is writing."""
    drafts.unpark(request)
    written = (
        Comment.objects.filter(author=request.user)
        .select_related("question__consultation", "parent", "posted_by", "proposed_text")
        .defer("body", "parent__html", "parent__body", "proposed_text__body")
    )
    kept = Draft.objects.filter(author=request.user).select_related("question__consultation", "parent")
    context = {
        "page": Paginator(written, PER_PAGE).get_page(request.GET.get("page")),
        "drafts": kept,
    }
    return render(request, "consultations/my_contributions.html", context)


@parking.keeps_text()
def edit(request, pk):
    """Change one's own contribution. What is sent after the session has ended waits until the author is back."""
    comment = find_comment(request, pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied
    problem = "" if permissions.can_edit(request.user, comment) else posting.NotEditable()
    form = TextForm(request.POST or None, page_language=get_language(), initial=text_to_edit(comment))
    if request.method != "POST":
        form = parking.begun(request, form, "edit_comment", pk)
    too_often = None
    if request.method == "POST" and not problem and form.is_valid():
        try:
            with transaction.atomic():
                limits.take(request, "edit", times=generosity(request, comment.question))
                comment = posting.edit_comment(comment=comment, editor=request.user, **form.cleaned_data)
        except posting.NotEditable as late:
            problem = late
        except limits.TooOften as refusal:
            too_often = refusal
            form.add_error("body", refusal)
        else:
            if comment.waiting_text:
                # Where the new text is shown to its author; nothing has changed in the discussion.
                return redirect(f"{comment.get_absolute_url()}#new-text")
            messages.success(request, _("Your changes are published."), extra_tags=f"comment-{comment.pk}")
            return redirect(comment.get_discussion_url())
    status = 422 if request.method == "POST" else 200
    proposed = getattr(comment, "proposed_text", None)
    context = {
        "comment": comment,
        "form": form,
        "problem": problem,
        "proposed": proposed,
        "proposed_changes": difference(comment.body, proposed.body) if proposed else [],
    }
    response = render(request, "consultations/edit.html", context, status=status)
    return limits.say_when(response, too_often) if too_often else response


def text_to_edit(comment: Comment) -> dict:
    """The text as it stands or is to stand."""
    latest = getattr(comment, "proposed_text", comment)
    return {"body": latest.body, "language": latest.language}


@login_required
def take_text_back(request, pk):
    """Leave one's own contribution as it is published. Whoever only follows the address finds the form again."""
    comment = find_comment(request, pk)
    if request.method == "POST":
        posting.take_text_back(comment=comment, author=request.user)
        messages.success(
            request, _("Your new text is taken back. The published text stays."), extra_tags=f"comment-{pk}"
        )
    return redirect(f"{comment.get_absolute_url()}#text")


@login_required
def withdraw(request, pk):
    comment = find_comment(request, pk)
    if request.method == "POST":
        posting.withdraw(comment=comment, author=request.user)
        messages.success(
            request, _("Your contribution is withdrawn. The replies to it remain."), extra_tags=f"comment-{pk}"
        )
        return redirect(comment.get_discussion_url())
    if not permissions.can_withdraw(request.user, comment):
        raise PermissionDenied
    return render(request, "consultations/withdraw.html", {"comment": comment})


@require_POST
def save_draft(request):
    """Keep what is being typed; asked by the script of the form, answered in JSON.

    200 with `saved_at` in words and the `sequence` upon which to build; 409 with the newer `body` when this tab is
    stale; 401 after the session of the person whose form it is has ended; 429 with Retry-After when it was asked too
    often.
    """
    owner = whose.owner_in(request.POST)
    if not request.user.is_authenticated or not whose.may_have(request.user, owner):
        return JsonResponse({"error": _("Your session has ended. Copy your text, then log in again.")}, status=401)
    question = (
        Question.objects.select_related("consultation").filter(pk=id_of(request.POST.get("question", ""))).first()
    )
    if not question or not permissions.can_read(request.user, question.consultation):
        return JsonResponse({"error": _("This draft could not be saved.")}, status=400)
    parent = None
    if request.POST.get("parent"):
        parent = comment_of(question, request.POST["parent"]) or moved_parent(question, request.POST["parent"])
        if parent is None:
            return JsonResponse({"error": str(posting.ParentGone())}, status=400)
    try:
        limits.take(request, "draft")
    except limits.TooOften as problem:
        return limits.say_when(JsonResponse({"error": str(problem)}), problem)
    saved = drafts.save(
        author=request.user,
        question=parent.question if parent else question,
        parent=parent,
        typed=drafts.Typed.sent(request.POST),
        base=base_of(request),
        submission_key=key_of(request),
    )
    if saved.is_stale:
        return JsonResponse(
            {
                "error": _("A newer version of this text was saved in another window. This window no longer saves."),
                "body": saved.draft.body,
            },
            status=409,
        )
    return JsonResponse(
        {
            "saved_at": _("saved at %(time)s") % {"time": date_format(timezone.localtime(), "TIME_FORMAT")},
            "sequence": saved.draft.sequence if saved.draft else 0,
        }
    )


@parking.keeps_text("my_contributions", holds=parking.NOTHING)
@require_POST
def delete_draft(request, pk):
    get_object_or_404(Draft, pk=pk, author=request.user).delete()
    messages.success(request, _("The draft is deleted."))
    return redirect("my_contributions")
