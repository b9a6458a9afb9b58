"""Where else a contribution to the open floor is found."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from consultations.models.comments import Comment
from consultations.models.spaces import Question


class Listing(models.Model):
    """A contribution named on the page of another question too: one contribution, one address, counted once."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="listings")
    question = models.ForeignKey(Question, models.CASCADE, related_name="listings")
    listed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    listed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["comment", "question"], name="listed_once_per_question")]

    def __str__(self):
        return f"{self.comment} → {self.question}"
