"""What belongs to a consultation's moderation beside the desk and the record: announcements, texts that came by
post, and who may speak or confirm for others."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from consultations.models import Comment, Consultation

Person = settings.AUTH_USER_MODEL


class AnnouncementQuerySet(models.QuerySet):
    def standing(self):
        """Those that were not withdrawn, the latest first."""
        return self.filter(withdrawn_at=None)


class Announcement(models.Model):
    """A dated message from the moderators at the top of a consultation. It is never edited: a new one corrects it."""

    class Kind(models.TextChoices):
        WELCOME = "welcome", _("Welcome")
        RECAP = "recap", _("Recap")
        DEADLINE = "deadline", _("Dates")
        OUTCOME = "outcome", _("Outcome")
        OTHER = "other", _("Announcement")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="announcements")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    author = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # As it was then, whatever becomes of the account.
    author_name = models.CharField(max_length=120)
    # Two windows of one form make one announcement.
    submission_key = models.UUIDField(unique=True)
    published_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        indexes = [
            models.Index(fields=["consultation", "-published_at"], condition=Q(withdrawn_at=None), name="announced")
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('consultation', args=[self.consultation.slug])}#announcement-{self.pk}"


class Received(models.Model):
    """How a contribution came that its author did not post: by e-mail, by letter, or spoken.

    The address and the hash of the claim code are kept until the author has claimed the contribution.
    """

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="received")
    received_on = models.DateField(_("received on"))
    email = models.EmailField(_("e-mail address"), blank=True)
    # In which the person is written to.
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    consent_noted_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    submission_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("contribution received")
        verbose_name_plural = _("contributions received")
        indexes = [models.Index(Upper("email"), condition=~Q(email=""), name="received_from")]

    def __str__(self):
        return str(self.comment)


class FocalPoint(models.Model):
    """Somebody who posts, in one consultation, what people without a computer say."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="focal_points")
    user = models.ForeignKey(Person, models.CASCADE, related_name="focal_points")
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("focal point")
        verbose_name_plural = _("focal points")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "user"], name="focal_point_once_per_consultation")
        ]

    def __str__(self):
        return f"{self.user} · {self.consultation}"


class FocalRequest(models.Model):
    """An address whose owner was asked to be a focal point. Nobody says yet whether it has an account."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="focal_requests")
    email = models.EmailField(_("e-mail address"))
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("request to be a focal point")
        verbose_name_plural = _("requests to be a focal point")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "email"], name="address_asked_once_per_consultation")
        ]

    def __str__(self):
        return f"{self.email} · {self.consultation}"


class OrganizationFocalPoint(models.Model):
    """Somebody who says whether an organization, or a State, stands by what was said in its name."""

    user = models.ForeignKey(Person, models.CASCADE, related_name="organization_focal_points", verbose_name=_("person"))
    organization = models.CharField(
        _("organization"), max_length=200, blank=True, help_text=_("As its people write it in their profiles.")
    )
    country = CountryField(_("State"), blank=True, help_text=_("For a State, instead of an organization."))
    domain = models.CharField(
        _("domain of its addresses"),
        max_length=200,
        help_text=_("Such as example.org. The person's own e-mail address must end in it."),
    )
    named_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["organization", "country", "pk"]
        verbose_name = _("focal point of an organization")
        verbose_name_plural = _("focal points of organizations")
        constraints = [
            models.CheckConstraint(
                condition=Q(organization="") ^ Q(country=""), name="focal_point_of_an_organization_or_of_a_state"
            ),
            models.UniqueConstraint(fields=["user", "organization", "country"], name="focal_point_named_once"),
        ]
        indexes = [models.Index(Upper("organization"), name="focal_points_of")]

    def __str__(self):
        return str(_("%(name)s: %(what)s")) % {"name": self.user, "what": self.speaks_for}

    @property
    def speaks_for(self) -> str:
        return self.organization or self.country.name
