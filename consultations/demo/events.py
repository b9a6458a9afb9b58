"""What people did with the contributions of the demo content: reported, held, removed, answered, placed, followed.

Each event is carried out by the very function that a page would call, at the time that the file gives. What happened
to a contribution is loaded with it, and what concerns a whole consultation with that; afterwards both belong to
whoever uses the demonstration.
"""

import datetime
from collections.abc import Callable

from accounts.models import StakeholderGroup
from consultations.demo.posts import Post
from consultations.demo.reading import LANGUAGES, Entry
from consultations.demo.steps import Step, Story
from consultations.following import follows, tasks
from consultations.following.models import Kind
from consultations.languages import WRITTEN
from consultations.models import Comment, ConductRule
from consultations.moderation import acts, complaints, consultation_acts, focal_points, on_behalf, organizations
from consultations.moderation.models import Announcement, OrganizationFocalPoint

Deed = Callable[[], object]


def announcement(entry: Entry, story: Story) -> Step:
    at, key, moderator = story.time(entry), story.key_of(entry), story.person(entry)
    kind = entry.choose("kind", Announcement.Kind.values)
    texts = entry.translations("title") | entry.translations("text")
    entry.end()

    def announce():
        consultation_acts.announce(
            consultation=story.consultation, moderator=moderator, submission_key=key, kind=kind, **texts
        )

    return Step(entry, at, announce, story.is_new, "announcements")


def received(entry: Entry, story: Story) -> Step:
    """A contribution that came by e-mail or letter, or was spoken and written down."""
    at, key, user = story.time(entry), story.key_of(entry), story.person(entry)
    question = story.question(entry)
    received_on = (at - datetime.timedelta(days=entry.take("days_before", int))).date()
    origin = entry.choose("origin", [each.value for each in Comment.Origin if each != Comment.Origin.PORTAL])
    sender = on_behalf.Sender(
        name=entry.take("name"),
        capacity=entry.choose("capacity", Comment.Capacity.values),
        organization=entry.take("organization", str, ""),
        country=entry.take("country"),
        group=StakeholderGroup.objects.get(slug=entry.choose("group", groups())),
        email=entry.take("email", str, ""),
        language=entry.choose("writes_to_them_in", LANGUAGES),
    )
    language, body = entry.choose("language", dict(WRITTEN)), entry.take("body")
    entry.end()
    is_new = not Comment.objects.filter(submission_key=key).exists()

    def post():
        on_behalf.post(
            user=user,
            question=question,
            sender=sender,
            body=body,
            language=language,
            origin=origin,
            received_on=received_on,
            has_consent=origin == Comment.Origin.TRANSCRIPTION,
            submission_key=key,
        )

    return Step(entry, at, post, is_new, "comments")


def groups() -> list[str]:
    return list(StakeholderGroup.objects.values_list("slug", flat=True))


def focal_point(entry: Entry, story: Story) -> Step:
    """Of a consultation, named by a moderator; or of an organization or State, named by an administrator."""
    at, person = story.time(entry), story.person(entry, "person")
    organization, country = entry.take("organization", str, ""), entry.take("country", str, "")
    if organization or country:
        fields = {"organization": organization, "country": country, "domain": person.email.rpartition("@")[2]}
        entry.end()
        return Step(
            entry,
            at,
            lambda: OrganizationFocalPoint.objects.get_or_create(user=person, **fields),
            story.is_new,
            "roles",
        )
    moderator = story.person(entry)
    entry.end()

    def name():
        asked = focal_points.ask(consultation=story.consultation, email=person.email, moderator=moderator)
        focal_points.agreed(asked, person)

    return Step(entry, at, name, story.is_new, "roles")


def follow(entry: Entry, story: Story) -> Step:
    """Somebody follows the consultation or, if it is named, a question."""
    at, person = story.time(entry), story.person(entry)
    what = story.question(entry) if "question" in entry.values else story.consultation
    entry.end()
    return Step(entry, at, lambda: follows.follow(person, what), story.is_new, "follows")


def event(entry: Entry, story: Story) -> Step:
    """What happened to one contribution, or with the dates of the consultation."""
    what, at = entry.choose("what", {**OF_COMMENTS, **OF_CONSULTATIONS}), story.time(entry)
    if what in OF_CONSULTATIONS:
        deed, is_new = OF_CONSULTATIONS[what](entry, story), story.is_new
    else:
        post = story.posts[entry.choose("comment", story.posts)]
        if at <= post.at:
            raise entry.problem(f"“comment” is {post.key}, which is not written yet at that time.")
        deed, is_new = OF_COMMENTS[what](entry, story, post), post.is_new
    entry.end()
    return Step(entry, at, deed, is_new, "events")


# Each reads what it needs from the entry; the contribution itself is written only when the time has come.


def report(entry: Entry, story: Story, post: Post) -> Deed:
    # Without “by” it is somebody who has no account.
    reporter = story.person(entry) if "by" in entry.values else None
    fields = {
        "reporter": reporter,
        "email": "" if reporter else entry.take("email"),
        "language": reporter.language if reporter else entry.choose("language", LANGUAGES),
        "rule": rule(entry),
        "words": entry.take("words"),
    }
    return lambda: complaints.report(comment=post.comment, **fields)


def appeal(entry: Entry, story: Story, post: Post) -> Deed:
    words = entry.take("words")
    return lambda: complaints.appeal(comment=post.comment, author=post.author, words=words)


def put_back(entry: Entry, story: Story, post: Post) -> Deed:
    words = entry.take("words")
    return lambda: complaints.object_to_place(comment=post.comment, author=post.author, words=words)


def hide(entry: Entry, story: Story, post: Post) -> Deed:
    moderator, broken, reason = story.person(entry), rule(entry), entry.take("words")
    return lambda: acts.hide(comment=post.comment, moderator=moderator, rule=broken, reason=reason)


def act(do: Callable, *, with_words: bool = False) -> Callable[[Entry, Story, Post], Deed]:
    """An act for which the moderator alone, or a sentence too, is needed."""

    def read(entry: Entry, story: Story, post: Post) -> Deed:
        fields = {"moderator": story.person(entry)}
        if with_words:
            fields["reason"] = entry.take("words")
        return lambda: do(comment=post.comment, **fields)

    return read


def place(do: Callable) -> Callable[[Entry, Story, Post], Deed]:
    """An act that gives the contribution a place under “question”."""

    def read(entry: Entry, story: Story, post: Post) -> Deed:
        moderator, question = story.person(entry), story.question(entry)
        return lambda: do(comment=post.comment, moderator=moderator, to=question)

    return read


def pass_on(entry: Entry, story: Story, post: Post) -> Deed:
    moderator, colleague = story.person(entry), story.person(entry, "to")
    return lambda: acts.pass_on(comment=post.comment, moderator=moderator, colleague=colleague)


def promote(entry: Entry, story: Story, post: Post) -> Deed:
    moderator, texts, number = story.person(entry), entry.translations("text"), entry.take("question", int)
    by_language = {code: texts[f"text_{code}"] for code in LANGUAGES}

    def make_question():
        question = acts.promote(comment=post.comment, moderator=moderator, texts=by_language)
        if question.number != number:
            raise entry.problem(f"“question” is {number}, and it became number {question.number}.")

    return make_question


def numbers_promoted(entries: list[Entry]) -> list[int]:
    """The numbers that contributions will have as questions, so that others can answer them in the same file."""
    return [entry.values.get("question") for entry in entries if entry.values.get("what") == "promote"]


def pause(entry: Entry, story: Story, post: Post) -> Deed:
    moderator, reason = story.person(entry), entry.take("words")
    duration = datetime.timedelta(days=entry.take("days", int))
    return lambda: consultation_acts.pause(comment=post.comment, moderator=moderator, duration=duration, reason=reason)


def confirm(entry: Entry, story: Story, post: Post) -> Deed:
    user = story.person(entry)
    return lambda: organizations.confirm(comment=post.comment, user=user, seen=post.comment.versions.count())


def outcome(entry: Entry, story: Story) -> Deed:
    """What the calendar would have found at that time, and will not find again."""
    consultation = story.consultation
    return lambda: tasks.tell_once(f"outcome:{consultation.pk}", consultation, Kind.OUTCOME)


OF_CONSULTATIONS: dict[str, Callable[[Entry, Story], Deed]] = {"outcome": outcome}
OF_COMMENTS: dict[str, Callable[[Entry, Story, Post], Deed]] = {
    "report": report,
    "appeal": appeal,
    "put-back": put_back,
    "hide": hide,
    "restore": act(acts.restore, with_words=True),
    "uphold": act(acts.uphold, with_words=True),
    "leave": act(acts.leave, with_words=True),
    "close": act(acts.close_answered, with_words=True),
    "approve": act(acts.approve),
    "acknowledge": act(acts.acknowledge),
    "take": act(acts.take),
    "stay": act(acts.stay),
    "pin": act(consultation_acts.pin),
    "move": place(acts.move),
    "list": place(acts.list_under),
    "pass": pass_on,
    "promote": promote,
    "pause": pause,
    "confirm": confirm,
}


def rule(entry: Entry) -> ConductRule:
    rules = {each.number: each for each in ConductRule.objects.filter(is_in_force=True)}
    return rules[entry.choose("rule", rules)]
