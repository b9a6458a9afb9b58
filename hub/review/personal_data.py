"""What peer review keeps about one person: to be handed over, and to be erased."""

from hub.resources.models import Region
from hub.review import cv, rounds
from hub.review.models import Invitation, Member, Review

# The region that says least of somebody: the whole world.
NOWHERE = "global"


class Reviewing:
    """One of the PERSONAL_DATA that the accounts wing asks."""

    def export(self, user) -> dict:
        member = Member.objects.select_related("region").prefetch_related("objectives").filter(user=user).first()
        if not member:
            return {}
        place = {
            "state": member.state,
            "since": member.state_since,
            "applied": member.applied_at,
            "words of the editors": member.reason,
            "paused": member.is_paused,
            "internal": member.is_internal,
            "position": member.position,
            "organization": member.organization,
            "country or area": member.country.code,
            "region": member.region.slug,
            "background": member.background,
            "years of experience": member.years,
            "objectives": [each.number for each in member.objectives.all()],
            "languages": member.languages,
            "gender": member.gender,
            "profile": member.profile,
            "publications": member.publications,
            "interests": member.interests,
            "CV": member.cv_name,
        }
        return {"roster of reviewers": place, "reviews": [exported(each) for each in invitations_of(member)]}

    def erase(self, user, *, keep_contributions: bool) -> None:
        """Delete the place on the roster with its CV.

        Reviews that were sent stay without a name, as what was decided rests on them: then an empty place is left.
        """
        member = Member.objects.select_for_update(no_key=True).filter(user=user).first()
        if not member:
            return
        if not member.invitations.exists():
            cv.forget(member)
            member.delete()
            return
        empty(member)
        rounds.release_member(member, Invitation.Release.LEFT)
        Review.objects.filter(invitation__member=member, sent_at__isnull=True).delete()
        # A conflict or a refusal may tell of the person's life.
        member.invitations.filter(state__in=[Invitation.State.DECLINED, Invitation.State.CONFLICT]).update(reason="")


def empty(member: Member) -> None:
    """Leave nothing in the place but that there was one; the account goes by itself."""
    cv.forget(member)
    member.state, member.reason, member.is_paused = Member.State.LEFT, "", False
    for name in ("background", "position", "organization", "country", "gender", "profile", "publications", "interests"):
        setattr(member, name, "")
    member.years, member.languages, member.is_internal, member.decided_by = 0, [], False, None
    # A place needs one.
    member.region = Region.objects.filter(slug=NOWHERE).first() or member.region
    member.save()
    member.objectives.clear()


def invitations_of(member: Member):
    return member.invitations.select_related("round__resource", "review").prefetch_related("review__scores__criterion")


def exported(invitation: Invitation) -> dict:
    told = {
        "of": str(invitation.round.resource),
        "round": invitation.round.number,
        "state": invitation.state,
        "asked as": invitation.seat,
        "invited": invitation.invited_at,
        "answer expected by": invitation.answer_by,
        "review due": invitation.due_at,
        "answered": invitation.answered_at,
        "ended": invitation.ended_at,
        "declared free of conflicts": invitation.declared_free_at,
        "reason": invitation.reason,
    }
    review = getattr(invitation, "review", None)
    if review:
        told |= {
            "to the submitter": review.words_to_submitter,
            "to the editors": review.words_to_editors,
            "recommendation": review.recommendation,
            "levels": {each.criterion.slug: each.level for each in review.scores.all()},
            "language": review.language,
            "saved": review.saved_at,
            "sent": review.sent_at,
        }
    return told
