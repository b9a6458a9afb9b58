"""The records of mails to one person: to be handed over, and to be erased."""

from hub.background.models import OutgoingMail


class Mails:
    """One of the PERSONAL_DATA that the accounts wing asks. Mails are known by the address that they go to."""

    def export(self, user) -> dict:
        """When the portal wrote to the person lately, oldest first; what it wrote is not kept."""
        return {
            "mails of the last weeks": [
                {"written": mail.queued_at, "state": mail.state, "sent": mail.finished_at}
                for mail in OutgoingMail.objects.to(user.email).order_by("pk")
            ]
        }

    def erase(self, user, *, keep_contributions: bool) -> None:
        OutgoingMail.objects.to(user.email).delete()
