"""What the directory keeps about one person: to be handed over, and to be erased."""

from hub.experts.models import Expert, SupportMessage, SupportRequest


class Expertise:
    """One of the PERSONAL_DATA that the accounts wing asks."""

    def export(self, user) -> dict:
        requests = SupportRequest.objects.filter(requester=user)
        kept = {
            "requests for support": [
                {
                    "number": each.pk,
                    "for": each.organization,
                    "on behalf of": each.kind,
                    "country or area": each.country.code,
                    "objectives": [objective.number for objective in each.objectives.all()],
                    "support": each.support,
                    "needed by": each.needed_by,
                    "sent": each.created_at,
                    "what": each.message,
                    "language": each.language,
                    "state": each.state,
                    "in this state since": each.state_since,
                    "answers": [
                        {"by you": one.is_from_requester, "written": one.created_at, "text": one.words}
                        for one in each.messages.all()
                    ],
                }
                for each in requests.prefetch_related("objectives", "messages").order_by("pk")
            ]
        }
        if written := list(SupportMessage.objects.filter(author=user, is_from_requester=False)):
            kept["answers to requests for support, as an editor"] = [
                {"number": each.request_id, "written": each.created_at, "text": each.words} for each in written
            ]
        if expert := Expert.objects.with_all().filter(user=user).first():
            shows = {name.removeprefix("shows_"): value for name, value in vars(expert).items() if "shows_" in name}
            kept["entry in the directory of experts"] = {
                "state": expert.state,
                "name": expert.name,
                "about": expert.about,
                "language of this text": expert.text_language,
                "organization": expert.organization,
                "country or area": expert.country.code,
                "languages": expert.languages,
                "objectives": [each.number for each in expert.objectives.all()],
                "regions": [each.slug for each in expert.regions.all()],
                "support": expert.support,
                "shown": sorted(name for name, value in shows.items() if value),
                "reason of the editors": expert.reason,
            }
        return kept

    def erase(self, user, *, keep_contributions: bool) -> None:
        Expert.objects.filter(user=user).delete()
        SupportRequest.objects.filter(requester=user).delete()
