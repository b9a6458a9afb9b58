"""The editor and the roster of the demonstration, from roster.toml. Nobody is written to.

Loading again adds what is missing and leaves alone what is there: people are known by their e-mail address.
"""

import datetime
import io
from collections import Counter
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django_countries import countries

from accounts.models import StakeholderGroup, User
from consultations.demo.loading import ensure_account
from consultations.demo.reading import Entry, read
from consultations.models import Objective
from hub.resources import files
from hub.resources.models import LANGUAGES, Region
from hub.resources.permissions import EDITORS
from hub.review.models import Member

FILE = Path(__file__).with_name("roster.toml")
# Those who can log in, by the key under which the file names them.
ACCOUNTS = {
    "editor": {
        "email": "editor@example.org",
        "name": "Marguerite Nsimba",
        "organization": "Hub secretariat",
        "country": "CD",
        "group": "un-entities",
        # So that the administration is open to them, for what the group of editors may do there.
        "is_staff": True,
    },
    "reviewer": {
        "email": "reviewer@example.org",
        "name": "Tuomas Lehtovaara",
        "organization": "Northern Institute for Mobility",
        "country": "FI",
        "group": "academia",
    },
}
STATES = Member.State
CODES = dict(settings.LANGUAGES)
DECIDED_AFTER = datetime.timedelta(days=9)


@transaction.atomic
def load(file: Path = FILE, today: datetime.date | None = None) -> Counter:
    """Add what is missing; dates are relative to `today`. Returns how many of each kind were made.

    Raises DemoProblem, with nothing changed, when the file is wrong.
    """
    today = today or timezone.now().date()
    made: Counter = Counter()
    groups = {group.slug: group for group in StakeholderGroup.objects.all()}
    accounts = {key: ensure_account(fields, groups, made) for key, fields in ACCOUNTS.items()}
    accounts["editor"].groups.add(Group.objects.get_or_create(name=EDITORS)[0])
    tables = read(file)
    for name in tables.keys() - {"member"}:
        raise tables[name][0].problem("this table is unknown.")
    for entry in tables.get("member", []):
        load_member(entry, today, accounts, made)
    return +made


def load_member(entry: Entry, today: datetime.date, accounts: dict[str, User], made: Counter) -> None:
    key = entry.take("key")
    name, language = entry.take("name", str, ""), entry.choose("language", CODES)
    applied = moment(today, entry.take("applied_days", int))
    state = entry.choose("state", STATES.values, STATES.ADMITTED)
    has_cv = entry.take("cv", bool, False)
    fields = {
        "state": state,
        "reason": entry.take("reason", str, "").strip(),
        "is_paused": entry.take("paused", bool, False),
        "is_internal": entry.take("internal", bool, False),
        "background": entry.choose("background", Member.Background.values),
        "position": entry.take("position"),
        "organization": entry.take("organization"),
        "country": entry.choose("country", dict(countries)),
        "region": Region.objects.get(slug=entry.choose("region", set(Region.objects.values_list("slug", flat=True)))),
        "years": entry.take("years", int),
        "languages": entry.choose_all("languages", dict(LANGUAGES)),
        "gender": entry.choose("gender", Member.Gender.values, ""),
        "profile": entry.take("profile").strip(),
        "publications": entry.take("publications", str, "").strip(),
        "interests": entry.take("interests", str, "").strip(),
        "applied_at": applied,
        "state_since": applied if state == STATES.APPLIED else applied + DECIDED_AFTER,
    }
    fields["changed_at"] = fields["state_since"]
    if state != STATES.APPLIED:
        fields["decided_by"] = accounts["editor"]
    objectives = entry.choose_all("objectives", range(1, 24))
    entry.end()
    user = accounts.get(key) or person(key, name, language, fields, made)
    member, is_new = Member.objects.get_or_create(user=user, defaults=fields)
    if is_new:
        member.objectives.set(Objective.objects.filter(number__in=objectives))
        if has_cv:
            lines = [user.name, fields["position"], fields["organization"], f"{fields['years']} years of experience"]
            member.cv_stored, member.cv_name, member.cv_format = files.store(pdf(lines)), f"cv-{key}.pdf", "pdf"
            member.save(update_fields=["cv_stored", "cv_name", "cv_format"])
    made["places on the roster"] += is_new


def person(key: str, name: str, language: str, fields: dict, made: Counter) -> User:
    user, is_new = User.objects.get_or_create(
        email=f"reviewer-{key}@example.org",
        defaults={
            "name": name,
            "language": language,
            "organization": fields["organization"],
            "country": fields["country"],
        },
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    made["people"] += is_new
    return user


def moment(today: datetime.date, days: int) -> datetime.datetime:
    return datetime.datetime.combine(today + datetime.timedelta(days=days), datetime.time(9, tzinfo=datetime.UTC))


def pdf(lines: list[str]) -> io.BytesIO:
    """One page with these lines, as the smallest PDF that readers open (ISO 32000-1, annex H.3)."""
    shown = b" ".join(b"(%b) Tj T*" % escaped(line) for line in lines)
    stream = b"BT /F1 14 Tf 72 770 Td 20 TL %b ET" % shown
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    begins = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, begins))
    return out


def escaped(line: str) -> bytes:
    for sign in "\\()":
        line = line.replace(sign, f"\\{sign}")
    return line.encode("cp1252", errors="replace")
