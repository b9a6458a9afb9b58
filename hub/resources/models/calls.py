"""Calls for submissions: a theme, a text and a deadline."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Objective


class CallQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_published=True)

    def open(self, now=None):
        """Calls to which something can be submitted now, the one that closes first before the others."""
        now = now or timezone.now()
        return self.published().filter(opens_at__lte=now, closes_at__gt=now).order_by("closes_at", "pk")

    def upcoming(self, now=None):
        """Calls that have not opened yet, the next one first."""
        return self.filter(opens_at__gt=now or timezone.now()).order_by("opens_at", "pk")

    def closed(self, now=None):
        """Calls whose deadline has passed, the latest first."""
        return self.filter(closes_at__lte=now or timezone.now()).order_by("-closes_at", "pk")


class Call(models.Model):
    """An invitation to submit resources or practices on one theme until a deadline."""

    slug = models.SlugField(
        _("name in the address"),
        unique=True,
        help_text=_("Addresses are shared and cited: do not change it once the call is published."),
    )
    title = models.CharField(_("theme"), max_length=200)
    text = models.TextField(
        _("text"),
        help_text=_(
            "What is looked for, from whom, and what becomes of it. Leave an empty line between paragraphs; begin the "
            "points of a list with a hyphen."
        ),
    )
    objectives = models.ManyToManyField(Objective, blank=True, verbose_name=_("objectives"), related_name="calls")
    is_published = models.BooleanField(_("published"), default=False)
    opens_at = models.DateTimeField(_("opens"), default=timezone.now)
    closes_at = models.DateTimeField(_("deadline"), help_text=_("In Coordinated Universal Time (UTC)."))

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at", "pk"]
        verbose_name = _("call for submissions")
        verbose_name_plural = _("calls for submissions")
        constraints = [
            models.CheckConstraint(condition=models.Q(closes_at__gt=models.F("opens_at")), name="a_call_closes_later")
        ]

    def __str__(self):
        return self.title or self.slug

    def get_absolute_url(self):
        return reverse("resource_call", args=[self.slug])

    @property
    def is_open(self) -> bool:
        return self.is_published and self.opens_at <= timezone.now() < self.closes_at

    @property
    def is_upcoming(self) -> bool:
        return self.opens_at > timezone.now()
