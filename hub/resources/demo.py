"""The resources and calls of the demonstration, from the TOML files in `demo/`.

The keys of the files are described at the top of `demo/resources.toml`. Loading again adds what is missing and leaves
alone what is there: calls and resources are known by their slug, people by their e-mail address.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_countries import countries

from accounts.models import StakeholderGroup, User
from consultations.demo.loading import ACCOUNTS, CLOSES_AT, OPENS_AT, ensure_account
from consultations.demo.reading import Entry, read
from consultations.models import Objective
from hub.resources import listing, versions
from hub.resources.addresses import normalise
from hub.resources.completeness import what_is_missing
from hub.resources.models import LANGUAGES, Call, GuidingPrinciple, Practice, Region, Resource, StateChange

FOLDER = Path(__file__).with_name("demo")
State = Resource.State
CODES = dict(settings.LANGUAGES)
# The states through which a resource came into the one that it has.
WAYS = {
    State.DRAFT: [],
    State.SUBMITTED: [State.SUBMITTED],
    State.IN_REVIEW: [State.SUBMITTED, State.IN_REVIEW],
    State.CHANGES_REQUESTED: [State.SUBMITTED, State.IN_REVIEW, State.CHANGES_REQUESTED],
    State.LISTED: [State.SUBMITTED, State.IN_REVIEW, State.LISTED],
    State.DECLINED: [State.SUBMITTED, State.IN_REVIEW, State.DECLINED],
    State.WITHDRAWN: [State.SUBMITTED, State.WITHDRAWN],
}
REVIEW_BEGINS_AFTER = datetime.timedelta(days=2)


@transaction.atomic
def load(folder: Path = FOLDER, today: datetime.date | None = None) -> Counter:
    """Add what is missing; dates are relative to `today`. Returns how many of each kind were made.

    Nobody is written to. Raises DemoProblem, with nothing changed, when a file is wrong.
    """
    today = today or timezone.now().date()
    made: Counter = Counter()
    files = [read(file) for file in sorted(folder.glob("*.toml"))]
    for tables in files:
        for name in tables.keys() - {"call", "person", "resource"}:
            raise tables[name][0].problem("this table is unknown.")
    people = People(made)
    for entry in entries(files, "person"):
        people.add(entry)
    calls = {call.slug: call for call in (load_call(entry, today, made) for entry in entries(files, "call"))}
    for entry in entries(files, "resource"):
        load_resource(entry, today, people, calls, made)
    return +made


def entries(files: list[dict[str, list[Entry]]], name: str) -> Iterable[Entry]:
    return (entry for tables in files for entry in tables.get(name, []))


class People:
    """Who submits: the accounts that can log in, made when they are first named, and the people of the files."""

    def __init__(self, made: Counter):
        self.made = made
        self.known: dict[str, User] = {}
        self.keys = set(ACCOUNTS)

    def add(self, entry: Entry) -> None:
        key, name = entry.take("key"), entry.take("name")
        fields = {
            "name": name,
            "organization": entry.take("organization", str, ""),
            "country": entry.choose("country", dict(countries), ""),
            "language": entry.choose("language", CODES, settings.LANGUAGE_CODE),
        }
        entry.end()
        user, is_new = User.objects.get_or_create(email=f"{key}@example.org", defaults=fields)
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        self.made["people"] += is_new
        self.known[key] = user
        self.keys.add(key)

    def get(self, key: str) -> User:
        if key not in self.known:
            groups = {group.slug: group for group in StakeholderGroup.objects.all()}
            self.known[key] = ensure_account(ACCOUNTS[key], groups, self.made)
        return self.known[key]


def load_call(entry: Entry, today: datetime.date, made: Counter) -> Call:
    slug = entry.take("slug")
    opens, closes = entry.take("opens_days", int), entry.take("closes_days", int)
    if closes <= opens:
        raise entry.problem(f"“closes_days” is {closes}, which is before it opens.")
    fields = entry.translations("title") | entry.translations("text")
    fields |= {
        "is_published": entry.take("published", bool, True),
        "opens_at": datetime.datetime.combine(today + datetime.timedelta(days=opens), OPENS_AT),
        "closes_at": datetime.datetime.combine(today + datetime.timedelta(days=closes), CLOSES_AT),
    }
    objectives = entry.choose_all("objectives", range(1, 24))
    entry.end()
    call, is_new = Call.objects.get_or_create(slug=slug, defaults=fields)
    if is_new:
        call.objectives.set(Objective.objects.filter(number__in=objectives))
    made["calls"] += is_new
    return call


def some_translations(entry: Entry, name: str, written: str) -> dict[str, str]:
    """The fields of a translated text that is there in the language `written`, and perhaps in others."""
    table = Entry(entry.file, f"{entry.place}, {name}", entry.take(name, dict))
    texts = {f"{name}_{code}": text.strip() for code in CODES if (text := table.take(code, str, ""))}
    table.end()
    if f"{name}_{written}" not in texts:
        raise entry.problem(f"“{name}” is not given in the language in which it was written, “{written}”.")
    return texts


def load_resource(
    entry: Entry, today: datetime.date, people: People, calls: dict[str, Call], made: Counter
) -> Resource:
    """The resource, made with the steps that it took unless it is there."""
    slug = entry.take("slug")
    if slug in listing.RESERVED:
        raise entry.problem("this slug is the address of a page.")
    state = State(entry.choose("state", State.values, State.LISTED))
    written = entry.choose("written", CODES)
    at = moment(today, entry.take("days", int))
    decided = moment(today, entry.take("decided_days", int, 0))
    by = entry.choose("by", people.keys, "")
    call = entry.choose("call", calls, "")
    address = entry.take("address", str, "")
    fields = {
        "state": state,
        "text_language": written,
        "kind": entry.choose("kind", Resource.Kind.values),
        "address": address,
        "normalised_address": normalise(address),
        "publisher": entry.take("publisher", str, ""),
        "authors": "\n".join(entry.take("authors", list, [])),
        "year": entry.take("year", int),
        "languages": entry.choose_all("languages", dict(LANGUAGES)),
        "scope": entry.choose("scope", Resource.Scope.values),
        "comprehensiveness": entry.choose("comprehensiveness", Resource.Comprehensiveness.values),
        "countries": ",".join(entry.choose_all("countries", dict(countries)) if "countries" in entry.values else []),
        "relation": entry.choose("relation", Resource.Relation.values, ""),
        "is_featured": entry.take("featured", bool, False),
        "call": calls.get(call),
        "submitted_by": people.get(by) if by else None,
        "created_at": at,
        "submitted_at": None if state == State.DRAFT else at,
    }
    fields |= some_translations(entry, "title", written) | some_translations(entry, "summary", written)
    objectives = entry.choose_all("objectives", range(1, 24))
    principles = entry.choose_all("principles", "abcdefghij") if "principles" in entry.values else []
    regions = entry.choose_all("regions", set(Region.objects.values_list("slug", flat=True)))
    practice = take_practice(entry)
    words = entry.take("words", str, "").strip()
    entry.end()
    steps = steps_of(state, at, decided, words)
    last = steps[-1].at if steps else at
    fields |= {"state_since": last, "updated_at": at, "listed_at": last if state == State.LISTED else None}
    resource, is_new = Resource.objects.get_or_create(slug=slug, defaults=fields)
    if not is_new:
        return resource
    resource.objectives.set(Objective.objects.filter(number__in=objectives))
    resource.principles.set(GuidingPrinciple.objects.filter(letter__in=principles))
    resource.regions.set(Region.objects.filter(slug__in=regions))
    if practice:
        Practice.objects.create(resource=resource, **practice)
    if state != State.DRAFT and (missing := what_is_missing(resource)):
        raise entry.problem(f"it is not complete. {' '.join(missing)}")
    for step in steps:
        step.resource, step.by = resource, resource.submitted_by if step.after in SUBMITTERS else None
        step.save()
        if step.after == State.SUBMITTED:
            versions.keep(step)
    if resource.is_listed:
        listing.place(resource)
    made["resources"] += 1
    return resource


# The steps that its submitter took.
SUBMITTERS = {State.SUBMITTED, State.WITHDRAWN}


def moment(today: datetime.date, days: int) -> datetime.datetime:
    """In the morning, so many days ago."""
    return datetime.datetime.combine(today - datetime.timedelta(days=days), OPENS_AT)


def steps_of(state: State, begun: datetime.datetime, decided: datetime.datetime, words: str) -> list[StateChange]:
    """The dated steps from the draft to `state`; the last one has the words to the submitter."""
    states = [State.DRAFT, *WAYS[state]]
    steps = []
    for before, after in pairwise(states):
        is_last = after == states[-1]
        at = begun if after == State.SUBMITTED else decided if is_last else begun + REVIEW_BEGINS_AFTER
        steps.append(StateChange(before=before, after=after, at=at, words=words if is_last else ""))
    return steps


def take_practice(entry: Entry) -> dict | None:
    """What a practice tells besides, from the table `practice` of its resource."""
    given = entry.take("practice", dict, None)
    if given is None:
        return None
    table = Entry(entry.file, f"{entry.place}, practice", given)
    texts = {name: table.take(name).strip() for name in ("implementer", "partners", "achieved", "learned", "repeating")}
    texts |= {"began": table.take("began", int), "ended": table.take("ended", int, None)}
    table.end()
    return texts
