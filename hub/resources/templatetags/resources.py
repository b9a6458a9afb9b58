"""How resources appear in templates."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language

from consultations import typography
from consultations.templatetags.discussion import translated
from hub.resources import permissions
from hub.resources.choices import Names
from hub.resources.models import LANGUAGES, ListEntry, Resource

register = template.Library()
register.filter("in_a_row", typography.in_a_row)
LANGUAGE_NAMES = dict(LANGUAGES)
LONG_WORD = 9


@register.filter
def languages_of(thing) -> str:
    """The languages in which a resource can be read, in words."""
    return ", ".join(capfirst(str(LANGUAGE_NAMES[code])) for code in thing.languages if code in LANGUAGE_NAMES)


@register.filter
def country_names(resource: Resource) -> str:
    return typography.in_a_row(each.name for each in resource.countries)


@register.filter
def language_of_file(file) -> str:
    return capfirst(str(LANGUAGE_NAMES.get(file.language, "")))


@register.filter
def kind_of(entry: ListEntry) -> str:
    return capfirst(str(Resource.Kind(entry.kind).label))


@register.simple_tag
def scope_words(names: Names, entry: ListEntry) -> str:
    """The scope, then the regions, as they stand above a title."""
    return scope_and_regions(entry.scope, names.regions_of(entry))


@register.simple_tag
def scope_words_of(resource: Resource, regions: list) -> str:
    """The same of a resource that may not be in the list yet."""
    return scope_and_regions(resource.scope, [str(region) for region in regions])


def scope_and_regions(scope: str, regions: list[str]) -> str:
    """Such as “Regional · Africa, Asia”. What is global is so wherever it was made."""
    if not scope:
        return ", ".join(regions)
    words = capfirst(str(Resource.Scope(scope).label))
    return words if scope == Resource.Scope.GLOBAL or not regions else f"{words} · {', '.join(regions)}"


@register.filter
def own_language(resource: Resource) -> str:
    """The `lang` attribute of what stands in the submitter's language only, where the page is in another one."""
    if resource.text_language == get_language():
        return ""
    return format_html(' lang="{}"', resource.text_language)


@register.filter
def original_title(resource: Resource) -> str:
    """The title as it was submitted, where the page shows a translation of it; otherwise empty."""
    if translated(resource, "title").language == resource.text_language:
        return ""
    return getattr(resource, f"title_{resource.text_language}") or ""


@register.filter
def from_whom(resource: Resource) -> str:
    """Who published it or, where that is not said, who wrote it."""
    return resource.publisher or typography.in_a_row(resource.author_names)


@register.filter
def beginning(text: str, words: int) -> str:
    """The first words of a text on one line. Unlike `truncatewords` it keeps the blanks that do not break."""
    found = typography.BLANKS.split(str(text).strip())
    shown = " ".join(found[:words]) + (" …" if len(found) > words else "")
    # For scripts that put no blanks between words.
    return Truncator(shown).chars(words * LONG_WORD)


@register.filter
def script_data(text: str) -> str:
    """JSON that `citation.schema_org` has made safe within a script element."""
    return mark_safe(text)


@register.filter
def is_editor(user) -> bool:
    return user.is_authenticated and permissions.edits(user)
