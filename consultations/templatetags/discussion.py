"""How contributions and the organisers' texts appear in templates."""

import textwrap
from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from consultations import languages, markup
from consultations.models import Comment, Consultation, Question

register = template.Library()


@dataclass(frozen=True)
class Translated:
    """A text in the reader's language or, where it is not translated, in the first one that there is."""

    text: str
    language: str

    def __str__(self):
        return self.text

    def __bool__(self):
        return bool(self.text)

    @property
    def lang(self) -> str:
        """The `lang` attribute, when the text is not in the language of the page."""
        if not self.text or self.language == get_language():
            return ""
        return format_html(' lang="{}"', self.language)


@register.filter
def translated(thing, name: str) -> Translated:
    """The text of field `name` and the language in which it really is."""
    for language in (get_language() or settings.LANGUAGE_CODE, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES):
        if text := getattr(thing, f"{name}_{language}", None):
            return Translated(text, language)
    return Translated("", "")


@lru_cache(maxsize=512)
def rendered(source: str) -> str:
    return markup.render(source).html


@register.filter
def prose(text) -> str:
    """The organisers' light markup as HTML."""
    return mark_safe(rendered(markup.clean_source(str(text))))


# Some three lines of a phone.
OPENING = 140


@register.filter
def is_long(text) -> bool:
    """Whether `opening` leaves out some of what organisers wrote."""
    return opening(text).endswith("…")


@register.filter
def opening(text) -> str:
    """The first words of what organisers wrote, on one line and without marks."""
    return markup.excerpt(rendered(markup.clean_source(str(text))), OPENING)


@register.filter
def written(text) -> str:
    """What somebody wrote to some people, with the marks that contributions have; unlike `prose` it is kept nowhere."""
    return mark_safe(markup.render(markup.clean_source(str(text))).html)


@register.filter
def lead(comment: Comment) -> str:
    """The part of a contribution that is shown at once."""
    return mark_safe(markup.split_at_fold(comment.html, comment.fold_at)[0])


@register.filter
def rest(comment: Comment) -> str:
    """The part of a contribution that is folded, empty when it is short."""
    return mark_safe(markup.split_at_fold(comment.html, comment.fold_at)[1])


@register.filter
def whole(comment: Comment) -> str:
    return mark_safe(comment.html)


@register.filter
def excerpt(comment: Comment, characters: int = 200) -> str:
    """The first words of a contribution, without marks, for lists."""
    return markup.excerpt(comment.html, characters)


@register.filter
def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "–"


@register.filter
def wrapped(text: str) -> str:
    """Lines of 72 columns, as mails have; addresses stay whole."""
    return "\n".join(
        textwrap.fill(line, 72, break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
    )


@register.filter
def language_name(code: str) -> str:
    return str(dict(languages.WRITTEN)[code])


@register.filter
def written_in(code: str) -> str:
    return {
        "en": _("Original language: English"),
        "fr": _("Original language: French"),
        "es": _("Original language: Spanish"),
    }.get(code, _("Original language: another one"))


@register.filter
def capacity(comment: Comment) -> str:
    """For whom the author speaks, and what else they let others see."""
    parts = []
    country = comment.country.name if comment.country else ""
    if comment.is_pseudonym:
        parts.append(_("Pseudonym; the moderators know who it is"))
    elif comment.capacity == Comment.Capacity.STATE:
        parts.append(_("On behalf of a State: %(country)s") % {"country": country})
        parts.append(comment.organization)
    elif comment.by_moderator:
        parts.append(comment.organization)
    elif comment.capacity == Comment.Capacity.ORGANIZATION:
        place = ", ".join(part for part in (comment.organization, country) if part)
        parts.append(_("On behalf of %(organization)s") % {"organization": place})
    elif comment.author_name:
        if comment.shows_profile:
            parts.append(", ".join(part for part in (comment.organization, country) if part))
        parts.append(_("Speaking personally"))
    if comment.group and comment.shows_profile and not comment.by_moderator:
        parts.append(comment.group.name)
    return " · ".join(part for part in parts if part)


@register.filter
def standing(comment: Comment) -> list[str]:
    """How it came to the portal, if its author did not post it, and whether those it speaks for stand by it."""
    sentences = []
    if comment.origin == Comment.Origin.TRANSCRIPTION:
        if comment.posted_by:
            sentences.append(_("Spoken, and transcribed by %(name)s") % {"name": comment.posted_by.name})
        else:
            sentences.append(_("Spoken, and transcribed by a focal point"))
    elif comment.origin == Comment.Origin.EMAIL:
        sentences.append(_("Received by e-mail, posted by the secretariat"))
    elif comment.origin == Comment.Origin.LETTER:
        sentences.append(_("Received by letter, posted by the secretariat"))
    is_state = comment.capacity == Comment.Capacity.STATE
    if comment.confirmation == Comment.Confirmation.UNCONFIRMED:
        sentences.append(
            _("Not yet confirmed by the State") if is_state else _("Not yet confirmed by the organization")
        )
    elif comment.confirmation == Comment.Confirmation.CONFIRMED:
        sentences.append(_("Confirmed by the State") if is_state else _("Confirmed by the organization"))
    elif comment.confirmation == Comment.Confirmation.DISOWNED:
        sentences.append(
            _("Disowned: the State says that this was not said in its name")
            if is_state
            else _("Disowned: the organization says that this was not said in its name")
        )
    return sentences


@register.filter
def in_zone(moment, consultation: Consultation):
    """A date and time in the consultation's own time zone, which is named beside it."""
    local = timezone.localtime(moment, consultation.zone)
    zone = "UTC" if consultation.time_zone == "UTC" else f"{consultation.time_zone}, {local:UTC%z}"
    return pgettext("date and time (time zone)", "%(when)s (%(zone)s)") % {
        "when": date_format(local, "DATETIME_FORMAT"),
        "zone": zone,
    }


@register.filter
def question_name(question: Question) -> str:
    if question.is_open_floor:
        return _("Open floor")
    return _("Question %(number)s") % {"number": question.number}


@register.simple_tag
def reading(chosen, **more) -> str:
    """The query string of the reader's choice with something else in it."""
    return chosen.query(**more)


@register.filter
def get(mapping, key):
    return mapping.get(key)
