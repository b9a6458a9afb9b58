"""The contributions of the demo content: reading them from a file, and writing them as their authors would have."""

import datetime
import uuid
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from consultations import holding, posting, states
from consultations.demo.reading import Entry
from consultations.demo.steps import NAMESPACE, Step, Story
from consultations.languages import WRITTEN
from consultations.models import Comment, Consultation, Question
from consultations.posting import Voice

EDITED_AFTER = datetime.timedelta(hours=2)
WITHDRAWN_AFTER = datetime.timedelta(hours=5)
# One in so many.
NOT_YET_CONFIRMED = 8


@dataclass
class Post:
    """A comment as a file gives it, and once written the comment that it became."""

    entry: Entry
    story: Story
    key: str
    number: int
    reply_to: str
    author: User
    voice: Voice
    at: datetime.datetime
    language: str
    asks: bool
    state: str
    is_confirmed: bool
    body: str
    first_body: str
    submission_key: uuid.UUID
    comment: Comment | None = None
    parent: "Post | None" = None
    replies: "list[Post]" = field(default_factory=list)
    is_new: bool = True

    def find_question(self) -> Question:
        """The open floor is number 0. A question that came out of a contribution is there when its time has come."""
        return self.story.consultation.questions.select_related("consultation").get(number=self.number or None)


def read_post(entry: Entry, story: Story) -> Post:
    consultation = story.consultation
    key = entry.take("key")
    pseudonym = entry.take("pseudonym", str, "")
    if pseudonym and not consultation.allows_pseudonyms:
        raise entry.problem("“pseudonym” is given, and the consultation allows none.")
    is_edited = entry.take("edited", bool, False)
    submission_key = uuid.uuid5(NAMESPACE, f"{consultation.slug}/{key}")
    post = Post(
        entry=entry,
        story=story,
        key=key,
        number=entry.choose("question", [*story.questions, *story.promoted]),
        reply_to=entry.take("reply_to", str, ""),
        author=story.people[entry.choose("by", story.people)],
        voice=Voice(entry.choose("capacity", Comment.Capacity.values), pseudonym),
        at=story.time(entry, while_open=True),
        language=entry.choose("language", dict(WRITTEN)),
        asks=entry.take("asks", bool, False),
        state=entry.choose("state", ["published", "withdrawn", "held"], "published"),
        # Most organizations and States have confirmed what was said for them; a few have not yet.
        is_confirmed=entry.take("confirmed", bool, bool(submission_key.int % NOT_YET_CONFIRMED)),
        body=entry.take("body"),
        first_body=entry.take("first_body", str, ""),
        submission_key=submission_key,
    )
    entry.end()
    if is_edited != bool(post.first_body):
        raise entry.problem("“edited” and “first_body” go together.")
    return post


def link(posts: list[Post], consultation: Consultation) -> dict[str, Post]:
    """The posts by key. Each knows what it answers, its answers, and the comment that an earlier load made of it."""
    keys = {post.submission_key for post in posts}
    known = Comment.objects.filter(question__consultation=consultation, submission_key__in=keys)
    comments = {comment.submission_key: comment for comment in known}
    by_key: dict[str, Post] = {}
    for post in sorted(posts, key=lambda post: post.at):
        if post.key in by_key:
            raise post.entry.problem("this key is given to two comments.")
        by_key[post.key] = post
        post.comment = comments.get(post.submission_key)
        post.is_new = post.comment is None
        if not post.reply_to:
            continue
        post.parent = by_key.get(post.reply_to)
        if not post.parent:
            raise post.entry.problem(f"“reply_to” is {post.reply_to}, which is no earlier comment of this file.")
        if post.parent.number != post.number:
            raise post.entry.problem(f"“reply_to” is {post.reply_to}, which belongs to another question.")
        post.parent.replies.append(post)
    return by_key


def steps_of(post: Post) -> list[Step]:
    steps = [Step(post.entry, post.at, lambda: publish(post), post.is_new, "comments")]
    if post.state == "withdrawn":
        latest = max([post.at, *(reply.at for reply in post.replies)])
        at = min(latest + WITHDRAWN_AFTER, timezone.now())
        steps.append(Step(post.entry, at, lambda: withdraw(post), post.is_new))
    return steps


def publish(post: Post) -> None:
    """Write the comment as its author would have at that time, with the text that it had first."""
    parent = post.parent and posting.lock_thread(post.parent.comment)
    # A moderator may have moved the thread since it was loaded.
    question = parent.question if parent else post.find_question()
    first = post.first_body or post.body
    comment = posting.compose(post.author, question, parent, first, post.language, post.voice, post.asks)
    if post.state == "held":
        if not holding.has_to_wait(comment):
            raise post.entry.problem("“state” is held, and nothing holds this contribution.")
        comment.state = Comment.State.HELD
    posting.write(comment, post.submission_key)
    post.comment = comment
    if post.first_body:
        edited_at = min(post.at + EDITED_AFTER, question.consultation.closes_at)
        posting.replace_text(comment, post.body, post.language, edited_at)
    if comment.confirmation == Comment.Confirmation.UNCONFIRMED and post.is_confirmed:
        comment.confirmation = Comment.Confirmation.CONFIRMED
        comment.save(update_fields=["confirmation"])


def withdraw(post: Post) -> None:
    """Take the comment back, some hours after the last reply to it."""
    comment = posting.lock_thread(post.comment)
    states.take_away(comment, timezone.now(), state=Comment.State.WITHDRAWN)
