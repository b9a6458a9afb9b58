"""A comment, its versions, and what has not become one yet."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models import StakeholderGroup
from consultations.languages import WRITTEN
from consultations.models.spaces import ConductRule, Question, Terms

Person = settings.AUTH_USER_MODEL


def as_path(ids: list[int]) -> Cast:
    """Ids as PostgreSQL compares them with a comment's path."""
    paths = ArrayField(models.BigIntegerField())
    return Cast(models.Value(ids, paths), paths)


class CommentQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Comment.State.PUBLISHED)

    def visible(self):
        """What any reader may see, including the markers of contributions that were taken away."""
        return self.exclude(state=Comment.State.HELD).filter(was_never_shown=False)

    def pinned(self):
        """The beginnings of threads that moderators show first."""
        return self.published().filter(pinned_at__isnull=False)

    def unpinned(self):
        return self.exclude(state=Comment.State.PUBLISHED, pinned_at__isnull=False)

    def roots(self):
        return self.filter(parent=None)

    def under(self, root):
        """The whole thread of `root`, itself first, in reading order, by one range of the path index."""
        beginning, end = as_path([root.pk]), as_path([root.pk + 1])
        return self.filter(question=root.question_id, path__gte=beginning, path__lt=end).order_by("path")

    def placed(self):
        """With `place`, the id as a key to order and page by within one question.

        The indexes hold it as `id + 0`, which the primary key does not: ordered by the plain id, PostgreSQL
        may walk the primary key through the comments of all other discussions to find a few of this one.
        """
        return self.alias(place=F("id") + 0)

    def in_context(self):
        """With all that a contribution shows of itself and of the one that it answers."""
        return self.select_related("group", "parent", "rule", "posted_by").defer("body", "parent__body", "parent__html")


class Comment(models.Model):
    """A contribution to a question: a root of its own, or a reply.

    `path` holds the ids from the root down to the comment itself, so that one btree on
    (question, path) is the reading order of the whole discussion. The truth about who answers
    whom is `parent`; from level MAX_PATH on, a path keeps its first ancestors and the
    comment's own id alone, because PostgreSQL's btree entries end at 2,704 bytes.
    """

    MAX_PATH = 200

    class State(models.TextChoices):
        PUBLISHED = "published", _("published")
        HELD = "held", _("held for review")
        HIDDEN = "hidden", _("removed by a moderator")
        WITHDRAWN = "withdrawn", _("withdrawn by its author")

    class Capacity(models.TextChoices):
        PERSON = "person", _("for myself")
        ORGANIZATION = "organization", _("on behalf of my organization")
        STATE = "state", _("on behalf of a State")

    class Origin(models.TextChoices):
        PORTAL = "portal", _("posted in the portal")
        EMAIL = "email", _("received by e-mail, posted by the secretariat")
        LETTER = "letter", _("received by letter, posted by the secretariat")
        TRANSCRIPTION = "transcription", _("spoken, transcribed by a focal point")

    class Confirmation(models.TextChoices):
        NOT_NEEDED = "not-needed", _("not needed")
        UNCONFIRMED = "unconfirmed", _("not yet confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        DISOWNED = "disowned", _("disowned")

    class HeldBecause(models.TextChoices):
        """Why a comment was held at first, in words for its author."""

        SETTING = "", ""
        LINKS = "links", _("It is your first contribution, and there are links in it.")
        REPEATED = "repeated", _("You have posted the same text in this consultation before.")
        SHARED = (
            "shared",
            _(
                "It is your first contribution, and somebody else has posted the same text here. Texts that many "
                "people share are welcome: once one of yours is published, they do not wait."
            ),
        )

    # The index comment_reading_order begins with the question and serves for all that it is looked up for.
    question = models.ForeignKey(
        Question, models.PROTECT, db_index=False, related_name="comments", verbose_name=_("question")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies", verbose_name=_("in reply to")
    )
    path = ArrayField(models.BigIntegerField(), editable=False)
    author = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="comments", verbose_name=_("author"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PUBLISHED)

    # Who speaks, frozen when the comment was posted. An empty name is a former participant.
    author_name = models.CharField(_("name shown"), max_length=120, blank=True)
    is_pseudonym = models.BooleanField(_("under a pseudonym"), default=False)
    capacity = models.CharField(_("speaks"), max_length=12, choices=Capacity.choices, default=Capacity.PERSON)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    country = CountryField(_("country or area"), blank=True)
    group = models.ForeignKey(
        StakeholderGroup, models.PROTECT, null=True, blank=True, verbose_name=_("stakeholder group")
    )
    shows_profile = models.BooleanField(_("organization, country and group are shown"), default=True)
    by_moderator = models.BooleanField(_("by a moderator"), default=False)
    asks_moderators = models.BooleanField(_("question to the moderators"), default=False)
    # Kept by the moderators' desk: such a question, which nobody has answered yet.
    awaits_answer = models.BooleanField(default=False, db_default=False, editable=False)

    # How it came to the portal when its author did not post it; `posted_by` is who did.
    origin = models.CharField(
        _("received"), max_length=13, choices=Origin.choices, default=Origin.PORTAL, editable=False
    )
    posted_by = models.ForeignKey(Person, models.SET_NULL, null=True, editable=False, related_name="+")
    # Whether the organization or State stands by what was said in its name.
    confirmation = models.CharField(
        _("confirmed by the organization"),
        max_length=11,
        choices=Confirmation.choices,
        default=Confirmation.NOT_NEEDED,
        editable=False,
    )

    language = models.CharField(_("language"), max_length=3, choices=WRITTEN)
    body = models.TextField(_("text as typed"))
    html = models.TextField(_("text as shown"), editable=False)
    fold_at = models.PositiveIntegerField(null=True, editable=False)
    words = models.PositiveIntegerField(_("words"), default=0, editable=False)

    # Kept for roots alone: how many replies the thread shows, and whether a moderator is among them.
    reply_count = models.PositiveIntegerField(default=0, editable=False)
    is_answered_by_moderator = models.BooleanField(_("with a moderator's answer"), default=False, editable=False)

    # Of one that was held, whatever became of it.
    held_because = models.CharField(
        max_length=8, choices=HeldBecause.choices, default="", db_default="", blank=True, editable=False
    )

    created_at = models.DateTimeField(_("posted"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    state_changed_at = models.DateTimeField(null=True, editable=False)
    # Taken away while it was held: readers, who have not seen it, see no marker either.
    was_never_shown = models.BooleanField(default=False, db_default=False, editable=False)
    # The rule under which a moderator took it away.
    rule = models.ForeignKey(ConductRule, models.PROTECT, null=True, blank=True, editable=False)
    pinned_at = models.DateTimeField(_("pinned"), null=True, editable=False)
    terms = models.ForeignKey(Terms, models.PROTECT, verbose_name=_("terms agreed to"))
    submission_key = models.UUIDField(editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            models.UniqueConstraint(fields=["author", "submission_key"], name="one_comment_per_submission_key"),
            models.CheckConstraint(condition=Q(path__len__gte=1), name="comment_path_is_not_empty"),
        ]
        indexes = [
            models.Index(fields=["question", "path"], name="comment_reading_order"),
            models.Index(F("question"), F("id") + 0, condition=Q(parent=None), name="comment_roots"),
            models.Index(
                F("question"),
                F("id") + 0,
                condition=Q(parent=None, is_answered_by_moderator=True),
                name="comment_answered_roots",
            ),
            models.Index(F("question"), F("language"), F("id") + 0, name="comment_language"),
            models.Index(fields=["author", "-id"], name="comment_author_latest"),
            models.Index(F("question"), F("id") + 0, condition=Q(awaits_answer=True), name="comment_awaits_answer"),
            models.Index(fields=["question"], condition=Q(pinned_at__isnull=False), name="comment_pinned"),
            # The few that the index of the search does not know, for those who may find them all the same.
            models.Index(fields=["-id"], condition=Q(state__in=["held", "hidden"]), name="comment_set_aside"),
            # Who among the moderators answered first, for the public figures.
            models.Index(fields=["question"], condition=Q(by_moderator=True), name="comment_by_moderator"),
            # What was said for one organization or State, for its focal points.
            models.Index(
                Upper("organization"),
                F("confirmation"),
                F("id"),
                condition=Q(capacity="organization", by_moderator=False),
                name="comment_of_organization",
            ),
            models.Index(
                fields=["country", "confirmation", "id"], condition=Q(capacity="state"), name="comment_of_state"
            ),
        ]

    def __str__(self):
        return f"№\u00a0{self.pk}"

    def get_absolute_url(self):
        """The permanent address."""
        return reverse("comment", args=[self.pk])

    def get_discussion_url(self):
        """The comment in its place in the discussion, wherever that is now; where it has none, its own page."""
        if not self.has_place:
            return f"{self.get_absolute_url()}#comment-{self.pk}"
        return f"{self.question.get_absolute_url()}?at={self.pk}#comment-{self.pk}"

    @property
    def root_id(self) -> int:
        return self.path[0]

    @property
    def waiting_text(self) -> "ProposedText | None":
        """The text with which its author wants to replace this one, as long as a moderator has to read it.

        Querysets that ask for it load `proposed_text`.
        """
        proposed = getattr(self, "proposed_text", None)
        return proposed if proposed and proposed.waits else None

    @property
    def is_pinned(self) -> bool:
        return bool(self.pinned_at) and self.state == self.State.PUBLISHED

    @property
    def has_place(self) -> bool:
        """Whether readers see it in the discussion, be it as a marker."""
        return self.state != self.State.HELD and not self.was_never_shown

    @property
    def is_gone(self) -> bool:
        return self.state in {self.State.HIDDEN, self.State.WITHDRAWN}

    @property
    def shown_name(self) -> str:
        return self.author_name or str(_("Former participant"))


class TextDigest(models.Model):
    """By what a text of some length is found again, whoever says it; see consultations/sameness.py."""

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="digest")
    digest = models.UUIDField()

    class Meta:
        # In the order in which they were said, so that the first is found without a look at all others.
        indexes = [models.Index(fields=["digest", "comment"], name="digest_of_texts")]

    def __str__(self):
        return f"{self.comment_id}: {self.digest}"


class CommentVersion(models.Model):
    """A comment's text as it stood at one time. The first version is the one posted."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=3, choices=WRITTEN)
    body = models.TextField()
    html = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    # Not, if it was replaced while the comment was held: its author and the moderators alone have seen it.
    was_published = models.BooleanField(default=True, db_default=True, editable=False)

    class Meta:
        ordering = ["number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="version_number_once_per_comment")]

    def __str__(self):
        return f"{self.comment}, {self.number}"


class ProposedText(models.Model):
    """Another text for a published comment, which others see once a moderator has read it.

    One that was refused is kept for its author until they propose another or take it back.
    """

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="proposed_text")
    language = models.CharField(max_length=3, choices=WRITTEN)
    body = models.TextField()
    proposed_at = models.DateTimeField(default=timezone.now)
    refused_at = models.DateTimeField(null=True)
    # Why it waits, for its author.
    held_because = models.CharField(
        max_length=8, choices=Comment.HeldBecause.choices, default="", db_default="", blank=True, editable=False
    )

    class Meta:
        verbose_name = _("proposed text")
        verbose_name_plural = _("proposed texts")

    def __str__(self):
        return str(self.comment)

    @property
    def waits(self) -> bool:
        return self.refused_at is None


class Draft(models.Model):
    """What a person has typed and not yet posted: one text per question, and one per comment answered."""

    author = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    question = models.ForeignKey(Question, models.CASCADE, related_name="drafts")
    parent = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="drafts")
    body = models.TextField()
    language = models.CharField(max_length=3, choices=WRITTEN, blank=True)
    capacity = models.CharField(max_length=12, choices=Comment.Capacity.choices, blank=True)
    pseudonym = models.CharField(max_length=60, blank=True)
    asks_moderators = models.BooleanField(default=False)
    # Which version of the text this is; a save upon another one comes from a stale tab.
    sequence = models.BigIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["author", "question", "parent"], nulls_distinct=False, name="one_draft_per_person_and_target"
            )
        ]

    def __str__(self):
        return f"{self.author} → {self.question}"


class ThreadMove(models.Model):
    """The trace of a thread moved between questions of a consultation."""

    root = models.ForeignKey(Comment, models.CASCADE, related_name="moves")
    from_question = models.ForeignKey(Question, models.PROTECT, related_name="moves_away")
    to_question = models.ForeignKey(Question, models.PROTECT, related_name="moves_here")
    moved_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["moved_at"]

    def __str__(self):
        return f"{self.root}: {self.from_question} → {self.to_question}"
