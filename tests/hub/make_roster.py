"""What tests of the roster need; every function saves what it returns."""

import datetime

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from consultations.models import Objective
from hub.resources.models import Region, Resource
from hub.resources.permissions import EDITORS
from hub.review.models import Invitation, Member, Review, Round
from tests import make

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def editor(**fields):
    made = make.person(**fields)
    made.groups.add(Group.objects.get_or_create(name=EDITORS)[0])
    return made


def member(user=None, **fields) -> Member:
    """Somebody on the roster, unless `fields` name another state."""
    objectives, region = fields.pop("objectives", [1, 6]), fields.pop("region", "africa")
    fields = {
        "state": Member.State.ADMITTED,
        "background": "academic",
        "position": "Lecturer",
        "organization": "Institut des villes",
        "country": "SN",
        "years": 9,
        "languages": ["fr", "en"],
        "profile": "Port towns and survey methods.",
        "region": Region.objects.get(slug=region),
    } | fields
    made = Member.objects.create(user=user or make.person(), **fields)
    made.objectives.set(Objective.objects.filter(number__in=objectives))
    return made


def typed(**fields) -> dict:
    """What the form of an application sends."""
    return {
        "position": "Lecturer",
        "organization": "Institut des villes",
        "country": "SN",
        "region": "africa",
        "background": "academic",
        "years": "9",
        "languages": ["fr", "en"],
        "objectives": ["1", "6"],
        "profile": "Port towns and survey methods.",
        "publications": "A paper on port towns",
        "interests": "",
        "gender": "",
        "seen": "",
        "cv": cv(),
    } | fields


def cv(content: bytes = PDF, name: str = "cv.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def invitation(of: Member, **fields) -> Invitation:
    """An invitation to a round of its own, still to be answered unless `fields` say otherwise."""
    resource = fields.pop("resource", None) or Resource.objects.create(
        state=Resource.State.IN_REVIEW,
        title_en="Papers that travel",
        kind=Resource.Kind.TOOLKIT,
        languages=["en"],
        submitted_by=make.person(),
    )
    reading = fields.pop("round", None) or Round.objects.create(resource=resource)
    fields = {"seat": Invitation.Seat.EXTERNAL, "answer_by": timezone.now() + datetime.timedelta(days=5)} | fields
    return Invitation.objects.create(round=reading, member=of, **fields)


def review(of: Member, *, sent: bool = True, **fields) -> Review:
    state = Invitation.State.SENT if sent else Invitation.State.ACCEPTED
    return Review.objects.create(
        invitation=invitation(of, state=state, **fields),
        words_to_submitter="Tell what it cost.",
        words_to_editors="Only for you.",
        language="en",
        recommendation=1,
        sent_at=timezone.now() if sent else None,
    )
