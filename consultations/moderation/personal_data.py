"""What the moderation of consultations keeps about one person: to be handed over, and to be erased."""

from allauth.account.models import EmailAddress
from django.db.models.functions import Lower

from consultations.models import Pause
from consultations.moderation.models import Act, FocalPoint, FocalRequest, OrganizationFocalPoint, Received
from consultations.moderation.on_behalf import unclaimed_from, waiting_for


class Roles:
    """One of the PERSONAL_DATA that the accounts wing asks."""

    def export(self, user) -> dict:
        """Pauses, roles, what came from the person's addresses, and the acts of moderation about them."""
        pauses = Pause.objects.filter(user=user).select_related("consultation")
        roles = FocalPoint.objects.filter(user=user).select_related("consultation")
        acts = Act.objects.filter(person_id=user.pk).select_related("consultation").order_by("pk")
        received = Received.objects.filter(comment__author=user) | waiting_for(user)
        return {
            "pauses": [
                {
                    "consultation": each.consultation.slug,
                    "from": each.created_at,
                    "until": each.until,
                    "reason": each.reason,
                    "ended early": each.lifted_at,
                }
                for each in pauses
            ],
            "focal point in": [each.consultation.slug for each in roles],
            "asked to be a focal point in": [each.consultation.slug for each in asked_of(user)],
            "focal point of organizations": [
                {"organization or State": each.speaks_for, "domain": each.domain}
                for each in OrganizationFocalPoint.objects.filter(user=user)
            ],
            "posted on behalf of the person": [
                {
                    "contribution": each.comment_id,
                    "received on": each.received_on,
                    "e-mail address": each.email,
                    "consent noted": each.consent_noted_at,
                    "claimed": each.claimed_at,
                }
                for each in received
            ],
            "acts of moderation": [
                {
                    "when": each.at,
                    "what": each.kind,
                    "consultation": each.consultation.slug,
                    "contribution": each.comment_id,
                    "rule": each.rule_number,
                    "reason": each.reason,
                }
                for each in acts
            ],
        }

    def erase(self, user, *, keep_contributions: bool) -> None:
        """Forget the addresses; roles and pauses go with the account.

        The record of moderation cannot be erased, and holds the person's id alone.
        """
        for email in EmailAddress.objects.filter(user=user).values_list("email", flat=True):
            unclaimed_from(email).update(email="", code_hash="", code_expires_at=None)
        asked_of(user).delete()


def asked_of(user):
    """The requests to be a focal point that went to any of the person's addresses."""
    addresses = EmailAddress.objects.filter(user=user).values_list(Lower("email"), flat=True)
    return FocalRequest.objects.filter(email__in=list(addresses))
