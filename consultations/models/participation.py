"""Who takes part, how much, and who may not for a time."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from accounts.models import StakeholderGroup
from consultations.languages import WRITTEN
from consultations.models.spaces import Consultation, Question

Person = settings.AUTH_USER_MODEL


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

    @classmethod
    def belongs_to_somebody(cls, consultation: Consultation, name: str) -> bool:
        """Does a participant of this consultation go by this name?"""
        return cls.objects.filter(consultation=consultation, user__name__iexact=name).exists()


class Pause(models.Model):
    """A person may read but not post in one consultation, for a time and a reason that they were told."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="pauses")
    user = models.ForeignKey(Person, models.CASCADE, related_name="pauses", verbose_name=_("participant"))
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    created_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")

    def __str__(self):
        return f"{self.user} · {self.consultation}"
