"""What a resource must have before it can be sent in or listed, in sentences for whoever is to add it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from hub.resources.models import Practice, Resource


def has_text(resource: Resource, name: str) -> bool:
    return any((getattr(resource, f"{name}_{code}") or "").strip() for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Lack:
    """A field that has to be filled in, and the sentence that asks for it."""

    field: str
    sentence: str


def what_is_missing(resource: Resource) -> list[str]:
    """Sentences, empty when the resource is complete; in the order of the form."""
    return [lack.sentence for lack in lacks(resource)]


def lacks(resource: Resource) -> list[Lack]:
    """The same with the fields that they are about."""
    checks = [
        ("kind", resource.kind, _("Choose what kind of resource it is.")),
        ("title", has_text(resource, "title"), _("Write the title.")),
        ("address", resource.address or resource.files.exists(), _("Give its web address, or add a file.")),
        ("publisher", resource.publisher or resource.author_names, _("Name its publisher or its authors.")),
        ("year", resource.year, _("Write the year in which it appeared.")),
        ("languages", resource.languages, _("Choose the languages in which it can be read.")),
        ("summary", has_text(resource, "summary"), _("Write the summary.")),
        ("objectives", resource.objectives.exists(), _("Choose at least one objective.")),
        ("regions", resource.regions.exists(), _("Choose at least one region.")),
        ("scope", resource.scope, _("Choose the scope.")),
        ("comprehensiveness", resource.comprehensiveness, _("Say how comprehensive it is.")),
    ]
    if resource.is_practice:
        practice = getattr(resource, "practice", None) or Practice()
        checks += [
            ("implementer", practice.implementer, _("Write who carried the practice out.")),
            ("began", practice.began, _("Write in which year the practice began.")),
            ("partners", practice.partners, _("Write with whom it was carried out.")),
            ("achieved", practice.achieved, _("Write what the practice achieved.")),
            ("learned", practice.learned, _("Write what was learned from it.")),
            ("repeating", practice.repeating, _("Write how it can be repeated.")),
        ]
    return [Lack(name, sentence) for name, is_there, sentence in checks if not is_there]
