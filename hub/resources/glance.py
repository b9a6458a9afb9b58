"""All that a submitter wrote, in words."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django_countries import countries

from consultations.typography import in_a_row
from hub.resources import drafting
from hub.resources.forms import FORMS
from hub.resources.models import LANGUAGES, Resource


@dataclass(frozen=True)
class Row:
    """One field with what stands in it, in words."""

    step: str
    field: str
    label: str
    text: str


def glance(resource: Resource) -> list[Row]:
    """All that was filled in, in the order of the steps."""
    rows = []
    for step in drafting.steps_of(resource):
        for name in drafting.FIELDS[step]:
            label = FORMS[step].base_fields[name].label
            if text := words_of(resource, name):
                rows.append(Row(step, name, str(label), text))
    return rows


def words_of(resource: Resource, name: str) -> str:
    if name in drafting.FIELDS["practice"]:
        return in_words(name, getattr(getattr(resource, "practice", None), name, ""))
    if name in drafting.SETS:
        return in_a_row(getattr(resource, name).all())
    return in_words(name, drafting.value_of(resource, name))


def in_words(name: str, value) -> str:
    """What stands in one field, but for those that point elsewhere."""
    if name == "countries":
        return in_a_row(countries.name(code) for code in value)
    if name == "languages":
        return ", ".join(capfirst(str(label)) for code, label in LANGUAGES if code in value)
    if name in {"kind", "scope", "comprehensiveness", "relation", "text_language"}:
        return capfirst(str(dict(Resource._meta.get_field(name).flatchoices).get(value, "")))
    return str(value or "")
