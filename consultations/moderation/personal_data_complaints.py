"""What people told the moderators: to be handed over, and to be erased."""

from consultations.moderation import cases
from consultations.moderation.models import Appeal, Case, Objection, Report


class Complaints:
    """One of the PERSONAL_DATA that the accounts wing asks."""

    def export(self, user) -> dict:
        """The person's reports, and what they said about decisions on their own contributions."""
        reports = Report.objects.filter(reporter=user).select_related("rule")
        return {
            "reports": [
                {
                    "contribution": each.comment_id,
                    "when": each.created_at,
                    "rule": each.rule.number if each.rule else None,
                    "text": each.words,
                    "settled": each.settled_at,
                }
                for each in reports
            ],
            "requests for another look": told(Appeal, user),
            "objections to a place": told(Objection, user),
        }

    def erase(self, user, *, keep_contributions: bool) -> None:
        """Take the words away; that somebody reported, and what was decided, stays.

        Where the contributions go too, nobody has to look at them again.
        """
        if not keep_contributions:
            waiting = Case.objects.waiting().filter(comment__author=user, kind=Case.Kind.APPEAL)
            for case in waiting:
                cases.close(case, None, "withdrawn")
        Report.objects.filter(reporter=user).update(words="", email="")
        Report.objects.filter(email__iexact=user.email).update(words="", email="")
        for model in (Appeal, Objection):
            model.objects.filter(comment__author=user).update(words="")


def told(model, user) -> list[dict]:
    rows = model.objects.filter(comment__author=user).order_by("pk")
    return [{"contribution": each.comment_id, "when": each.created_at, "text": each.words} for each in rows]
