"""Who follows what, what they were told, and how they want to hear of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Comment, Consultation, Question
from consultations.moderation.models import Act, Announcement

Person = settings.AUTH_USER_MODEL


class Follow(models.Model):
    """A person follows one consultation, one question, or one thread (by its root)."""

    user = models.ForeignKey(Person, models.CASCADE, db_index=False, related_name="follows")
    # The unique constraints begin with what is followed: they serve for finding who follows it.
    consultation = models.ForeignKey(Consultation, models.CASCADE, null=True, db_index=False, related_name="follows")
    question = models.ForeignKey(Question, models.CASCADE, null=True, db_index=False, related_name="follows")
    root = models.ForeignKey(Comment, models.CASCADE, null=True, db_index=False, related_name="follows")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consultation__isnull=False, question=None, root=None)
                | Q(consultation=None, question__isnull=False, root=None)
                | Q(consultation=None, question=None, root__isnull=False),
                name="follows_exactly_one_thing",
            ),
            models.UniqueConstraint(fields=["consultation", "user"], name="follows_a_consultation_once"),
            models.UniqueConstraint(fields=["question", "user"], name="follows_a_question_once"),
            models.UniqueConstraint(fields=["root", "user"], name="follows_a_thread_once"),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="follow_of_person")]

    def __str__(self):
        return f"{self.user} → {self.consultation or self.question or self.root}"


class Kind(models.TextChoices):
    """What somebody may be told; each has its own preference for mail."""

    REPLY = "reply", _("Somebody replied to me")
    ANSWER = "answer", _("A moderator answered me")
    ACT = "act", _("A moderator acted on a contribution of mine")
    REPORT = "report", _("What came of my report")
    NEWS = "news", _("New contributions in what I follow")
    ANNOUNCEMENT = "announcement", _("Messages from the moderators")
    DATES = "dates", _("The dates of a consultation have changed, or a question was closed or opened")
    CLOSING = "closing", _("A consultation closes in three days")
    OUTCOME = "outcome", _("The outcome of a consultation is published")


# What others have written; gone, once they have taken it back.
ABOUT_OTHERS = [Kind.REPLY, Kind.ANSWER, Kind.NEWS]


class Pace(models.TextChoices):
    """How soon somebody wants to have mail about a kind of event."""

    AT_ONCE = "at-once", _("At once")
    DAILY = "daily", _("Once a day, in one e-mail")
    WEEKLY = "weekly", _("Once a week, in one e-mail")
    NEVER = "never", _("Never")


class Preference(models.Model):
    """A person's own choice of pace for one kind; without a row, preferences.DEFAULTS holds."""

    user = models.ForeignKey(Person, models.CASCADE, db_index=False, related_name="mail_preferences")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    pace = models.CharField(max_length=8, choices=Pace.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_pace_per_person_and_kind")]

    def __str__(self):
        return f"{self.user}: {self.kind} {self.pace}"


class NotificationQuerySet(models.QuerySet):
    def readable(self):
        """What its person may still read: nothing of drafts, nor of contributions that were taken away since."""
        about_others = Q(kind__in=ABOUT_OTHERS)
        return self.filter(
            ~about_others | Q(comment__state=Comment.State.PUBLISHED),
            Q(announcement=None) | Q(announcement__withdrawn_at=None),
            consultation__state=Consultation.State.PUBLISHED,
        )

    def unread(self):
        return self.filter(read_at=None)

    def in_words(self):
        """With all that a sentence about it names, in one query."""
        return self.select_related(
            "consultation",
            "comment__question__consultation",
            "comment__parent",
            "act",
            "announcement",
        )


class Notification(models.Model):
    """One person is told of one event. `key` names the event, so that a task run twice tells nobody twice."""

    class Mail(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        # The person wants no mail about it, or has read it in the portal before the mail was due.
        NONE = "none"

    user = models.ForeignKey(Person, models.CASCADE, db_index=False, related_name="notifications")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=80)
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="notifications")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="notifications")
    # Acts are append-only: this never points to nothing.
    act = models.ForeignKey(Act, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    announcement = models.ForeignKey(Announcement, models.CASCADE, null=True, related_name="+")
    # Who did it, as they were called then.
    actor = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=7, choices=Mail.choices, default=Mail.NONE)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_notification_per_person_and_event")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_latest"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=["user", "at"], condition=Q(mail="waiting"), name="notification_waiting_mail"),
        ]

    def __str__(self):
        return f"{self.user}: {self.key}"


class Digest(models.Model):
    """When a person had the latest digest, and the latest one that held what is gathered weekly."""

    user = models.OneToOneField(Person, models.CASCADE, related_name="digest")
    sent_at = models.DateTimeField(null=True)
    weekly_at = models.DateTimeField(null=True)

    def __str__(self):
        return str(self.user)


class Told(models.Model):
    """An event that a scheduled task found and has told of, such as “closing:12:202611301200”."""

    key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.key


class Visit(models.Model):
    """When a person was on a page that says what is new since."""

    user = models.ForeignKey(Person, models.CASCADE, db_index=False, related_name="visits")
    page = models.CharField(max_length=40)
    # The visit before the present one, and the latest look in the present one.
    since = models.DateTimeField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="one_visit_per_person_and_page")]

    def __str__(self):
        return f"{self.user}: {self.page}"
