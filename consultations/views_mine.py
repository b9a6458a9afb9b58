"""What belongs to the person who is logged in: their contributions, drafts, edits and withdrawals."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations import permissions, posting
from consultations.forms import TextForm
from consultations.models import Comment, Draft, Question
from consultations.views import comment_of, find_comment, id_of

PER_PAGE = 30


@login_required
def contributions(request):
    """What this person has written and is writing."""
    written = (
        Comment.objects.filter(author=request.user)
        .select_related("question__consultation", "parent")
        .defer("body", "parent__html", "parent__body")
    )
    drafts = Draft.objects.filter(author=request.user).select_related("question__consultation", "parent")
    context = {
        "page": Paginator(written, PER_PAGE).get_page(request.GET.get("page")),
        "drafts": drafts,
    }
    return render(request, "consultations/my_contributions.html", context)


@login_required
def edit(request, pk):
    comment = find_comment(request, pk)
    if not permissions.is_authors_own(request.user, comment):
        raise PermissionDenied
    form = TextForm(
        request.POST or None,
        page_language=get_language(),
        initial={"body": comment.body, "language": comment.language},
    )
    problem = "" if permissions.can_edit(request.user, comment) else posting.NotEditable()
    if request.method == "POST" and not problem and form.is_valid():
        try:
            posting.edit_comment(comment=comment, editor=request.user, **form.cleaned_data)
        except posting.NotEditable as late:
            problem = late
        else:
            messages.success(request, _("Your changes are published."), extra_tags=f"comment-{comment.pk}")
            return redirect(comment.get_discussion_url())
    status = 422 if request.method == "POST" else 200
    context = {"comment": comment, "form": form, "problem": problem}
    return render(request, "consultations/edit.html", context, status=status)


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

    200 with `saved_at` in words; 409 with the newer `body` when this tab is stale; 401 after the session ended.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"error": _("Your session has ended. Copy your text, then log in again.")}, status=401)
    question = (
        Question.objects.select_related("consultation").filter(pk=id_of(request.POST.get("question", ""))).first()
    )
    sequence = id_of(request.POST.get("sequence", ""))
    if not question or sequence is None or not permissions.can_read(request.user, question.consultation):
        return JsonResponse({"error": _("This draft could not be saved.")}, status=400)
    parent = None
    if request.POST.get("parent"):
        parent = comment_of(question, request.POST["parent"])
        if parent is None:
            return JsonResponse({"error": str(posting.ParentGone())}, status=400)
    try:
        key = uuid.UUID(request.POST.get("submission_key", ""))
    except ValueError:
        key = None
    saved = posting.save_draft(
        author=request.user,
        question=question,
        parent=parent,
        body=request.POST.get("body", ""),
        language=request.POST.get("language", ""),
        sequence=sequence,
        submission_key=key,
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
        {"saved_at": _("saved at %(time)s") % {"time": date_format(timezone.localtime(), "TIME_FORMAT")}}
    )


@login_required
@require_POST
def delete_draft(request, pk):
    get_object_or_404(Draft, pk=pk, author=request.user).delete()
    messages.success(request, _("The draft is deleted."))
    return redirect("my_contributions")
