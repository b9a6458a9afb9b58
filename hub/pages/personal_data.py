"""What the contact form keeps about one person: to be handed over, and to be erased."""

from hub.pages.models import ContactMessage


class Messages:
    """One of the PERSONAL_DATA that the accounts wing asks. Messages are known by the e-mail address in them."""

    def export(self, user) -> dict:
        """The messages sent with the person's address, oldest first."""
        return {
            "messages to the secretariat": [
                {
                    "received": each.created_at,
                    "topic": each.topic,
                    "name": each.name,
                    "e-mail address": each.email,
                    "language": each.language,
                    "text": each.message,
                    "about the resource": str(each.resource) if each.resource else "",
                    "state": each.state,
                    "answered": each.answered_at,
                }
                for each in ContactMessage.objects.filter(email__iexact=user.email)
                .select_related("resource")
                .order_by("pk")
            ]
        }

    def erase(self, user, *, keep_contributions: bool) -> None:
        ContactMessage.objects.filter(email__iexact=user.email).delete()
