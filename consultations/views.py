"""The pages of the discussions: who asks for what, and which answer."""

import uuid
from functools import partial
from itertools import pairwise

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import StakeholderGroup
from consultations import drafts, languages, markup, permissions, posting, threads
from consultations.differences import Piece, difference
from consultations.forms import CommentForm
from consultations.models import (
    Comment,
    CommentVersion,
    ConductRule,
    Consultation,
    DiscussionSpace,
    Draft,
    LanguageCount,
    Listing,
    Question,
    Terms,
    ThreadMove,
)
from consultations.threads import Reading

# How many times as much as others the moderators of a consultation may write there.
FOR_MODERATORS = 10
# With the latest, which is not folded.
ANNOUNCEMENTS = 20
# Of the questions to the moderators not yet answered; the question's own page has all of them.
WAITING = 20
LISTED = 20


def consultations(request):
    """All published consultations, by phase."""
    published = (
        Consultation.objects.published()
        .select_related("space")
        .annotate(comment_count=Sum("questions__comment_count"))
        .order_by("closes_at")
    )
    context = {
        "open": published.open(),
        "upcoming": published.upcoming().order_by("opens_at"),
        "closed": published.closed().order_by("-closes_at"),
        "spaces": DiscussionSpace.objects.filter(consultations__state=Consultation.State.PUBLISHED).distinct(),
    }
    return render(request, "consultations/consultations.html", context)


def consultation(request, slug):
    found = find_consultation(request, slug)
    questions = list(found.questions.all())
    for each in questions:
        each.consultation = found
    reading = reading_of(request)
    context = about(found) | {
        "questions": [each for each in questions if not each.is_open_floor],
        "open_floor": next(each for each in questions if each.is_open_floor),
        "latest": threads.latest(questions, reading.written),
        "reading": reading,
        "language_counts": language_counts(questions),
        "figures": figures(found, questions),
        "waiting": threads.waiting_for_answer(questions, WAITING),
        "most_waiting": WAITING,
        "is_moderator": permissions.moderates(request.user, found),
        "announcements": list(found.announcements.standing()[:ANNOUNCEMENTS]),
        "may_manage": permissions.can_manage(request.user, found),
        "may_post_for_others": permissions.can_post_for_others(request.user, found),
    }
    return render(request, "consultations/consultation.html", context)


def question(request, slug, number=None):
    """One question and its whole discussion; a POST is a contribution to it."""
    found = get_object_or_404(
        Question.objects.select_related("consultation__space"), consultation__slug=slug, number=number
    )
    if not permissions.can_read(request.user, found.consultation):
        raise Http404
    if request.method == "POST":
        return post_comment(request, found)
    if request.user.is_authenticated:
        drafts.unpark(request)
    if moved := moved_elsewhere(request, found):
        return redirect(moved)
    parent, problem, rescued = None, "", None
    if "reply_to" in request.GET:
        parent = comment_of(found, request.GET["reply_to"])
        if not parent or parent.state != Comment.State.PUBLISHED:
            rescued = draft_of(request, found, parent)
            parent, problem = None, posting.ParentGone()
    status = 404 if problem else 200
    return show_question(request, found, parent=parent, problem=problem, rescued=rescued, status=status)


def show_question(
    request, found, *, form=None, parent=None, problem="", preview=None, rescued=None, sequence=None, status=200
):
    """The question's page, with the form as it stands when there is one.

    `rescued` is a draft that cannot stand in the form, shown to be copied; `sequence` the version of the draft upon
    which the form builds, where it is not the one that was sent.
    """
    reading = reading_of(request)
    may_comment = permissions.can_comment(request.user, found)
    is_open = permissions.is_open_for_comments(found)
    draft = None
    if may_comment and form is None:
        draft = draft_of(request, found, parent)
        form = CommentForm(
            question=found,
            author=request.user,
            parent=parent,
            page_language=get_language(),
            initial=drafts.Typed.kept(draft).fields if draft else {},
        )
    context = about(found.consultation) | {
        "question": found,
        "page": page_of(request, found, reading),
        "waiting_count": found.comments.published().filter(awaits_answer=True).count(),
        "listed": listed_under(found),
        "reading": reading,
        "language_counts": language_counts([found]),
        "may_comment": may_comment,
        "is_open": is_open,
        "pause": permissions.pause_of(request.user, found.consultation)
        if is_open and request.user.is_authenticated
        else None,
        "is_moderator": permissions.moderates(request.user, found.consultation),
        "form": form,
        "parent": parent,
        "draft": draft,
        "draft_sequence": sequence if sequence is not None else upon(request, rescued or draft),
        "rescued": rescued,
        "problem": problem,
        "preview": preview,
        "terms": Terms.current() if may_comment else None,
    }
    return render(request, "consultations/question.html", context, status=status)


def post_comment(request, found):
    if not request.user.is_authenticated:
        return park_text(request, found)
    parent, parent_is_gone = None, False
    if request.POST.get("parent"):
        parent = comment_of(found, request.POST["parent"]) or moved_parent(found, request.POST["parent"])
        parent_is_gone = parent is None
        found = parent.question if parent else found
    form = CommentForm(request.POST, question=found, author=request.user, parent=parent, page_language=get_language())
    try:
        return do_with_text(request, found, form, parent, parent_is_gone)
    except limits.TooOften as problem:
        answer = show_question if request.POST.get("action") in {"draft", "preview"} else refuse
        response = answer(request, found, form=form, parent=parent, problem=problem)
        return limits.say_when(response, problem)


def do_with_text(request, found, form, parent, parent_is_gone):
    """Save what was sent as a draft, show how it would look, or publish it. Raises TooOften."""
    if request.POST.get("action") == "draft":
        limits.take(request, "draft")
        return keep_draft(request, found, parent, form)
    if not permissions.is_open_for_comments(found) and not already_posted(request):
        return refuse(request, found, form=form, wanted=parent, problem=posting.DiscussionClosed(found))
    if not form.is_valid():
        return refuse(request, found, form=form, parent=parent)
    if request.POST.get("action") == "preview":
        limits.take(request, "preview", times=generosity(request, found))
        preview = posting.preview_comment(author=request.user, question=found, parent=parent, **what_was_written(form))
        return show_question(request, found, form=form, parent=parent, preview=preview)
    try:
        if parent_is_gone:
            raise posting.ParentGone
        comment = post_within_limits(
            request, found, parent, submission_key=form.cleaned_data["submission_key"], **what_was_written(form)
        )
    except posting.PostingError as problem:
        return refuse(request, found, form=form, wanted=parent, problem=problem)
    if comment.state == Comment.State.HELD:
        said = _("Your text has arrived. A moderator reads it before others see it; you will hear of it by e-mail.")
        said = f"{said} {comment.get_held_because_display()}".rstrip()
    elif comment.submission_key != form.cleaned_data["submission_key"]:
        said = _("You have posted this text here before: this is it.")
    else:
        said = _("Your reply is published.") if parent else _("Your contribution is published.")
    messages.success(request, said, extra_tags=f"comment-{comment.pk}")
    return redirect(comment.get_discussion_url())


def refuse(request, found, *, form, parent=None, wanted=None, problem=""):
    """The page with the text in the form, which is kept as a draft too, unless a newer one is kept already.

    `parent` is what the form goes on to answer, `wanted` what it answered and cannot any more.
    """
    typed = drafts.Typed.sent(request.POST)
    sequence = base_of(request) if wanted is None else 0
    if not markup.is_blank(typed.body) and not already_posted(request):
        answered = parent or wanted
        base = base_of(request) if answered or not request.POST.get("parent") else 0
        saved = drafts.save(author=request.user, question=found, parent=answered, typed=typed, base=base)
        if wanted is None and not saved.is_stale:
            sequence = saved.draft.sequence
    return show_question(request, found, form=form, parent=parent, problem=problem, sequence=sequence, status=422)


def post_within_limits(request, found, parent, **written) -> Comment:
    """Post the comment, or find the one that this form has made before. Raises TooOften or PostingError."""
    post = partial(posting.post_comment, author=request.user, question=found, parent=parent, **written)
    try:
        # What is refused takes nothing from the limits.
        with transaction.atomic():
            if not already_posted(request):
                limits.take(request, "post", times=generosity(request, found))
            return post()
    except limits.TooOften:
        # Perhaps a double click, whose first half has just used up the limit.
        if already_posted(request):
            return post()
        raise


def generosity(request, found: Question) -> int:
    return FOR_MODERATORS if permissions.moderates(request.user, found.consultation) else 1


def comment(request, pk):
    """One contribution at its permanent address: what it answers, its whole text, its answers, its history."""
    found = find_comment(request, pk)
    ancestors = list(Comment.objects.visible().in_context().filter(pk__in=found.path[:-1]).order_by("path"))
    replies = list(Comment.objects.visible().in_context().filter(parent=found).order_by("pk")[: threads.REPLIES + 1])
    versions = [] if found.is_gone else list(found.versions.all())
    proposed = None if found.is_gone else getattr(found, "proposed_text", None)
    if not permissions.can_read_every_version(request.user, found):
        versions, proposed = [each for each in versions if each.was_published], None
    context = {
        "comment": found,
        "question": found.question,
        "consultation": found.question.consultation,
        "ancestors": threads.steps([ancestors[-3:]], counts_rest=False) if ancestors else [],
        "step": threads.Step(found),
        "replies": threads.steps([[each] for each in replies[: threads.REPLIES]], counts_rest=False),
        "has_more_replies": len(replies) > threads.REPLIES,
        "versions": versions,
        "proposed": proposed,
        "proposed_changes": difference(found.body, proposed.body) if proposed else [],
        "changed": changed_in(versions, request.GET.get("changes", "")),
        "promoted_to": found.promoted_to.select_related("consultation").first(),
        "listings": list(found.listings.select_related("question__consultation")),
        "moves": list(found.moves.select_related("from_question__consultation", "to_question__consultation")),
        "is_open": permissions.is_open_for_comments(found.question),
        "may_edit": permissions.can_edit(request.user, found),
        "may_withdraw": permissions.can_withdraw(request.user, found),
        "is_moderator": permissions.moderates(request.user, found.question.consultation),
        "real_author": found.author
        if found.is_pseudonym and permissions.knows_who_is_behind_a_pseudonym(request.user, found.question.consultation)
        else None,
    }
    return render(request, "consultations/comment.html", context)


def changed_in(versions: list[CommentVersion], number: str) -> tuple[int, list[Piece]] | None:
    """The number of the version that the reader asked for and how it differs from the one before."""
    for earlier, later in pairwise(versions):
        if str(later.number) == number:
            return later.number, difference(earlier.body, later.body)
    return None


def terms(request):
    """The code of conduct and the use of contributions, as in force now or in an earlier version."""
    versions = {each.version: each for each in Terms.objects.all()}
    found = versions.get(request.GET["version"]) if "version" in request.GET else Terms.current()
    if not found:
        raise Http404
    context = {"terms": found, "others": [each for each in versions.values() if each != found]}
    if found == Terms.current():
        context["rules"] = list(ConductRule.objects.all())
    return render(request, "consultations/terms.html", context)


# What the pages have in common


def find_consultation(request, slug) -> Consultation:
    found = get_object_or_404(Consultation.objects.select_related("space"), slug=slug)
    if not permissions.can_read(request.user, found):
        raise Http404
    return found


def find_comment(request, pk) -> Comment:
    found = get_object_or_404(
        Comment.objects.select_related(
            "question__consultation__space", "parent", "group", "rule", "author", "posted_by", "proposed_text"
        ),
        pk=pk,
    )
    if not permissions.can_read_comment(request.user, found):
        raise Http404
    return found


def about(found: Consultation) -> dict:
    """What the aside of each page of a consultation says."""
    return {
        "consultation": found,
        "moderators": list(found.moderator_set.select_related("user")),
        "objectives": list(found.objectives.all()),
    }


def listed_under(found: Question) -> list[Comment]:
    """What stands elsewhere in the consultation and concerns this question too."""
    listings = Listing.objects.filter(question=found, comment__state=Comment.State.PUBLISHED)
    shown = listings.select_related("comment__question__consultation").order_by("-pk")[:LISTED]
    return [listing.comment for listing in shown]


def figures(found: Consultation, questions: list[Question]) -> dict:
    taking_part = found.participations.filter(comment_count__gt=0)
    groups = taking_part.exclude(group=None).values("group").annotate(comments=Sum("comment_count"))
    shares = {row["group"]: row["comments"] for row in groups.order_by("-comments")}
    names = {group.pk: group.name for group in StakeholderGroup.objects.filter(pk__in=shares)}
    total = sum(shares.values())
    return taking_part.aggregate(
        participants=Count("pk"), countries=Count("country", distinct=True, filter=~Q(country=""))
    ) | {
        "contributions": sum(each.comment_count for each in questions),
        "groups": [(names[pk], round(100 * comments / total)) for pk, comments in shares.items()],
    }


def language_counts(questions: list[Question]) -> list[tuple[str, int]]:
    """How many contributions there are in each language, the most frequent ones first."""
    rows = (
        LanguageCount.objects.filter(question__in=questions, comment_count__gt=0)
        .values_list("language")
        .annotate(comments=Sum("comment_count"))
        .order_by("-comments", "language")
    )
    return list(rows)


def reading_of(request) -> Reading:
    written = request.GET.get("written", "")
    return Reading(
        oldest_first=request.GET.get("order") == "oldest",
        written=written if written in dict(languages.WRITTEN) else "",
        answered=not written and request.GET.get("answered") == "1",
        waiting=not written and request.GET.get("waiting") == "1",
    )


def page_of(request, found: Question, reading: Reading) -> threads.Page:
    """The page of the discussion that the address names."""
    keys = {name: request.GET[name] for name in ("after", "before") if name in request.GET}
    if "thread" in request.GET:
        root = comment_of(found, request.GET["thread"])
        beside = {name: comment_of(found, key) for name, key in keys.items()}
        if not root or root.parent_id or None in beside.values():
            raise Http404
        return threads.thread_page(root, **beside)
    if "at" in request.GET:
        around = comment_of(found, request.GET["at"])
        if not (around and around.has_place):
            raise Http404
        return threads.page_around(around, reading)
    ids = {name: id_of(key) for name, key in keys.items()}
    if None in ids.values():
        raise Http404
    return threads.page(found, reading, **ids)


def id_of(value: str) -> int | None:
    """The id that somebody sent, or None when there can be none like it."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


def comment_of(found: Question, value: str) -> Comment | None:
    """The comment of this question whose id somebody sent, or None."""
    return (
        Comment.objects.in_context()
        .select_related("question__consultation")
        .filter(question=found, pk=id_of(value))
        .first()
    )


def moved_elsewhere(request, found: Question) -> str | None:
    """Where a thread went that this address still names here."""
    for name in {"at", "thread", "reply_to"} & set(request.GET):
        gone = (
            Comment.objects.select_related("question__consultation")
            .filter(pk=id_of(request.GET[name]), question__consultation=found.consultation)
            .exclude(question=found)
            .first()
        )
        if gone and ThreadMove.objects.filter(root=gone.root_id, from_question=found).exists():
            return address_of_form(gone.question, gone.pk) if name == "reply_to" else gone.get_discussion_url()
    return None


def what_was_written(form: CommentForm) -> dict:
    return {
        "body": form.cleaned_data["body"],
        "language": form.cleaned_data["language"],
        "voice": form.voice,
        "asks_moderators": form.cleaned_data["asks"],
    }


# Texts that are not posted yet


def already_posted(request) -> bool:
    """A repeated request for a comment that was published before the closing."""
    key = key_of(request)
    return key is not None and Comment.objects.filter(author=request.user, submission_key=key).exists()


def key_of(request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("submission_key", ""))
    except ValueError:
        return None


def base_of(request) -> int:
    """The version of the draft upon which the form that was sent builds."""
    return id_of(request.POST.get("sequence", "")) or 0


def upon(request, draft: Draft | None) -> int:
    """The version upon which a form builds that shows this draft, or what was sent."""
    return draft.sequence if draft else base_of(request)


def keep_draft(request, found, parent, form):
    typed = drafts.Typed.sent(request.POST)
    saved = drafts.save(author=request.user, question=found, parent=parent, typed=typed, base=base_of(request))
    if saved.is_stale:
        problem = _("A newer version of this text was saved elsewhere. It stands below; saving again replaces it.")
        return show_question(request, found, form=form, parent=parent, problem=problem, rescued=saved.draft, status=409)
    messages.success(request, _("Your draft is saved. You will find it here and under “My contributions”."))
    return redirect(address_of_form(found, parent and parent.pk))


def park_text(request, found):
    """The session has ended while somebody wrote: keep the text, and ask to log in."""
    parent = comment_of(found, request.POST.get("parent", "")) or moved_parent(found, request.POST.get("parent", ""))
    found = parent.question if parent else found
    return drafts.park(request, found, parent, page=address_of_form(found, parent and parent.pk))


def draft_of(request, found, parent) -> Draft | None:
    if not request.user.is_authenticated:
        return None
    return Draft.objects.filter(author=request.user, question=found, parent=parent).first()


def moved_parent(found: Question, value: str) -> Comment | None:
    """The comment that somebody answers and that a moderator has moved from here meanwhile."""
    elsewhere = Comment.objects.in_context().select_related("question__consultation__space")
    parent = elsewhere.filter(pk=id_of(value), question__consultation=found.consultation).first()
    if parent and ThreadMove.objects.filter(root=parent.root_id, from_question=found).exists():
        return parent
    return None


def address_of_form(found: Question, parent_id: int | None) -> str:
    return found.get_absolute_url() + (f"?reply_to={parent_id}" if parent_id else "") + "#respond"
