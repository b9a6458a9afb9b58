"""Discussion space → consultation → question → comment, and what belongs to them.

Writing goes through `posting.py`, reading of a discussion through `threads.py`.
"""

import zoneinfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models import StakeholderGroup
from consultations.languages import WRITTEN

Person = settings.AUTH_USER_MODEL


class Objective(models.Model):
    """One of the 23 objectives of the Global Compact for Migration (A/RES/73/195, paragraph 16)."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    name = models.CharField(_("short name"), max_length=120)

    class Meta:
        ordering = ["number"]
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")

    def __str__(self):
        return f"{self.number} {self.name}"


class Terms(models.Model):
    """What participants agree to when they post. A version is never changed once it was in force."""

    version = models.CharField(_("version"), max_length=20, unique=True, help_text=_("Such as 2026-11."))
    in_force_from = models.DateTimeField(_("in force from"), default=timezone.now)
    conduct = models.TextField(_("code of conduct"))
    use_of_contributions = models.TextField(_("use of the contributions"))

    class Meta:
        ordering = ["-in_force_from"]
        verbose_name = _("terms of participation")
        verbose_name_plural = _("terms of participation")

    def __str__(self):
        return self.version

    @classmethod
    def current(cls) -> "Terms":
        return cls.objects.filter(in_force_from__lte=timezone.now()).first()


class DiscussionSpace(models.Model):
    """A series of consultations, for example one review forum."""

    slug = models.SlugField(_("name in the address"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)
    order = models.PositiveSmallIntegerField(_("order in lists"), default=0)

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("discussion space")
        verbose_name_plural = _("discussion spaces")

    def __str__(self):
        return self.title or self.slug


class ConsultationQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Consultation.State.PUBLISHED)

    def open(self, now=None):
        now = now or timezone.now()
        return self.filter(opens_at__lte=now, closes_at__gt=now)

    def upcoming(self, now=None):
        return self.filter(opens_at__gt=now or timezone.now())

    def closed(self, now=None):
        return self.filter(closes_at__lte=now or timezone.now())


class Consultation(models.Model):
    """One consultation, for example of one round table."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    class Phase(models.TextChoices):
        UPCOMING = "upcoming", _("upcoming")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    space = models.ForeignKey(
        DiscussionSpace, models.PROTECT, related_name="consultations", verbose_name=_("discussion space")
    )
    slug = models.SlugField(
        _("name in the address"),
        unique=True,
        help_text=_("Addresses are shared and cited: do not change it once the consultation is published."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    time_zone = models.CharField(
        _("time zone shown"), max_length=40, default="UTC", help_text=_("Such as UTC or Europe/Geneva.")
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), help_text=_("One or two sentences below the title and in lists."))
    aim = models.TextField(_("what this is for"), help_text=_("What the contributions are for and who will read them."))
    how_to_contribute = models.TextField(_("how to contribute"))
    audience = models.TextField(_("expected audience"), blank=True)
    languages = ArrayField(
        models.CharField(max_length=2, choices=settings.LANGUAGES),
        verbose_name=_("main languages"),
        default=list,
        help_text=_("The languages in which participants are invited to write."),
    )
    objectives = models.ManyToManyField(Objective, blank=True, verbose_name=_("objectives covered"))
    contact = models.TextField(
        _("contact for trouble with posting"),
        blank=True,
        help_text=_("A sentence for people who cannot post. The contact form is always linked beside it."),
    )
    moderators = models.ManyToManyField(
        Person, through="Moderator", related_name="moderated_consultations", verbose_name=_("moderators")
    )
    allows_pseudonyms = models.BooleanField(
        _("participants may choose a pseudonym"),
        default=False,
        help_text=_("For people who would be in danger under their own name. The moderators see who it is."),
    )
    note_expected_on = models.DateField(_("background note expected on"), null=True, blank=True)
    outcome = models.TextField(
        _("outcome"), blank=True, help_text=_("What became of the contributions. Shown once closed.")
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "slug"]
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="consultation_closes_after_it_opens")
        ]

    def __str__(self):
        return self.title or self.slug

    def save(self, *args, **kwargs):
        """Save; a new consultation gets its open floor in the same transaction."""
        is_new = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new:
                Question.objects.create(consultation=self, number=None)

    def get_absolute_url(self):
        return reverse("consultation", args=[self.slug])

    @property
    def phase(self) -> Phase:
        now = timezone.now()
        if now < self.opens_at:
            return self.Phase.UPCOMING
        return self.Phase.OPEN if now < self.closes_at else self.Phase.CLOSED

    @property
    def is_open(self) -> bool:
        return self.phase == self.Phase.OPEN

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class Moderator(models.Model):
    """A person who moderates one consultation, with the organization in whose name they do so."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="moderator_set")
    user = models.ForeignKey(Person, models.CASCADE, related_name="moderator_set", verbose_name=_("person"))
    organization = models.CharField(_("organization"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("moderator")
        verbose_name_plural = _("moderators")
        constraints = [models.UniqueConstraint(fields=["consultation", "user"], name="moderator_once_per_consultation")]

    def __str__(self):
        return self.user.name


class Question(models.Model):
    """A numbered question for discussion, or the consultation's open floor (no number)."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    # Counts of what readers see, kept by posting.py so that no page counts comments.
    comment_count = models.PositiveIntegerField(_("contributions"), default=0, editable=False)
    latest_comment_at = models.DateTimeField(_("latest contribution"), null=True, editable=False)

    class Meta:
        ordering = [F("number").desc(nulls_last=True)]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="question_number_once_per_consultation"),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(number=None), name="one_open_floor_per_consultation"
            ),
            models.CheckConstraint(condition=Q(number=None) | Q(number__gte=1), name="question_numbers_start_at_one"),
        ]

    def __str__(self):
        if self.is_open_floor:
            return str(_("Open floor"))
        return f"{self.number}. {self.text}"

    def get_absolute_url(self):
        if self.is_open_floor:
            return reverse("open_floor", args=[self.consultation.slug])
        return reverse("question", args=[self.consultation.slug, self.number])

    @property
    def is_open_floor(self) -> bool:
        return self.number is None


def as_path(ids: list[int]) -> Cast:
    """Ids as PostgreSQL compares them with a comment's path."""
    paths = ArrayField(models.BigIntegerField())
    return Cast(models.Value(ids, paths), paths)


class CommentQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Comment.State.PUBLISHED)

    def visible(self):
        """What any reader may see, including the markers of contributions that were taken away."""
        return self.exclude(state=Comment.State.HELD)

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
        return self.select_related("group", "parent").defer("body", "parent__body", "parent__html")


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

    question = models.ForeignKey(Question, models.PROTECT, related_name="comments", verbose_name=_("question"))
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

    language = models.CharField(_("language"), max_length=3, choices=WRITTEN)
    body = models.TextField(_("text as typed"))
    html = models.TextField(_("text as shown"), editable=False)
    fold_at = models.PositiveIntegerField(null=True, editable=False)
    words = models.PositiveIntegerField(_("words"), default=0, editable=False)

    # Kept for roots alone: how many replies the thread shows, and whether a moderator is among them.
    reply_count = models.PositiveIntegerField(default=0, editable=False)
    is_answered_by_moderator = models.BooleanField(_("with a moderator's answer"), default=False, editable=False)

    created_at = models.DateTimeField(_("posted"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    state_changed_at = models.DateTimeField(null=True, editable=False)
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
        ]

    def __str__(self):
        return f"№\u00a0{self.pk}"

    def get_absolute_url(self):
        """The permanent address."""
        return reverse("comment", args=[self.pk])

    def get_discussion_url(self):
        """The comment in its place in the discussion, wherever that is now."""
        return f"{self.question.get_absolute_url()}?at={self.pk}#comment-{self.pk}"

    @property
    def root_id(self) -> int:
        return self.path[0]

    @property
    def is_gone(self) -> bool:
        return self.state in {self.State.HIDDEN, self.State.WITHDRAWN}

    @property
    def shown_name(self) -> str:
        return self.author_name or str(_("Former participant"))


class CommentVersion(models.Model):
    """A comment's text as it stood at one time. The first version is the one posted."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=3, choices=WRITTEN)
    body = models.TextField()
    html = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="version_number_once_per_comment")]

    def __str__(self):
        return f"{self.comment}, {self.number}"


class Draft(models.Model):
    """What a person has typed and not yet posted: one text per question, and one per comment answered."""

    author = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    question = models.ForeignKey(Question, models.CASCADE, related_name="drafts")
    parent = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="drafts")
    body = models.TextField()
    language = models.CharField(max_length=3, choices=WRITTEN, blank=True)
    # Grows with every keystroke that is saved; a lower number comes from a stale tab.
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


class LanguageCount(models.Model):
    """How many published comments of a question are written in one language."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="language_counts")
    language = models.CharField(max_length=3, choices=WRITTEN)
    comment_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "language"], name="one_count_per_language")]

    def __str__(self):
        return f"{self.language}: {self.comment_count}"


class Participation(models.Model):
    """How much one person has contributed to one consultation, for its public figures.

    The row stays when the account is deleted; country and group are those of the latest comment.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="participations")
    user = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="participations")
    country = CountryField(blank=True)
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, null=True)
    comment_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "user"], name="one_participation_per_consultation")
        ]

    def __str__(self):
        return f"{self.user} · {self.consultation}"


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
