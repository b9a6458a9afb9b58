"""Atom feeds (RFC 4287) of the latest contributions, public and the same for everybody."""

from django.conf import settings
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from consultations.languages import WRITTEN
from consultations.models import Comment, Consultation, Question
from consultations.templatetags.discussion import question_name, translated

ENTRIES = 50
# The year in which the portal's tags begin (RFC 4151); it never changes.
TAGGED_SINCE = "2026"


class Feed(Atom1Feed):
    """Atom with each entry in its own language and whole."""

    def item_attributes(self, item):
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


@require_safe
@conditional_page
def consultation(request, slug):
    found = published(slug)
    questions = list(found.questions.all())
    for each in questions:
        each.consultation = found
    return answer(found, questions, address=found.get_absolute_url(), own=request.path)


@require_safe
@conditional_page
def question(request, slug, number=None):
    found = published(slug)
    about = get_object_or_404(Question, consultation=found, number=number)
    about.consultation = found
    return answer(found, [about], address=about.get_absolute_url(), own=request.path, about=about)


def published(slug: str) -> Consultation:
    """Drafts have no feed, whoever asks: feed readers do not log in."""
    return get_object_or_404(Consultation.objects.published(), slug=slug)


def answer(found: Consultation, questions: list[Question], *, address: str, own: str, about=None) -> HttpResponse:
    title, summary = str(translated(found, "title")), str(translated(found, "summary"))
    feed = Feed(
        title=f"{question_name(about)} · {title}" if about else title,
        subtitle=str(translated(about, "text")) if about else summary,
        link=settings.PORTAL_URL + address,
        feed_url=settings.PORTAL_URL + own,
        feed_guid=tag(f"question/{about.pk}" if about else f"consultation/{found.pk}"),
        description="",
        language=get_language(),
        author_name=settings.SITE_NAME,
        author_link=settings.PORTAL_URL + reverse("home"),
    )
    by_pk = {each.pk: each for each in questions}
    for comment in latest(questions):
        comment.question = by_pk[comment.question_id]
        feed.add_item(
            title=title_of(comment),
            link=settings.PORTAL_URL + comment.get_absolute_url(),
            description=None,
            author_name=comment.shown_name,
            pubdate=comment.created_at,
            updateddate=max(filter(None, [comment.created_at, comment.edited_at, comment.state_changed_at])),
            unique_id=tag(f"contribution/{comment.pk}"),
            language="und" if comment.language == "und" else comment.language,
            content=comment.html,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def title_of(comment: Comment) -> str:
    values = {
        "name": comment.shown_name,
        "question": question_name(comment.question),
        "id": comment.pk,
        "parent": comment.parent_id,
    }
    if comment.parent_id:
        return _("%(name)s, № %(id)s, in reply to № %(parent)s (%(question)s)") % values
    return _("%(name)s, № %(id)s (%(question)s)") % values


def tag(what: str) -> str:
    """An identifier that stays, whatever becomes of the addresses."""
    host = settings.PORTAL_HOST.rsplit(":", 1)[0]
    return f"tag:{host},{TAGGED_SINCE}:{what}"


def latest(questions: list[Question]) -> list[Comment]:
    """The latest published contributions of all these questions, the newest first, in one query."""
    # Per question and language the newest rows of the index comment_language, and none besides:
    # Nested Loop → Function Scan on unnest (twice), Limit → Index Scan Backward using comment_language.
    ids = RawSQL(
        """
        SELECT latest.id FROM unnest(%s::bigint[]) AS question(id) CROSS JOIN unnest(%s::text[]) AS written(language)
        CROSS JOIN LATERAL (
            SELECT id FROM consultations_comment
            WHERE question_id = question.id AND language = written.language AND state = 'published'
            ORDER BY id + 0 DESC LIMIT %s
        ) AS latest
        """,
        [[each.pk for each in questions], [code for code, _name in WRITTEN], ENTRIES],
    )
    return list(Comment.objects.filter(pk__in=ids).defer("body").order_by("-pk")[:ENTRIES])
