"""People who agree to be found and asked, and requests for support."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from consultations.languages import WRITTEN
from consultations.models import Objective
from hub.resources.models import LANGUAGES, Region

Person = settings.AUTH_USER_MODEL


class Support(models.TextChoices):
    """What experts offer and governments ask for."""

    ADVICE = "advice", _("answers to questions, by mail or telephone")
    DRAFTS = "drafts", _("comments on a draft law, policy or plan")
    TRAINING = "training", _("training for staff")
    DATA = "data", _("data and research")
    EVALUATION = "evaluation", _("evaluation of a programme")
    SPEAKING = "speaking", _("a talk or a panel")


class ExpertQuerySet(models.QuerySet):
    def listed(self):
        """Those whom everybody may see."""
        return self.filter(state=Expert.State.LISTED, user__is_active=True)

    def with_all(self):
        return self.select_related("user").prefetch_related("objectives", "regions")


class Expert(models.Model):
    """A person's entry in the directory. Besides the name only what they ticked is shown, searched and filtered by."""

    class State(models.TextChoices):
        DRAFT = "draft", _("not in the directory")
        WAITING = "waiting", _("waiting for the editors")
        LISTED = "listed", _("in the directory")
        DECLINED = "declined", _("declined")

    user = models.OneToOneField(Person, models.CASCADE, related_name="expert", verbose_name=_("person"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("decided by")
    )
    # The editors' words to the person when they declined.
    reason = models.TextField(_("reason"), blank=True, editable=False)

    name = models.CharField(_("name"), max_length=120)
    about = models.TextField(_("what I can be asked about"))
    text_language = models.CharField(_("language of this text"), max_length=3, choices=WRITTEN)
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    country = CountryField(_("country or area"), blank=True)
    languages = ArrayField(
        models.CharField(max_length=3, choices=LANGUAGES), default=list, blank=True, verbose_name=_("languages")
    )
    objectives = models.ManyToManyField(Objective, blank=True, related_name="experts", verbose_name=_("objectives"))
    regions = models.ManyToManyField(Region, blank=True, related_name="experts", verbose_name=_("regions"))
    support = ArrayField(
        models.CharField(max_length=12, choices=Support.choices),
        default=list,
        blank=True,
        verbose_name=_("kinds of support"),
    )

    shows_about = models.BooleanField(default=False)
    shows_organization = models.BooleanField(default=False)
    shows_country = models.BooleanField(default=False)
    shows_languages = models.BooleanField(default=False)
    shows_objectives = models.BooleanField(default=False)
    shows_regions = models.BooleanField(default=False)
    shows_support = models.BooleanField(default=False)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        indexes = [models.Index(F("state"), F("name"), F("id"), name="expert_by_state")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("expert", args=[self.pk])

    @property
    def is_listed(self) -> bool:
        return self.state == self.State.LISTED

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def language_names(self) -> list[str]:
        return [str(name) for code, name in LANGUAGES if code in self.languages]

    @property
    def support_names(self) -> list[str]:
        return [str(label) for value, label in Support.choices if value in self.support]


class SupportRequest(models.Model):
    """A government or an organization asks for support with the Compact; the editors look for somebody."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("a national government")
        LOCAL = "local", _("a regional or local authority")
        ORGANIZATION = "organization", _("another organization")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("state of a request", "received")
        IN_PROGRESS = "in-progress", pgettext_lazy("state of a request", "being worked on")
        ANSWERED = "answered", pgettext_lazy("state of a request", "answered")
        CLOSED = "closed", pgettext_lazy("state of a request", "closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a request", "withdrawn")

    DONE = (State.ANSWERED, State.CLOSED, State.WITHDRAWN)

    requester = models.ForeignKey(
        Person, models.CASCADE, related_name="support_requests", verbose_name=_("requested by")
    )
    kind = models.CharField(_("on behalf of"), max_length=12, choices=Kind.choices)
    organization = models.CharField(_("name of the authority or organization"), max_length=200)
    country = CountryField(_("country or area"))
    objectives = models.ManyToManyField(Objective, blank=True, verbose_name=_("objectives"))
    support = ArrayField(
        models.CharField(max_length=12, choices=Support.choices),
        default=list,
        blank=True,
        verbose_name=_("kinds of support"),
    )
    message = models.TextField(_("what is needed"))
    language = models.CharField(_("language of the page"), max_length=2, choices=settings.LANGUAGES)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now, editable=False)
    handled_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("handled by")
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("request for support")
        verbose_name_plural = _("requests for support")

    def __str__(self):
        return f"№\u00a0{self.pk}, {self.organization}"

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def stamp(self) -> str:
        """A mark of its state and of all that was written about it, which changes with any of it."""
        return " ".join([self.state_since.isoformat(), *(str(each.pk) for each in self.messages.all())])

    @property
    def support_names(self) -> list[str]:
        return [str(label) for value, label in Support.choices if value in self.support]


class SupportMessage(models.Model):
    """What the editors wrote to whoever asks for support, or the answer to it."""

    request = models.ForeignKey(SupportRequest, models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    words = models.TextField(_("words"))
    is_from_requester = models.BooleanField(_("by whoever asks"), default=False, db_default=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self):
        return f"№\u00a0{self.request_id}, {self.created_at:%Y-%m-%d %H:%M}"
