"""Discussion space → consultation → question, and what applies to all of them."""

import zoneinfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
        """The latest version in force; the first one where a clock says that none is yet."""
        return cls.objects.filter(in_force_from__lte=timezone.now()).first() or cls.objects.last()


class ConductRule(models.Model):
    """A rule of the code of conduct, as moderators name it when they take a contribution away."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    text = models.CharField(
        _("rule"), max_length=200, help_text=_("In step with the code of conduct in the terms of participation.")
    )
    is_in_force = models.BooleanField(_("in force"), default=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("rule of conduct")
        verbose_name_plural = _("rules of conduct")

    def __str__(self):
        return f"{self.number}. {self.text}"


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

    class Holding(models.TextChoices):
        NOBODY = "nobody", _("nobody")
        NEWCOMERS = "newcomers", _("the first contribution of a new participant")
        EVERYBODY = "everybody", _("everybody")

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
        _("time zone shown"), max_length=40, default="UTC", help_text=_("Such as UTC or Europe/Zurich.")
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
    holding = models.CharField(
        _("whose contributions wait for a moderator"),
        max_length=10,
        choices=Holding.choices,
        default=Holding.NOBODY,
        help_text=_("The author sees the contribution meanwhile, and is told when it is published."),
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
    # The contribution in which a participant asked it.
    promoted_from = models.ForeignKey(
        "consultations.Comment", models.SET_NULL, null=True, blank=True, editable=False, related_name="promoted_to"
    )
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
