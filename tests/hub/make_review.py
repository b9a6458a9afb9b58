"""What tests of peer review need: people on the roster, submissions, and what reviewers do."""

from django.contrib.auth.models import Group

from consultations.models import Objective
from hub.resources import submitting
from hub.resources.models import Region, Resource
from hub.resources.permissions import EDITORS
from hub.review import choosing, membership, reviewing, rounds
from hub.review.models import Criterion, Invitation, Member, Recommendation, Round
from hub.review.reviewing import Typed
from tests import make


def editor(**fields):
    made = make.person(**fields)
    made.groups.add(Group.objects.get_or_create(name=EDITORS)[0])
    return made


def member(*, internal=False, name=None, language="en", objectives=(1,), user=None, **fields) -> Member:
    """Somebody on the roster who can be asked."""
    fields = {
        "state": Member.State.ADMITTED,
        "is_internal": internal,
        "background": Member.Background.PRACTITIONER,
        "position": "Adviser",
        "organization": "",
        "country": "GH",
        "years": 8,
        "languages": ["en", "fr", "es"],
        "region": Region.objects.get(slug="africa"),
        "profile": "Counting people with care.",
    } | fields
    user = user or make.person(language=language, **({"name": name} if name else {}))
    made = Member.objects.create(user=user, **fields)
    made.objectives.set(Objective.objects.filter(number__in=objectives))
    return made


def roster() -> list[Member]:
    """One internal and three external reviewers, in three languages."""
    return [
        member(internal=True, name="Ingrid Vale"),
        member(name="Ousmane Fall", language="fr"),
        member(name="Lucía Prado", language="es"),
        member(name="Tariq Anand"),
    ]


def leave(of: Member) -> None:
    """They have read what will happen, and leave."""
    membership.leave(of.user, seen=membership.waiting_of(of))


def draft(submitter=None, **fields) -> Resource:
    """A complete resource that nobody but its submitter has seen yet."""
    fields = {
        "title_en": "Papers that travel",
        "address": "https://harbour.example/papers",
        "publisher": "Harbour Institute",
        "languages": ["en"],
        "objectives": (1, 6),
    } | fields
    return make.resource(submitted_by=submitter or make.person(name="Awa Sow", language="fr"), **fields)


def submission(submitter=None, **fields) -> Resource:
    made = draft(submitter, **fields)
    return submitting.submit(made, made.submitted_by).resource


def begun(resource=None, by=None, members=None) -> Round:
    """An open round, in which the best of the roster were asked."""
    resource = resource or submission()
    members = members or [each.member for each in choosing.candidates(resource)][:3]
    return rounds.begin(resource, members, by or editor(), fewer=True)


def invitation(this_round: Round, member: Member) -> Invitation:
    return this_round.invitations.get(member=member)


def typed(recommendation=Recommendation.LIST, words="Clear and useful.", **fields) -> Typed:
    levels = {criterion.pk: 3 for criterion in Criterion.objects.in_use()}
    return Typed(
        **{"words_to_submitter": words, "recommendation": int(recommendation), "language": "en", "levels": levels}
        | fields
    )


def accepted(asked: Invitation) -> Invitation:
    rounds.accept(asked)
    return rounds.declare(asked, is_free=True)


def reviewed(asked: Invitation, recommendation=Recommendation.LIST, **fields):
    """Accepts, declares and sends."""
    return reviewing.send(accepted(asked), typed(recommendation, **fields))
