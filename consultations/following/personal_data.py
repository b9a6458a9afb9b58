"""What is kept about what one person follows and was told: to be handed over, and to be erased."""

from django.db.models import Q

from consultations.following.models import ABOUT_OTHERS, Follow, Notification, Preference, Visit


class Following:
    """One of the PERSONAL_DATA that the accounts wing asks."""

    def export(self, user) -> dict:
        follows = Follow.objects.filter(user=user).select_related("consultation", "question__consultation")
        told = Notification.objects.filter(user=user).select_related("consultation").order_by("pk")
        return {
            "follows": [followed(each) | {"since": each.since} for each in follows],
            "notifications": [
                {
                    "what": each.kind,
                    "consultation": each.consultation.slug,
                    "contribution": each.comment_id,
                    "by": each.actor_name,
                    "when": each.at,
                    "read": each.read_at,
                    "mail": each.mail,
                }
                for each in told
            ],
            "mail preferences": dict(Preference.objects.filter(user=user).values_list("kind", "pace")),
            "pages visited": list(Visit.objects.filter(user=user).values("page", "since", "at")),
        }

    def erase(self, user, *, keep_contributions: bool) -> None:
        """Nobody was told of anything by this person any more, or not by this name; the rest goes with the account."""
        # Locked in one order, so that two people who told each other something can leave at the same time.
        both = Notification.objects.filter(Q(user=user) | Q(actor=user)).order_by("pk")
        list(both.select_for_update(no_key=True).values_list("pk"))
        told = Notification.objects.filter(actor=user)
        if not keep_contributions:
            told.filter(kind__in=ABOUT_OTHERS).delete()
        told.exclude(comment__is_pseudonym=True).update(actor_name="")


def followed(follow: Follow) -> dict:
    if follow.root_id:
        return {"thread of contribution": follow.root_id}
    if follow.question:
        number = follow.question.number or "open floor"
        return {"consultation": follow.question.consultation.slug, "question": number}
    return {"consultation": follow.consultation.slug}
