"""The steps of a submission: what each of them holds, and keeping what its submitter types.

Each save says which version of the step it builds upon. Only a save upon what is kept replaces it, so that a stale
tab never overwrites newer text; and a step is compared by itself, so that two tabs on two steps are no conflict.
"""

import hashlib
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hub.resources import permissions
from hub.resources.addresses import normalise
from hub.resources.models import Practice, Resource
from hub.resources.states import lock

FIELDS = {
    "what": ("kind", "title", "address", "publisher", "authors", "year", "languages"),
    "about": (
        "summary",
        "text_language",
        "objectives",
        "principles",
        "regions",
        "countries",
        "scope",
        "comprehensiveness",
    ),
    "practice": ("implementer", "began", "ended", "partners", "achieved", "learned", "repeating"),
    "send": ("relation", "answer"),
}
TRANSLATED = ("title", "summary")
SETS = ("objectives", "principles", "regions")


def steps_of(resource: Resource) -> list[str]:
    """The steps in their order; only a practice has one of its own."""
    return [step for step in FIELDS if step != "practice" or resource.is_practice]


def values_of(resource: Resource, step: str) -> dict:
    """What is kept of a step, by its fields; what points elsewhere as a sorted list of keys."""
    if step == "practice":
        practice = getattr(resource, "practice", None) or Practice()
        return {name: getattr(practice, name) for name in FIELDS[step]}
    return {name: value_of(resource, name) for name in FIELDS[step]}


def value_of(resource: Resource, name: str):
    if name in TRANSLATED:
        return getattr(resource, f"{name}_{resource.text_language}") or ""
    if name in SETS:
        return sorted(each.pk for each in getattr(resource, name).all())
    if name == "countries":
        return sorted(each.code for each in resource.countries)
    if name == "languages":
        return sorted(resource.languages)
    return getattr(resource, name)


def version_of(values: dict) -> str:
    """The same for the same values, and hardly ever for others."""
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Saved:
    """The resource as it is kept now, and the version of the step; `newer` has what a stale tab did not know of."""

    resource: Resource
    version: str
    is_stale: bool = False
    newer: dict = field(default_factory=dict)


@transaction.atomic
def save(resource: Resource, step: str, values: dict, base: str) -> Saved:
    """Keep the given values of a step upon version `base` of it. Raises StateHasChanged once it was sent in."""
    current = lock(resource, permissions.EDITABLE)
    kept = values_of(current, step)
    changed = {name: value for name, value in values.items() if kept[name] != value}
    if not changed:
        return Saved(current, version_of(kept))
    if base != version_of(kept):
        return Saved(current, version_of(kept), is_stale=True, newer={name: kept[name] for name in changed})
    if changed.keys() != {"answer"}:
        current.updated_at = timezone.now()
    if step == "practice":
        write_practice(current, changed)
    else:
        write(current, changed)
    current.save()
    fresh = Resource.objects.select_related("call", "practice").get(pk=current.pk)
    return Saved(fresh, version_of(values_of(fresh, step)))


def note_change(resource: Resource) -> None:
    """What belongs to it was changed elsewhere, as its files are."""
    Resource.objects.filter(pk=resource.pk).update(updated_at=timezone.now())


def write(resource: Resource, changed: dict) -> None:
    if language := changed.pop("text_language", None):
        # The texts are those of the submitter, whatever language they turn out to be in. Where a translation stands
        # in that language already, both stay: the submitter goes on from the one in the chosen language.
        for name in TRANSLATED:
            before, after = f"{name}_{resource.text_language}", f"{name}_{language}"
            if getattr(resource, after) in {None, "", getattr(resource, before)}:
                setattr(resource, after, getattr(resource, before))
                setattr(resource, before, None)
        resource.text_language = language
    for name, value in changed.items():
        if name in SETS:
            getattr(resource, name).set(value)
        elif name in TRANSLATED:
            for code, _name in settings.LANGUAGES:
                # What translations say is no longer what is said: editors see that they are missing.
                setattr(resource, f"{name}_{code}", (value or None) if code == resource.text_language else None)
        else:
            setattr(resource, name, value)
    if "address" in changed:
        resource.normalised_address = normalise(resource.address)


def write_practice(resource: Resource, changed: dict) -> None:
    practice, _made = Practice.objects.get_or_create(resource=resource)
    for name, value in changed.items():
        setattr(practice, name, value)
    if practice.began and practice.ended and practice.ended < practice.began:
        # One of the two is being corrected, the other could not be read: both stay as they were.
        kept = Practice.objects.get(pk=practice.pk)
        practice.began, practice.ended = kept.began, kept.ended
    practice.save()
