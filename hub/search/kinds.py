"""What can be searched, kind by kind: which of it a searcher may see, and how a hit is shown.

To make another kind of text findable, keep its entries by a migration (hub/search/indexing.py) and name it in KINDS.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, override, pgettext_lazy
from django.utils.translation import gettext as _

from consultations import markup
from consultations.models import Comment, Consultation, Question, Terms
from consultations.templatetags.discussion import Translated, question_name, translated, written_in
from consultations.typography import in_a_row
from hub.experts.models import Expert
from hub.pages.models import Page
from hub.resources.models import Call, Resource
from hub.review.models import Criterion
from hub.search import places

ENDED = re.compile(r"[.!?…؟。！？][»”\"’)\]\s]*$")


@dataclass(frozen=True)
class Shown:
    """A hit before its words are marked: where it leads, its title, facts about it, and its text."""

    address: str
    title: Translated
    facts: list[str]
    text: Translated
    # Whether people wrote it, whose words stand in the reading face.
    is_said: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of text. `may_be_seen` takes the searcher; `shown` an object and the language in which it was found."""

    name: str
    # Of the choice in the page, with a count after it.
    label: str | Promise
    # Keeps the entries; its rows are also where words are learnt from. A kind of place has none.
    table: str
    # How much one hit of this kind counts against another.
    weight: float
    may_be_seen: Callable[[object], QuerySet] | None
    shown: Callable[[object, str], Shown]
    # What else must hold for an entry to be found, as SQL, where it stands in a row that keeps no entries.
    also: str = "true"
    # The kind with which it is counted and chosen, if not by itself.
    counted_as: str = ""

    @property
    def choice(self) -> str:
        return self.counted_as or self.name

    def among(self, user, ids: Iterable[int]) -> Iterable:
        """Those of `ids` that `user` may see."""
        return self.may_be_seen(user).filter(pk__in=ids)


class KindOfPlace(Kind):
    """Pages that stand in templates and keep no entries."""

    def among(self, user, ids: Iterable[int]) -> Iterable:
        return places.among(ids)


def dated(moment) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")


def found_in(thing, language: str, *names: str) -> Translated:
    """Texts of `thing` in the language in which it was found, as one."""
    return Translated("\n".join(filter(None, (getattr(thing, f"{name}_{language}") for name in names))), language)


def in_sentences(texts: list[str]) -> str:
    """Texts one after the other, each of which ends as a sentence does, so that a hit is shown in its own."""
    return "\n".join(text if ENDED.search(text) else f"{text}." for text in texts if text.strip())


def plain(source: str) -> str:
    return markup.plain(markup.render(markup.clean_source(source)).html, with_addresses=False)


def published_comments(user) -> QuerySet:
    return (
        Comment.objects.published()
        .filter(question__consultation__state=Consultation.State.PUBLISHED)
        .select_related("question__consultation")
        .defer("body")
    )


def shown_comment(comment: Comment, language: str) -> Shown:
    facts = [_("Contribution № %(number)s") % {"number": comment.pk}, comment.shown_name, dated(comment.created_at)]
    if language != get_language():
        facts.append(written_in(language))
    question = comment.question
    title = translated(question, "text")
    if title:
        name = _("%(question)s: %(text)s") % {"question": question_name(question), "text": title.text}
        title = Translated(name, title.language)
    else:
        title = Translated(question_name(question), get_language())
    return Shown(
        comment.get_discussion_url(),
        title,
        facts,
        Translated(markup.plain(comment.html, with_addresses=False), "" if language == "und" else language),
        is_said=True,
    )


def published_questions(user) -> QuerySet:
    return Question.objects.filter(consultation__state=Consultation.State.PUBLISHED).select_related("consultation")


def shown_question(question: Question, language: str) -> Shown:
    return Shown(
        question.get_absolute_url(),
        found_in(question, language, "text"),
        [question_name(question), str(translated(question.consultation, "title"))],
        found_in(question, language, "introduction"),
    )


def published_consultations(user) -> QuerySet:
    return Consultation.objects.published().select_related("space")


def shown_consultation(consultation: Consultation, language: str) -> Shown:
    texts = found_in(consultation, language, "summary", "aim", "how_to_contribute", "audience", "outcome")
    return Shown(
        consultation.get_absolute_url(),
        found_in(consultation, language, "title"),
        [_("Consultation"), str(translated(consultation.space, "title"))],
        Translated(plain(texts.text), language),
    )


def pages(user) -> QuerySet:
    return Page.objects.all()


def shown_page(page: Page, language: str) -> Shown:
    texts = found_in(page, language, "summary", "body")
    return Shown(
        page.get_absolute_url(),
        found_in(page, language, "title"),
        [_("Page of the portal")],
        Translated(plain(texts.text.replace("## ", "")), language),
    )


def all_terms(user) -> QuerySet:
    return Terms.objects.all()


def shown_terms(terms: Terms, language: str) -> Shown:
    texts = found_in(terms, language, "conduct", "use_of_contributions")
    return Shown(
        reverse("terms"),
        Translated(_("Code of conduct and use of contributions"), get_language()),
        [_("Page of the portal")],
        Translated(plain(texts.text), language),
    )


def criteria_in_use(user) -> QuerySet:
    return Criterion.objects.in_use()


def shown_criterion(criterion: Criterion, language: str) -> Shown:
    names = ("question", "weak", "sufficient", "strong")
    texts = [text for name in names if (text := getattr(criterion, f"{name}_{language}"))]
    return Shown(
        f"{reverse('peer_review')}#criterion-{criterion.slug}",
        found_in(criterion, language, "name"),
        [_("Peer review"), _("The criteria")],
        Translated(in_sentences(texts), language),
    )


def shown_place(place: places.Place, language: str) -> Shown:
    title, text = places.texts(place, language)
    facts = [_("Page of the portal")]
    return Shown(place.get_absolute_url(), Translated(title, language), facts, Translated(text, language))


def listed_resources(user) -> QuerySet:
    return Resource.objects.listed().select_related("practice").prefetch_related("objectives", "principles", "regions")


# What a practice tells, in the order of its page.
TOLD = ("implementer", "partners", "achieved", "learned", "repeating")


def shown_resource(resource: Resource, language: str) -> Shown:
    texts = [found_in(resource, language, "summary").text]
    if resource.is_practice and language == resource.text_language and hasattr(resource, "practice"):
        texts += [getattr(resource.practice, name) for name in TOLD]
    with override(language):
        if names := ", ".join(resource.author_names):
            texts.append(_("Authors: %(names)s") % {"names": names})
        if names := in_a_row(country.name for country in resource.countries):
            texts.append(_("Countries or areas: %(names)s") % {"names": names})
        numbered = [
            _("Objective %(number)s: %(name)s") % {"number": each.number, "name": each.name}
            for each in resource.objectives.all()
        ]
        if names := in_a_row(numbered):
            texts.append(names)
        if names := in_a_row(each.name for each in resource.principles.all()):
            texts.append(_("Guiding principles: %(names)s") % {"names": names})
        if names := in_a_row(each.name for each in resource.regions.all()):
            texts.append(_("Regions: %(names)s") % {"names": names})
    facts = [_("Resource"), resource.get_kind_display(), resource.get_scope_display(), str(resource.year)]
    return Shown(
        resource.get_absolute_url(),
        found_in(resource, language, "title"),
        [*facts, *([resource.publisher] if resource.publisher else [])],
        Translated(in_sentences(texts), language),
    )


def published_calls(user) -> QuerySet:
    return Call.objects.published()


def shown_call(call: Call, language: str) -> Shown:
    facts = [_("Call for submissions"), _("until %(date)s") % {"date": dated(call.closes_at)}]
    return Shown(
        call.get_absolute_url(),
        found_in(call, language, "title"),
        facts,
        Translated(plain(found_in(call, language, "text").text), language),
    )


def listed_experts(user) -> QuerySet:
    return Expert.objects.listed()


def shown_expert(expert: Expert, language: str) -> Shown:
    facts = [_("Expert")]
    facts += [expert.organization] if expert.shows_organization and expert.organization else []
    facts += [expert.country.name] if expert.shows_country and expert.country else []
    return Shown(
        expert.get_absolute_url(),
        Translated(expert.name, ""),
        facts,
        Translated(expert.about if expert.shows_about else "", "" if language == "und" else language),
        is_said=True,
    )


COMMENT = Kind("comment", gettext_lazy("Contributions"), "consultations_comment", 1, published_comments, shown_comment)
KINDS = {
    kind.name: kind
    for kind in (
        COMMENT,
        Kind(
            "question",
            pgettext_lazy("kind of search result", "Questions"),
            "consultations_question",
            2,
            published_questions,
            shown_question,
        ),
        Kind(
            "consultation",
            gettext_lazy("Consultations"),
            "consultations_consultation",
            2.5,
            published_consultations,
            shown_consultation,
        ),
        Kind("resource", gettext_lazy("Resources"), "resources_resource", 2, listed_resources, shown_resource),
        Kind("call", pgettext_lazy("kind of search result", "Calls"), "resources_call", 2, published_calls, shown_call),
        Kind(
            "expert",
            gettext_lazy("Experts"),
            "experts_expert",
            2,
            listed_experts,
            shown_expert,
            also="""EXISTS (
                SELECT FROM experts_expert AS expert JOIN accounts_user AS person ON person.id = expert.user_id
                WHERE expert.id = search_entry.object_id AND person.is_active
            )""",
        ),
        Kind("page", pgettext_lazy("kind of search result", "Pages"), "pages_page", 1.5, pages, shown_page),
        Kind(
            "terms",
            "",
            "consultations_terms",
            1.5,
            all_terms,
            shown_terms,
            # Those in force.
            also="""object_id = (
                SELECT id FROM consultations_terms WHERE in_force_from <= now() ORDER BY in_force_from DESC LIMIT 1
            )""",
            counted_as="page",
        ),
        Kind("criterion", "", "review_criterion", 1.5, criteria_in_use, shown_criterion, counted_as="page"),
        KindOfPlace("place", "", "", 1.5, None, shown_place, counted_as="page"),
    )
}
# Those that a searcher can choose.
CHOICES = {name: kind for name, kind in KINDS.items() if kind.choice == name}
