"""What the desk remembers of the people at both sides of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Comment

Person = settings.AUTH_USER_MODEL


class DeskVisit(models.Model):
    """When a moderator was last at the desk, and on which day they were last reminded of it."""

    user = models.OneToOneField(Person, models.CASCADE, related_name="desk_visit")
    visited_at = models.DateTimeField(null=True)
    # The visit before: what has come since then is new.
    since = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    def __str__(self):
        return f"{self.user}: {self.visited_at}"


class Objection(models.Model):
    """An author's one word against the place that moderators gave to a contribution; it was put back."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="objection")
    words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("objection to a place")
        verbose_name_plural = _("objections to a place")

    def __str__(self):
        return str(self.comment)
