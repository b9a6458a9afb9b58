"""What submitters have sent, version by version: what others read of it, and what changed from one to the next.

While changes are requested the resource itself holds what its submitter is typing; what was sent stands here.
"""

from copy import copy
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultations.differences import Piece, difference
from consultations.typography import in_a_row
from hub.resources import drafting
from hub.resources.forms import FORMS
from hub.resources.glance import in_words
from hub.resources.models import Practice, Resource, SentVersion, StateChange

# Kept until it is sent back; then it stands with that step.
NOT_READ = {"answer"}
STEPS = {name: step for step, names in drafting.FIELDS.items() for name in names if name not in NOT_READ}
# In the submitter's language.
WRITTEN = {*drafting.TRANSLATED, "implementer", "partners", "achieved", "learned", "repeating"}


def values_of(resource: Resource) -> dict:
    """All that its submitter filled in, by field; what points elsewhere as a sorted list of keys."""
    steps = drafting.steps_of(resource)
    values = {name: value for step in steps for name, value in drafting.values_of(resource, step).items()}
    return {name: value for name, value in values.items() if name in STEPS}


def digest(resource: Resource) -> str:
    """The same as long as nothing of its text and files has changed."""
    files = [file.sha256 for file in resource.files.all()]
    return drafting.version_of(values_of(resource) | {"files": files})


def keep(change: StateChange) -> StateChange:
    """Keep what was sent with this step; call it in the transaction of the step."""
    files = [[file.name, file.sha256] for file in change.resource.files.all()]
    SentVersion.objects.create(change=change, values=values_of(change.resource), files=files)
    return change


def of(resource: Resource) -> list[SentVersion]:
    """All that was sent, the oldest first."""
    return list(SentVersion.objects.filter(change__resource=resource).select_related("change"))


def sent_before(moment, versions: list[SentVersion]) -> SentVersion | None:
    """What somebody read who began to read then."""
    return next((each for each in reversed(versions) if each.change.at <= moment), None)


def shown_to_editors(resource: Resource) -> SentVersion | None:
    """What editors read instead of what its submitter is typing; nothing where that is the resource itself."""
    if resource.state != Resource.State.CHANGES_REQUESTED:
        return None
    return SentVersion.objects.filter(change__resource=resource).last()


def about(resource: Resource, version: SentVersion) -> dict:
    """What `resources/_about.html` shows, as it was sent; files that were removed since are gone."""
    shown, values = copy(resource), version.values
    put_texts(shown, version)
    pointing = {name: related(name).filter(pk__in=values[name]) for name in drafting.SETS}
    told = {name: values[name] for name in drafting.FIELDS["practice"] if name in values}
    for name in values.keys() - pointing.keys() - told.keys() - set(drafting.TRANSLATED):
        setattr(shown, name, values[name])
    kept = {sha256 for _name, sha256 in version.files}
    return {
        "resource": shown,
        "practice": Practice(resource=shown, **told) if told else None,
        "files": [file for file in resource.files.all() if file.sha256 in kept],
        **{name: list(found) for name, found in pointing.items()},
    }


def put_texts(shown: Resource, version: SentVersion) -> None:
    """Title and summary as they were sent, in what is only shown. Translations stay."""
    for name in drafting.TRANSLATED:
        setattr(shown, f"{name}_{shown.text_language}", None)
        setattr(shown, f"{name}_{version.values['text_language']}", version.values[name])
    shown.text_language = version.values["text_language"]


def show_as_sent(resources: list[Resource]) -> None:
    """Let a list that editors read name those that are being changed as they were sent; in one query."""
    changing = {each.pk: each for each in resources if each.state == Resource.State.CHANGES_REQUESTED}
    sent = SentVersion.objects.filter(change__resource__in=changing).select_related("change")
    for pk, version in {each.change.resource_id: each for each in sent}.items():
        put_texts(changing[pk], version)


def related(name: str):
    return Resource._meta.get_field(name).related_model.objects.all()


# What changed


@dataclass(frozen=True)
class Change:
    """One field that is not as it was, word by word."""

    label: str
    pieces: list[Piece]
    # Of what the submitter wrote; nothing where we name it in the language of the page.
    language: str = ""


def changes(before: SentVersion, after: SentVersion) -> list[Change]:
    """The fields and files that changed from one version to another, in the order of the steps."""
    fields = [name for name in STEPS if before.values.get(name) != after.values.get(name)]
    names = names_of(set(fields) & set(drafting.SETS))
    found = [Change(label_of(name), difference(said(before, name, names), said(after, name, names))) for name in fields]
    return [*found, *files_changed(before.files, after.files)]


def label_of(name: str) -> str:
    return str(FORMS[STEPS[name]].base_fields[name].label)


def names_of(pointing: set[str]) -> dict[str, dict[int, str]]:
    """What these fields can point to, by their keys."""
    return {name: {each.pk: str(each) for each in related(name)} for name in pointing}


def said(version: SentVersion, name: str, names: dict) -> str:
    """What stood in one field, in words."""
    if name not in version.values:
        return ""
    if name in names:
        return in_a_row(names[name][pk] for pk in version.values[name] if pk in names[name])
    return in_words(name, version.values[name])


def filled_in(version: SentVersion, names: dict) -> dict[str, str]:
    """All that stood in it, by field, in words."""
    texts = {name: said(version, name, names) for name in STEPS}
    return {name: text for name, text in texts.items() if text}


def files_changed(before: list, after: list) -> list[Change]:
    gone = [Piece("del", f"{file[0]}\n") for file in before if file not in after]
    new = [Piece("ins", f"{file[0]}\n") for file in after if file not in before]
    return [Change(_("Files"), gone + new)] if gone or new else []
