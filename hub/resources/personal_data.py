"""What is kept of the resources that one person has submitted: to be handed over, and to be erased."""

from django.conf import settings

from hub.resources import drafting, files, submitting, versions
from hub.resources.glance import glance
from hub.resources.models import Practice, Resource, SentVersion, StateChange

State = Resource.State
# Nobody has decided about these; they go with their submitter.
UNDER_WAY = {State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED}
LEAVES = UNDER_WAY | {State.DRAFT, State.WITHDRAWN}


# What a resource without content holds; texts of titles stay.
EMPTY = {
    "year": None,
    "languages": [],
    **dict.fromkeys(("address", "normalised_address", "publisher", "authors", "countries", "relation", "answer"), ""),
    **dict.fromkeys(("kind", "scope", "comprehensiveness", "summary"), ""),
    **{f"summary_{code}": "" for code, _name in settings.LANGUAGES},
}


def empty(resource: Resource) -> None:
    """Leave nothing of a withdrawn resource but its title and what happened to it."""
    current = Resource.objects.get(pk=resource.pk)
    for name, value in EMPTY.items():
        setattr(current, name, value)
    current.save(update_fields=[*EMPTY])
    for relation in (current.objectives, current.principles, current.regions):
        relation.clear()
    Practice.objects.filter(resource=current).delete()
    SentVersion.objects.filter(change__resource=current).delete()


class Submissions:
    """One of the PERSONAL_DATA that the accounts wing asks."""

    def export(self, user) -> dict:
        decided = StateChange.objects.filter(by=user).exclude(resource__submitted_by=user).order_by("pk")
        names = versions.names_of(set(drafting.SETS))
        return {
            "resources submitted": [self.exported(each, names) for each in self.of(user)],
            "decisions as an editor": [
                {"when": each.at, "number": each.resource_id, "state": each.after, "words": each.words}
                for each in decided
            ],
        }

    def exported(self, resource: Resource, names: dict) -> dict:
        return {
            "number": resource.pk,
            "state": resource.state,
            "since": resource.state_since,
            "begun": resource.created_at,
            "sent": resource.submitted_at,
            "call": resource.call.slug if resource.call else "",
            "filled in": {row.field: row.text for row in glance(resource)},
            "files": [{"name": file.name, "size": file.size} for file in resource.files.all()],
            "steps": [
                {"when": change.at, "state": change.after, "words": change.words}
                | ({"as it was sent": versions.filled_in(change.version, names)} if hasattr(change, "version") else {})
                for change in resource.state_changes.all()
            ],
        }

    def erase(self, user, *, keep_contributions: bool) -> None:
        """Delete what is not decided; what was listed or declined stays, without its submitter.

        Of what was in review the title stays: reviewers can go on to read what they wrote, as they were told.
        """
        for resource in self.of(user).filter(state__in=LEAVES).order_by("pk"):
            if resource.state in UNDER_WAY:
                # Whoever reviews it is told, as with every withdrawal.
                submitting.withdraw(resource, user)
            for file in resource.files.all():
                files.remove(file)
            if resource.state_changes.filter(after=State.IN_REVIEW).exists():
                empty(resource)
            else:
                resource.delete()
        self.of(user).exclude(answer="").update(answer="")
        StateChange.objects.filter(by=user, resource__submitted_by=user).exclude(words="").update(words="")

    def of(self, user):
        found = Resource.objects.submitted_by(user).select_related("call", "practice")
        return found.prefetch_related(
            "files", "state_changes__version", "objectives", "principles", "regions"
        ).order_by("pk")
