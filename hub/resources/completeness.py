"""What a resource must have before it can be sent in or listed, in sentences for whoever is to add it."""

from django.conf import settings
from django.utils.translation import gettext as _

from hub.resources.models import Practice, Resource


def has_text(resource: Resource, name: str) -> bool:
    return any((getattr(resource, f"{name}_{code}") or "").strip() for code, _name in settings.LANGUAGES)


def what_is_missing(resource: Resource) -> list[str]:
    """Sentences, empty when the resource is complete; in the order of the form."""
    checks = [
        (resource.kind, _("Choose what kind of resource it is.")),
        (has_text(resource, "title"), _("Write the title.")),
        (resource.address or resource.files.exists(), _("Give its web address, or add a file.")),
        (resource.publisher or resource.author_names, _("Name its publisher or its authors.")),
        (resource.year, _("Write the year in which it appeared.")),
        (resource.languages, _("Choose the languages in which it can be read.")),
        (has_text(resource, "summary"), _("Write the summary.")),
        (resource.objectives.exists(), _("Choose at least one objective.")),
        (resource.regions.exists(), _("Choose at least one region.")),
        (resource.scope, _("Choose the scope.")),
        (resource.comprehensiveness, _("Say how comprehensive it is.")),
    ]
    missing = [sentence for is_there, sentence in checks if not is_there]
    return missing + (what_the_practice_lacks(resource) if resource.is_practice else [])


def what_the_practice_lacks(resource: Resource) -> list[str]:
    practice = getattr(resource, "practice", None) or Practice()
    checks = [
        (practice.implementer, _("Write who carried the practice out.")),
        (practice.began, _("Write in which year the practice began.")),
        (practice.partners, _("Write with whom it was carried out.")),
        (practice.achieved, _("Write what the practice achieved.")),
        (practice.learned, _("Write what was learned from it.")),
        (practice.repeating, _("Write how it can be repeated.")),
    ]
    return [sentence for is_there, sentence in checks if not is_there]
