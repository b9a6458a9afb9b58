"""What organizers do with a whole consultation: publish, take back, close, reopen, duplicate.

One function each, one transaction each. Each raises an OrganizingError, in words for the organizer,
and then has changed nothing.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from modeltranslation.translator import translator

from consultations.models import Comment, Consultation, DiscussionSpace, Draft, Moderator, Question, ThreadMove
from consultations.reactions import tell

LANGUAGES = [code for code, _name in settings.LANGUAGES]
NEEDED_TO_PUBLISH = ("title", "summary", "aim", "how_to_contribute")
# A copy opens this far ahead, so that there is time to change its texts and dates.
TIME_TO_PREPARE = timedelta(weeks=4)
# Nobody gives people more time than that.
FURTHEST_AHEAD = timedelta(days=2 * 366)


class OrganizingError(Exception):
    """Why something could not be done, in words for the organizer who tried."""

    message = ""

    def __str__(self):
        return str(self.message)


class NotReady(OrganizingError):
    """The consultation cannot be published; `missing` says in sentences what it lacks."""

    def __init__(self, missing: list[str]):
        self.missing = missing
        self.message = " ".join(missing)


class AlreadyPublished(OrganizingError):
    message = gettext_lazy("It is published already.")


class NotPublished(OrganizingError):
    message = gettext_lazy("It is not published.")


class NotOpen(OrganizingError):
    message = gettext_lazy("It is not open, so there is nothing to close.")


class NotClosed(OrganizingError):
    message = gettext_lazy("It has not closed, so there is nothing to reopen. Change its dates instead.")


class NotLater(OrganizingError):
    message = gettext_lazy("Choose a closing date that is later than the present one.")


class ClosingInThePast(OrganizingError):
    message = gettext_lazy("Choose a closing date that lies ahead.")


class TooFarAhead(OrganizingError):
    def __init__(self, until: datetime, consultation: Consultation):
        self.message = _(
            "%(when)s lies more than two years ahead, so that it is probably a slip. Check the year. A date that far "
            "ahead can be set in the administration, among the dates of the consultation."
        ) % {"when": date_format(until.astimezone(consultation.zone), "DATE_FORMAT")}


class BeforeOpening(OrganizingError):
    def __init__(self, until: datetime, consultation: Consultation):
        self.message = _("%(when)s lies before the consultation opens, on %(opens)s. Check the year.") % {
            "when": date_format(until.astimezone(consultation.zone), "DATE_FORMAT"),
            "opens": date_format(consultation.opens_at.astimezone(consultation.zone), "DATE_FORMAT"),
        }


class HasContributions(OrganizingError):
    message = gettext_lazy(
        "People have contributed, and the addresses of their contributions must keep working. Close it instead."
    )


# Writing


@transaction.atomic
def publish(consultation: Consultation) -> Consultation:
    """Show the consultation to everybody.

    Raises AlreadyPublished, or NotReady with all that is missing.
    """
    consultation = lock(consultation)
    if consultation.is_published:
        raise AlreadyPublished
    if missing := what_is_missing(consultation):
        raise NotReady(missing)
    return save(consultation, state=Consultation.State.PUBLISHED)


@transaction.atomic
def take_back_to_draft(consultation: Consultation) -> Consultation:
    """Hide a consultation to which nobody has contributed yet.

    Raises NotPublished or HasContributions.
    """
    consultation = lock(consultation)
    if not consultation.is_published:
        raise NotPublished
    if Comment.objects.filter(question__consultation=consultation).exists():
        raise HasContributions
    return save(consultation, state=Consultation.State.DRAFT)


@transaction.atomic
def close_now(consultation: Consultation) -> Consultation:
    """End an open consultation at once. Raises NotPublished or NotOpen."""
    consultation = lock(consultation)
    if not consultation.is_published:
        raise NotPublished
    if not consultation.is_open:
        raise NotOpen
    return save(consultation, closes_at=timezone.now())


@transaction.atomic
def extend(consultation: Consultation, until: datetime) -> Consultation:
    """Give people more time.

    Raises NotPublished, NotOpen (for one that has closed), BeforeOpening, NotLater or TooFarAhead.
    """
    consultation = lock(consultation)
    if not consultation.is_published:
        raise NotPublished
    if consultation.phase == Consultation.Phase.CLOSED:
        raise NotOpen
    require_no_slip(until, consultation)
    if until <= consultation.closes_at:
        raise NotLater
    return save(consultation, closes_at=until)


@transaction.atomic
def reopen(consultation: Consultation, until: datetime) -> Consultation:
    """Let people contribute again until a new closing date.

    Raises NotPublished, NotClosed, BeforeOpening, ClosingInThePast or TooFarAhead.
    """
    consultation = lock(consultation)
    if not consultation.is_published:
        raise NotPublished
    if consultation.phase != Consultation.Phase.CLOSED:
        raise NotClosed
    require_no_slip(until, consultation)
    if until <= timezone.now():
        raise ClosingInThePast
    return save(consultation, closes_at=until)


def require_no_slip(until: datetime, consultation: Consultation) -> None:
    """A wrong year would be told to all who follow before anybody noticed it."""
    if until <= consultation.opens_at:
        raise BeforeOpening(until, consultation)
    if until > timezone.now() + FURTHEST_AHEAD:
        raise TooFarAhead(until, consultation)


@transaction.atomic
def duplicate(consultation: Consultation) -> Consultation:
    """A draft with the same texts, questions, objectives and moderators, and none of the contributions.

    Its dates are moved by whole weeks, so that it opens at the same weekday and hour at least four
    weeks from now. Outcome and the date of the note belong to the original alone.
    """
    opens_at, closes_at = dates_ahead(consultation)
    copy = Consultation(**columns(consultation))
    for language in LANGUAGES:
        setattr(copy, f"outcome_{language}", "")
        if title := getattr(consultation, f"title_{language}"):
            setattr(copy, f"title_{language}", title_of_copy(title, language))
    copy.slug = free_slug(consultation.slug)
    copy.state = Consultation.State.DRAFT
    copy.opens_at, copy.closes_at, copy.note_expected_on = opens_at, closes_at, None
    copy.save()
    copy.objectives.set(consultation.objectives.all())
    for moderator in consultation.moderator_set.all():
        Moderator.objects.create(consultation=copy, user_id=moderator.user_id, organization=moderator.organization)
    open_floor = copy.questions.get(number=None)
    for question in consultation.questions.order_by("number"):
        values = columns(question) | {
            "consultation_id": copy.pk,
            "state": Question.State.OPEN,
            "comment_count": 0,
            "latest_comment_at": None,
        }
        Question(**values, pk=open_floor.pk if question.is_open_floor else None).save()
    return copy


def tell_of_new_dates(before: Consultation, after: Consultation, by) -> None:
    """An organizer has saved a consultation: if its dates changed, people are told of them."""
    has_new_dates = (before.opens_at, before.closes_at) != (after.opens_at, after.closes_at)
    if before.is_published and has_new_dates:
        tell("dates_set", before=before, after=after, by=by)


def lock(consultation: Consultation) -> Consultation:
    return Consultation.objects.select_for_update().get(pk=consultation.pk)


def save(consultation: Consultation, **changes) -> Consultation:
    for name, value in changes.items():
        setattr(consultation, name, value)
    consultation.save(update_fields=list(changes))
    return consultation


def columns(row: models.Model) -> dict:
    """All that is stored of a row, save its id and what stands for a text in the reader's language."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in texts_of(type(row))
    }


def title_of_copy(title: str, language: str) -> str:
    length = Consultation._meta.get_field("title").max_length
    with override(language):
        room = length - len(_("%(title)s (copy)") % {"title": ""})
        return _("%(title)s (copy)") % {"title": title[:room]}


def free_slug(slug: str) -> str:
    """`slug-copy`, or the first of `slug-copy-2`, `slug-copy-3` … that nobody has."""
    length = Consultation._meta.get_field("slug").max_length
    number = 1
    while True:
        ending = "-copy" if number == 1 else f"-copy-{number}"
        candidate = slug[: length - len(ending)] + ending
        if not Consultation.objects.filter(slug=candidate).exists():
            return candidate
        number += 1


def dates_ahead(consultation: Consultation) -> tuple[datetime, datetime]:
    """Opening and closing, moved by whole weeks on the clock of the consultation's own time zone."""
    week = timedelta(weeks=1)
    weeks = max(0, -((consultation.opens_at - timezone.now() - TIME_TO_PREPARE) // week))
    # Wall-clock arithmetic: nine o'clock stays nine o'clock when summer time begins in between.
    opens, closes = (at.astimezone(consultation.zone) for at in (consultation.opens_at, consultation.closes_at))
    return opens + weeks * week, closes + weeks * week


# Reading


def what_is_missing(consultation: Consultation) -> list[str]:
    """In sentences, all that keeps a consultation from being published."""
    missing = []
    for name in NEEDED_TO_PUBLISH:
        if not any(written(consultation, name).values()):
            missing.append(_("“%(text)s” is empty in all languages.") % {"text": label(consultation, name)})
    questions = [each for each in consultation.questions.order_by("number") if not each.is_open_floor]
    if not questions:
        missing.append(_("There is no question yet."))
    for question in questions:
        if not any(written(question, "text").values()):
            missing.append(_("Question %(number)s has no text.") % {"number": question.number})
    if not consultation.languages:
        missing.append(_("No main language is chosen."))
    if consultation.closes_at <= consultation.opens_at:
        missing.append(_("It would close before it opens."))
    elif consultation.closes_at <= timezone.now():
        missing.append(_("The closing date has passed."))
    return missing


def has_moderators(consultation: Consultation) -> bool:
    return consultation.moderator_set.filter(user__is_active=True).exists()


def missing_translations(*rows: models.Model) -> dict[str, list[str]]:
    """For each language the names of the texts that it lacks, of those that another language has."""
    missing = {language: [] for language in LANGUAGES}
    for row in rows:
        for name in texts_of(type(row)):
            texts = written(row, name)
            if any(texts.values()):
                for language, text in texts.items():
                    if not text:
                        missing[language].append(label(row, name))
    return {language: names for language, names in missing.items() if names}


def lacks_translation(model: type[models.Model], language: str) -> Q:
    """The rows of a model that have a text in some language and not in this one."""
    lacking = Q()
    for name in texts_of(model):
        elsewhere = Q()
        for other in LANGUAGES:
            if other != language:
                elsewhere |= ~is_empty(f"{name}_{other}")
        lacking |= is_empty(f"{name}_{language}") & elsewhere
    return lacking


def is_empty(column: str) -> Q:
    return Q(**{f"{column}__isnull": True}) | Q(**{column: ""})


def texts_of(model: type[models.Model]) -> list[str]:
    """The names of a model's translated texts, in the order of the model."""
    translated = translator.get_options_for_model(model).get_field_names()
    return [field.name for field in model._meta.fields if field.name in translated]


def written(row: models.Model, name: str) -> dict[str, str]:
    """A text by language, without what only looks like one."""
    return {language: (getattr(row, f"{name}_{language}") or "").strip() for language in LANGUAGES}


def label(row: models.Model, name: str) -> str:
    """What organizers call a text: “Title”, or “Question 2: text”."""
    text = str(row._meta.get_field(name).verbose_name)
    if not isinstance(row, Question):
        return capfirst(text)
    if row.is_open_floor:
        return _("Open floor: %(text)s") % {"text": text}
    return _("Question %(number)s: %(text)s") % {"number": row.number, "text": text}


def with_use(questions):
    """Questions, each with `is_used`: people have contributed to it, or have begun to write."""
    return questions.annotate(
        is_used=Exists(Comment.objects.filter(question=OuterRef("pk")))
        | Exists(Draft.objects.filter(question=OuterRef("pk")))
        | Exists(ThreadMove.objects.filter(Q(from_question=OuterRef("pk")) | Q(to_question=OuterRef("pk"))))
    )


def why_not_delete(row: DiscussionSpace | Consultation) -> str:
    """The sentence that says why a space or a consultation must stay, or nothing."""
    if isinstance(row, DiscussionSpace):
        number = row.consultations.count()
        if not number:
            return ""
        return ngettext(
            "“%(name)s” cannot be deleted: it holds %(number)s consultation. Move it to another space first.",
            "“%(name)s” cannot be deleted: it holds %(number)s consultations. Move them to another space first.",
            number,
        ) % {"name": row, "number": number}
    if with_use(row.questions.all()).filter(is_used=True).exists():
        return _(
            "“%(name)s” cannot be deleted: people have contributed to it, or have begun to write. "
            "Close it, or take it back to draft while nobody has contributed."
        ) % {"name": row}
    return ""
