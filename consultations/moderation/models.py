"""What waits for a moderator, and the record of what moderators did."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.languages import WRITTEN
from consultations.models import Comment, ConductRule, Consultation

Person = settings.AUTH_USER_MODEL


class CaseQuerySet(models.QuerySet):
    def waiting(self):
        return self.exclude(state=Case.State.DONE)


class Case(models.Model):
    """One matter on the moderators' desk: one comment, for one reason.

    Two moderators who work at once see who has taken it; the second to decide is told what the first decided.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("question to the moderators")
        PLACEMENT = "placement", _("open-floor contribution to place")
        REPORT = "report", _("reported")
        HELD = "held", _("held for review")
        APPEAL = "appeal", _("another look asked for")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        DONE = "done", _("done")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="cases")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="cases")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    language = models.CharField(max_length=3, choices=WRITTEN)
    opened_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="taken_cases")
    taken_at = models.DateTimeField(null=True)
    # For an appeal: who took the decision and may not look again. A plain id, kept when the account goes.
    decided_before_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="closed_cases")
    outcome = models.CharField(max_length=20, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "kind"], condition=~Q(state="done"), name="one_open_case_per_comment_and_kind"
            )
        ]
        indexes = [
            models.Index(fields=["consultation", "kind", "opened_at"], condition=~Q(state="done"), name="case_waiting")
        ]

    def __str__(self):
        return str(_("%(name)s: %(what)s")) % {"name": self.get_kind_display(), "what": self.comment}


class Report(models.Model):
    """Somebody's word that a comment breaks a rule; one that waits for each person and comment."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="reports")
    # Of people without an account, who want to hear what came of it.
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="en")
    rule = models.ForeignKey(ConductRule, models.PROTECT, null=True)
    words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter"],
                condition=Q(settled_at=None),
                name="one_waiting_report_per_person_and_comment",
            ),
            models.UniqueConstraint(
                fields=["comment", "email"],
                condition=Q(settled_at=None) & ~Q(email=""),
                name="one_waiting_report_per_address_and_comment",
            ),
        ]

    def __str__(self):
        return str(_("%(name)s: %(what)s")) % {"name": self.comment, "what": self.rule}


class Appeal(models.Model):
    """The author's request for another look at the removal of a comment: one for each decision to remove it."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="appeals")
    removal = models.OneToOneField("Act", models.DO_NOTHING, null=True, db_constraint=False, related_name="appeal")
    words = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("request for another look")
        verbose_name_plural = _("requests for another look")

    def __str__(self):
        return str(self.comment)


class Act(models.Model):
    """The append-only record: who did what, when, why, before and after.

    The database itself refuses to change or delete a row. People and texts that may be erased are therefore
    named by plain ids, without constraints; the moderator's name stays, as the record is theirs to answer for.
    """

    class Kind(models.TextChoices):
        APPROVED = "approved", _("approved")
        HIDDEN = "hidden", _("removed")
        TEXT_PUBLISHED = "text-published", _("new text published")
        TEXT_REFUSED = "text-refused", _("new text not published")
        RESTORED = "restored", _("restored")
        UPHELD = "upheld", _("removal upheld after another look")
        LEFT = "left", _("reported and left as it is")
        ACKNOWLEDGED = "acknowledged", _("question acknowledged")
        ANSWERED = "answered", _("question answered")
        ANSWERED_BEFORE = "answered-before", _("question closed as answered elsewhere")
        PROMOTED = "promoted", _("made a numbered question")
        MOVED = "moved", _("moved")
        LISTED = "listed", _("listed under another question too")
        OBJECTED = "objected", _("put back at the author's wish")
        PLACED = "placed", _("left on the open floor")
        TAKEN = "taken", _("taken")
        PASSED = "passed", _("passed to a colleague")
        PINNED = "pinned", _("pinned")
        UNPINNED = "unpinned", _("unpinned")
        PAUSED = "paused", _("participant paused")
        UNPAUSED = "unpaused", _("pause lifted")
        QUESTION_CLOSED = "question-closed", _("question closed")
        QUESTION_OPENED = "question-opened", _("question opened")
        RESCHEDULED = "rescheduled", _("dates changed")
        POSTED_FOR = "posted-for", _("posted on behalf of somebody")
        CLAIMED = "claimed", _("claimed by its author")
        CONFIRMED = "confirmed", _("confirmed by the organization")
        DISOWNED = "disowned", _("disowned by the organization")
        ANNOUNCED = "announced", _("announcement published")
        UNANNOUNCED = "unannounced", _("announcement withdrawn")
        FOCAL_ASKED = "focal-asked", _("somebody asked to be a focal point")
        FOCAL_UNASKED = "focal-unasked", _("request to be a focal point withdrawn")
        FOCAL_ACCEPTED = "focal-accepted", _("focal point accepted")
        # As long as people were named without being asked.
        FOCAL_NAMED = "focal-named", _("focal point named")
        FOCAL_REMOVED = "focal-removed", _("focal point removed")

    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=16, choices=Kind.choices)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("who"), max_length=120)
    consultation = models.ForeignKey(
        Consultation, models.DO_NOTHING, db_constraint=False, related_name="acts", verbose_name=_("consultation")
    )
    comment = models.ForeignKey(
        Comment, models.DO_NOTHING, null=True, db_constraint=False, related_name="acts", verbose_name=_("contribution")
    )
    person_id = models.BigIntegerField(null=True)
    rule_number = models.PositiveSmallIntegerField(_("rule"), null=True)
    rule_text = models.CharField(max_length=200, blank=True)
    reason = models.TextField(_("why"), blank=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("act of moderation")
        verbose_name_plural = _("acts of moderation")
        indexes = [models.Index(fields=["consultation", "-id"], name="act_latest")]

    def __str__(self):
        said = str(_("%(name)s: %(what)s")) % {"name": self.actor_name, "what": self.get_kind_display()}
        return f"{self.at:%Y-%m-%d %H:%M} {said}"


# At the end, because they belong to the same room and need nothing of the above to be loaded before.
from consultations.moderation.models_desk import DeskVisit, Objection  # noqa: E402
from consultations.moderation.models_more import (  # noqa: E402
    Announcement,
    FocalPoint,
    FocalRequest,
    OrganizationFocalPoint,
    Received,
)

__all__ = [
    "Act",
    "Announcement",
    "Appeal",
    "Case",
    "DeskVisit",
    "FocalPoint",
    "FocalRequest",
    "Objection",
    "OrganizationFocalPoint",
    "Received",
    "Report",
]
