"""A round of review of a resource: who was asked, what came of it, and the reviews."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.languages import WRITTEN
from hub.resources.models import Resource
from hub.review.models.criteria import Criterion, Level
from hub.review.models.roster import Member

Person = settings.AUTH_USER_MODEL


class Round(models.Model):
    """One reading of a resource by reviewers. It is open until the editor decides, or the submitter withdraws."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="rounds", verbose_name=_("resource"))
    number = models.PositiveSmallIntegerField(_("round"), default=1)
    editor = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("begun by")
    )
    opened_at = models.DateTimeField(_("begun"), default=timezone.now)
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # How many reviews it is for, fewer where an editor began it with fewer; as many as every round when not said.
    internal_seats = models.PositiveSmallIntegerField(_("seats of internal reviewers"), null=True, blank=True)
    external_seats = models.PositiveSmallIntegerField(_("seats of external reviewers"), null=True, blank=True)
    # When reviews turned out too far apart, and one more reviewer was asked.
    disagreed_at = models.DateTimeField(_("disagreement found"), null=True, blank=True)

    class Meta:
        ordering = ["resource", "number"]
        verbose_name = _("round of review")
        verbose_name_plural = _("rounds of review")
        constraints = [
            models.UniqueConstraint(fields=["resource", "number"], name="one_round_per_number"),
            models.UniqueConstraint(
                fields=["resource"], condition=Q(closed_at__isnull=True), name="one_open_round_per_resource"
            ),
        ]

    def __str__(self):
        return f"{self.resource}, {self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class InvitationQuerySet(models.QuerySet):
    def live(self):
        """Those who were asked and may still answer, or have sent their review."""
        return self.filter(state__in=Invitation.LIVE)

    def waiting(self):
        """Those from whom something is expected in a round that is not decided."""
        return self.filter(state__in=[Invitation.State.INVITED, Invitation.State.ACCEPTED], round__closed_at=None)


class Invitation(models.Model):
    """A reviewer was asked to review a resource in one round; `state` says what came of it."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ACCEPTED = "accepted", _("accepted")
        SENT = "sent", _("review sent")
        DECLINED = "declined", _("declined")
        CONFLICT = "conflict", _("conflict of interest")
        WITHDRAWN = "withdrawn", _("no longer needed")

    LIVE = (State.INVITED, State.ACCEPTED, State.SENT)

    class Release(models.TextChoices):
        """Why nobody waits for somebody any more who has not refused."""

        PAUSED = "paused", _("The reviewer pauses.")
        LEFT = "left", _("The reviewer has left the roster.")
        REMOVED = "removed", _("An editor has taken the reviewer off the roster.")

    class Seat(models.TextChoices):
        """For what the reviewer was asked."""

        INTERNAL = "internal", _("internal reviewer")
        EXTERNAL = "external", _("external reviewer")
        # Asked because the others disagree.
        ARBITER = "arbiter", _("reviewer asked after a disagreement")

    round = models.ForeignKey(Round, models.CASCADE, related_name="invitations", verbose_name=_("round"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="invitations", verbose_name=_("reviewer"))
    seat = models.CharField(_("asked as"), max_length=10, choices=Seat.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.INVITED)
    # Nobody when the portal asked by itself, as a replacement or after a disagreement.
    invited_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    answer_by = models.DateTimeField(_("answer expected by"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    due_at = models.DateTimeField(_("review due"), null=True, blank=True)
    # When they declined, declared a conflict, or were no longer needed.
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Declared by the reviewer before the form is shown.
    declared_free_at = models.DateTimeField(_("declared free of conflicts"), null=True, blank=True)
    # Why it was declined or which conflict there is, in the reviewer's words; or one of Release.
    reason = models.TextField(_("reason"), blank=True)
    # What the schedule has sent, so that it is sent once: names of reminders.
    reminded = models.CharField(max_length=60, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("invitation to review")
        verbose_name_plural = _("invitations to review")
        constraints = [
            # Whoever has declined can be asked once more.
            models.UniqueConstraint(
                fields=["round", "member"],
                condition=Q(state__in=["invited", "accepted", "sent"]),
                name="one_live_invitation_per_reviewer_and_round",
            )
        ]
        indexes = [models.Index(fields=["member", "state"], name="invitations_of_a_member")]

    def __str__(self):
        return str(_("%(name)s: %(what)s")) % {"name": self.member, "what": self.round}

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.INVITED, self.State.ACCEPTED)

    @property
    def reason_in_words(self) -> str:
        """The reason in the words of whoever gave it, or what is kept as one of Release, for whoever reads it."""
        if self.state == self.State.WITHDRAWN and self.reason in self.Release:
            return str(self.Release(self.reason).label)
        return self.reason

    @property
    def ended_with_round(self) -> bool:
        """Did the end of the round end it? Then the reviewer learns what came of the resource."""
        return bool(self.ended_at and self.round.closed_at) and self.ended_at >= self.round.closed_at

    @property
    def is_late(self) -> bool:
        """Is an answer or a review expected that should have come by now?"""
        expected_by = {self.State.INVITED: self.answer_by, self.State.ACCEPTED: self.due_at}.get(self.state)
        return bool(expected_by) and expected_by < timezone.now()


class Recommendation(models.IntegerChoices):
    """In the order from yes to no: the distance between two reviews is that of these numbers."""

    LIST = 0, _("list")
    LIST_AFTER_CHANGES = 1, _("list after changes")
    DO_NOT_LIST = 2, _("do not list")


class Review(models.Model):
    """What one reviewer writes, saved as they go; nobody else reads it before it is sent."""

    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="review", verbose_name=_("invitation"))
    words_to_submitter = models.TextField(_("to the submitter"), blank=True)
    words_to_editors = models.TextField(_("to the editors only"), blank=True)
    # Of both texts, for the browser's voice and the translators.
    language = models.CharField(_("language"), max_length=3, choices=WRITTEN)
    recommendation = models.PositiveSmallIntegerField(
        _("recommendation"), choices=Recommendation.choices, null=True, blank=True
    )
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(recommendation__isnull=False), name="a_sent_review_recommends"
            )
        ]

    def __str__(self):
        return str(self.invitation)


class Score(models.Model):
    """The level that a review gives for one criterion; none where the reviewer cannot judge."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores", verbose_name=_("review"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores", verbose_name=_("criterion"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices, null=True, blank=True)

    class Meta:
        ordering = ["criterion__order", "pk"]
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="one_score_per_criterion")]

    def __str__(self):
        return str(_("%(name)s: %(what)s")) % {"name": self.criterion, "what": self.get_level_display()}
