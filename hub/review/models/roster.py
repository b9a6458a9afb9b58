"""The roster: people who review what is submitted, from their application on."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from consultations.models import Objective
from hub.resources.models import LANGUAGES, Region

Person = settings.AUTH_USER_MODEL


class MemberQuerySet(models.QuerySet):
    def admitted(self):
        return self.filter(state=Member.State.ADMITTED)

    def available(self):
        """Those who can be asked for a review now."""
        return self.admitted().filter(is_paused=False, user__is_active=True)


class Member(models.Model):
    """A person's place on the roster, or their way to it. Only the person and the editors see it."""

    class State(models.TextChoices):
        APPLIED = "applied", _("applied")
        ADMITTED = "admitted", _("on the roster")
        DECLINED = "declined", _("declined")
        LEFT = "left", _("left")

    class Background(models.TextChoices):
        GOVERNMENTAL = "governmental", _("governmental")
        ACADEMIC = "academic", _("academic")
        PRACTITIONER = "practitioner", _("practitioner")

    class Gender(models.TextChoices):
        WOMAN = "woman", _("woman")
        MAN = "man", _("man")
        OTHER = "other", _("another gender")

    # Nobody once the account is deleted: what was reviewed stays, without a name.
    user = models.OneToOneField(
        Person, models.SET_NULL, null=True, blank=True, related_name="roster_place", verbose_name=_("person")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.APPLIED, editable=False)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now, editable=False)
    # By anything but pausing; an editor decides about what they have read.
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    applied_at = models.DateTimeField(_("applied on"), default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("decided by")
    )
    # The editors' words to the person.
    reason = models.TextField(_("reason"), blank=True, editable=False)
    is_paused = models.BooleanField(_("paused"), default=False, help_text=_("Is asked for no review until resumed."))

    is_internal = models.BooleanField(
        _("internal"), default=False, help_text=_("Works for the organization that runs the hub.")
    )
    background = models.CharField(_("background"), max_length=15, choices=Background.choices)
    position = models.CharField(_("present position"), max_length=200)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    country = CountryField(_("country or area"))
    years = models.PositiveSmallIntegerField(_("years of experience in migration"))
    objectives = models.ManyToManyField(Objective, related_name="roster_members", verbose_name=_("expertise"))
    languages = ArrayField(
        models.CharField(max_length=3, choices=LANGUAGES), default=list, verbose_name=_("languages of reviews")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="roster_members", verbose_name=_("region"))
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True)
    profile = models.TextField(_("what I would bring to a review"))
    publications = models.TextField(_("publications"), blank=True)
    interests = models.TextField(_("interests that could influence my judgement"), blank=True)
    # The CV, kept as files of resources are: below MEDIA_ROOT, under a name that nobody can guess.
    cv_stored = models.CharField(max_length=60, blank=True, editable=False)
    cv_name = models.CharField(_("CV"), max_length=150, blank=True, editable=False)
    cv_format = models.CharField(max_length=4, blank=True, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        verbose_name = _("member of the roster")
        verbose_name_plural = _("roster of reviewers")
        indexes = [models.Index(fields=["state", "state_since"], name="roster_by_state")]

    def __str__(self):
        return self.user.name if self.user else str(_("a former reviewer"))

    @property
    def is_admitted(self) -> bool:
        return self.state == self.State.ADMITTED

    @property
    def is_reachable(self) -> bool:
        """Is there an account to which a mail can go?"""
        return self.user is not None and self.user.is_active

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.APPLIED

    @property
    def language_names(self) -> list[str]:
        return [str(name) for code, name in LANGUAGES if code in self.languages]
