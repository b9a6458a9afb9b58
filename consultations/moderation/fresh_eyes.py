"""Who may look again at a removal.

Never whoever took that decision. Nor, while somebody else is there, whoever has decided against the author about the
same contribution before: removed it another time, or let a removal stand.
"""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from consultations.models import Moderator
from consultations.moderation.models import Act, Case

AGAINST_THE_AUTHOR = [Act.Kind.HIDDEN, Act.Kind.UPHELD]


def closed_to(user) -> QuerySet[Case]:
    """The requests for another look that wait for somebody else than this person."""
    against = Act.objects.filter(kind__in=AGAINST_THE_AUTHOR, comment=OuterRef("comment"))
    decided = Q(decided_before_by=user.pk)
    decided_earlier = Exists(against.filter(actor_id=user.pk))
    return Case.objects.waiting().filter(decided | Q(decided_earlier, somebody_else_is_there()), kind=Case.Kind.APPEAL)


def closed_people(comments: Iterable[int]) -> dict[int, set[int]]:
    """For each contribution, by id, about which another look is asked for: the ids of those who may not take it."""
    is_there = ExpressionWrapper(somebody_else_is_there(), output_field=BooleanField())
    against = Act.objects.filter(kind__in=AGAINST_THE_AUTHOR, comment=OuterRef("comment"))
    appealed = Case.objects.waiting().filter(comment__in=comments, kind=Case.Kind.APPEAL)
    found = appealed.annotate(is_there=is_there, decided=ArraySubquery(against.order_by().values("actor_id")))
    rows = found.order_by().values_list("comment", "decided_before_by", "is_there", "decided")
    return {comment: {last, *(decided if somebody_else else ())} for comment, last, somebody_else, decided in rows}


def somebody_else_is_there() -> Q:
    """Whether a moderator of the consultation, or an administrator, has never decided against the author of a case."""
    moderators = Moderator.objects.filter(user__is_active=True, consultation=OuterRef("consultation"))
    administrators = get_user_model().objects.filter(is_superuser=True, is_active=True)
    return Q(Exists(undecided(moderators, "user"))) | Q(Exists(undecided(administrators, "pk")))


def undecided(people: QuerySet, who: str) -> QuerySet:
    """Those of `people`, named by the field `who`, who neither wrote what a case is about nor decided about it."""
    decided = Act.objects.filter(
        kind__in=AGAINST_THE_AUTHOR, comment=OuterRef(OuterRef("comment")), actor_id=OuterRef(who)
    )
    return people.exclude(Exists(decided)).exclude(**{who: Coalesce(OuterRef("comment__author"), 0)})
