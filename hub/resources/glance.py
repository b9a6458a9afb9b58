"""All that a submitter wrote, in words."""

from dataclasses import dataclass

from django.utils.text import capfirst

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
        return str(getattr(getattr(resource, "practice", None), name, "") or "")
    if name in drafting.SETS:
        return in_a_row(getattr(resource, name).all())
    if name == "countries":
        return in_a_row(each.name for each in resource.countries)
    if name == "languages":
        return ", ".join(capfirst(str(label)) for code, label in LANGUAGES if code in resource.languages)
    if name in {"kind", "scope", "comprehensiveness", "relation", "text_language"}:
        return capfirst(str(getattr(resource, f"get_{name}_display")()))
    return str(drafting.value_of(resource, name) or "")
