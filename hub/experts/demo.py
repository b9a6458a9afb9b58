"""The experts of the demonstration, from experts.toml. Loading again adds what is missing and changes nothing."""

from collections import Counter
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django_countries import countries

from accounts.models import User
from consultations.demo.reading import Entry, read
from consultations.languages import WRITTEN
from consultations.models import Objective
from hub.experts.forms import SHOWN
from hub.experts.models import Expert, Support, SupportMessage, SupportRequest
from hub.resources.models import LANGUAGES, Region

FILE = Path(__file__).with_name("experts.toml")


@transaction.atomic
def load(file: Path = FILE) -> Counter:
    """Add what is missing. Returns how many experts, people and requests were made; nobody is written to.

    Raises DemoProblem, with nothing changed, when the file is wrong.
    """
    made: Counter = Counter()
    tables = read(file)
    people = {entry.take("key"): load_expert(entry, made) for entry in tables.get("expert", [])}
    for entry in tables.get("request", []):
        load_request(entry, people, made)
    return +made


def load_expert(entry: Entry, made: Counter) -> User:
    key = entry.place.removeprefix("expert ")
    name, country = entry.take("name"), entry.choose("country", dict(countries))
    written = entry.choose("written", dict(WRITTEN))
    fields = {
        "name": name,
        "country": country,
        "organization": entry.take("organization"),
        "text_language": written,
        "about": entry.take("about").strip(),
        "languages": entry.choose_all("languages", dict(LANGUAGES)),
        "support": entry.choose_all("support", Support.values),
        "state": entry.choose("state", Expert.State.values, Expert.State.LISTED),
    }
    objectives = entry.choose_all("objectives", range(1, 24))
    regions = entry.choose_all("regions", set(Region.objects.values_list("slug", flat=True)))
    fields |= {f"shows_{each}": True for each in entry.choose_all("shows", SHOWN)}
    entry.end()
    user, is_new = User.objects.get_or_create(
        email=f"expert-{key}@example.org",
        defaults={
            "name": name,
            "country": country,
            "organization": fields["organization"],
            "language": written if written in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        },
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    expert, is_new_expert = Expert.objects.get_or_create(user=user, defaults=fields)
    if is_new_expert:
        expert.objectives.set(Objective.objects.filter(number__in=objectives))
        expert.regions.set(Region.objects.filter(slug__in=regions))
    made["people"] += is_new
    made["experts"] += is_new_expert
    return user


def load_request(entry: Entry, people: dict[str, User], made: Counter) -> None:
    requester, _key = people[entry.choose("by", people)], entry.take("key")
    objectives = entry.choose_all("objectives", range(1, 24))
    fields = {
        "kind": entry.choose("kind", SupportRequest.Kind.values),
        "country": entry.choose("country", dict(countries)),
        "support": entry.choose_all("support", Support.values),
        "state": entry.choose("state", SupportRequest.State.values),
        "language": entry.choose("language", dict(settings.LANGUAGES)),
        "message": entry.take("message").strip(),
    }
    answer = entry.take("answer", str, "").strip()
    request, is_new = SupportRequest.objects.get_or_create(
        requester=requester, organization=entry.take("organization"), defaults=fields
    )
    entry.end()
    if is_new:
        request.objectives.set(Objective.objects.filter(number__in=objectives))
        if answer:
            SupportMessage.objects.create(request=request, words=answer)
    made["requests for support"] += is_new
