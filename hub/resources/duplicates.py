"""Is what somebody submits known already? Only what they may know of is told: listed resources, and their own."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import MD5, Coalesce, Greatest

from hub.resources.models import Resource

# How alike two titles are, from 0 to 1; an edition of another year is above, another book on the same matter below.
ALIKE = 0.6
MOST = 3


@dataclass(frozen=True)
class Known:
    """A resource that could be the same."""

    resource: Resource
    has_same_address: bool


def known(resource: Resource, user) -> list[Known]:
    """Resources with the same address, then those with a title alike in any language.

    What others have submitted and nobody has listed is never among them, so that nothing can be guessed by typing
    titles and addresses. Two queries at most.
    """
    may_know = Resource.objects.filter(
        Q(state=Resource.State.LISTED) | Q(submitted_by=user) & ~Q(state=Resource.State.WITHDRAWN)
    ).exclude(pk=resource.pk)
    by_address = list(same_address(may_know, resource)[:MOST])
    seen = {each.pk for each in by_address}
    by_title = [each for each in alike(may_know, resource)[: 2 * MOST] if each.pk not in seen]
    return [Known(each, True) for each in by_address] + [Known(each, False) for each in by_title[:MOST]]


def same_address(among: QuerySet, resource: Resource) -> QuerySet:
    if not resource.normalised_address:
        return among.none()
    # The index is on the hash; the address itself settles it.
    return (
        among.alias(hash=MD5("normalised_address"))
        .filter(hash=MD5(Value(resource.normalised_address)), normalised_address=resource.normalised_address)
        .order_by("pk")
    )


def alike(among: QuerySet, resource: Resource) -> QuerySet:
    title = getattr(resource, f"title_{resource.text_language}") or ""
    if not title.strip():
        return among.none()
    fields = [f"title_{code}" for code, _name in settings.LANGUAGES]
    near = Q()
    for field in fields:
        # The operator that the trigram indexes know; what it lets through is measured afterwards.
        near |= Q(**{f"{field}__trigram_similar": title})
    likeness = Greatest(*(Coalesce(TrigramSimilarity(field, title), 0.0) for field in fields))
    return among.filter(near).annotate(likeness=likeness).filter(likeness__gte=ALIKE).order_by("-likeness", "pk")
