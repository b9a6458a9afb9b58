"""A resource from its first draft to the list, with its files and every step it took."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from consultations.models import Objective
from hub.resources.models.calls import Call
from hub.resources.models.lists import LANGUAGES, GuidingPrinciple, Region
from hub.resources.titles import keys_of

Person = settings.AUTH_USER_MODEL
FIRST_YEAR = 1900
TITLES = [f"title_{code}" for code, _name in settings.LANGUAGES]


# One comma is what hub/resources/citation.py goes by.
HOW_TO_NAME_AUTHORS = _(
    "One name per line. “Prado, Lucía” is cited as family name and given name; a line without a comma, such as the "
    "name of an organization, as a whole."
)


class ResourceQuerySet(models.QuerySet):
    def listed(self):
        """What every reader may see."""
        return self.filter(state=Resource.State.LISTED)

    def sent(self):
        """What its submitter has sent, whatever became of it; the rest is theirs alone."""
        return self.exclude(state=Resource.State.DRAFT).exclude(state=Resource.State.WITHDRAWN, submitted_at=None)

    def submitted_by(self, user):
        return self.filter(submitted_by=user)


class Resource(models.Model):
    """Something that helps to carry out the Compact: listed for everybody, or on its way there."""

    class Kind(models.TextChoices):
        POLICY_BRIEF = "policy-brief", _("policy brief")
        WORKING_PAPER = "working-paper", _("working paper")
        JOURNAL_ARTICLE = "journal-article", _("journal article")
        REPORT = "report", _("report or study")
        PORTAL = "portal", _("portal or platform")
        TOOLKIT = "toolkit", _("toolkit")
        INFOGRAPHIC = "infographic", _("infographic")
        VIDEO = "video", _("video")
        PRACTICE = "practice", _("practice")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a submission", "draft")
        SUBMITTED = "submitted", pgettext_lazy("state of a submission", "submitted")
        IN_REVIEW = "in_review", pgettext_lazy("state of a submission", "in review")
        CHANGES_REQUESTED = "changes_requested", pgettext_lazy("state of a submission", "changes requested")
        LISTED = "listed", pgettext_lazy("state of a submission", "listed")
        DECLINED = "declined", pgettext_lazy("state of a submission", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a submission", "withdrawn")

    class Scope(models.TextChoices):
        GLOBAL = "global", _("global")
        REGIONAL = "regional", _("regional")
        NATIONAL = "national", _("national")
        LOCAL = "local", _("local")

    class Comprehensiveness(models.TextChoices):
        COMPREHENSIVE = "comprehensive", _("comprehensive: the Compact, or one of its objectives, as a whole")
        BROAD = "broad", _("broad: several aspects of an objective")
        SPECIFIC = "specific", _("specific: one aspect, group or place")

    class Relation(models.TextChoices):
        MADE = "made", _("I wrote, published or carried it out")
        USES = "uses", _("I use it in my work")
        KNOWS = "knows", _("I only know of it")

    slug = models.SlugField(
        _("name in the address"),
        max_length=90,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Given when the resource is listed, and cited from then on."),
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=250, blank=True)
    # By which the same title is found again; see hub/resources/titles.py.
    title_keys = ArrayField(models.TextField(), default=list, db_default=[], blank=True, editable=False)
    summary = models.TextField(_("summary"), blank=True)
    text_language = models.CharField(
        _("language of title and summary"),
        max_length=2,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("The one in which they were submitted; other languages are translations."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, blank=True)
    address = models.URLField(_("web address"), max_length=2000, blank=True)
    normalised_address = models.CharField(max_length=2000, blank=True, editable=False)
    publisher = models.CharField(_("publisher"), max_length=250, blank=True)
    authors = models.TextField(_("authors"), max_length=2000, blank=True, help_text=HOW_TO_NAME_AUTHORS)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    languages = ArrayField(
        models.CharField(max_length=3, choices=LANGUAGES), verbose_name=_("languages"), default=list, blank=True
    )
    objectives = models.ManyToManyField(Objective, blank=True, verbose_name=_("objectives"), related_name="resources")
    principles = models.ManyToManyField(
        GuidingPrinciple, blank=True, verbose_name=_("guiding principles"), related_name="resources"
    )
    regions = models.ManyToManyField(Region, blank=True, verbose_name=_("regions"), related_name="resources")
    countries = CountryField(multiple=True, blank=True, verbose_name=_("countries or areas"))
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, blank=True)
    comprehensiveness = models.CharField(
        _("how comprehensive"), max_length=15, choices=Comprehensiveness.choices, blank=True
    )
    call = models.ForeignKey(
        Call, models.SET_NULL, null=True, blank=True, related_name="resources", verbose_name=_("call for submissions")
    )
    submitted_by = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="submitted_resources",
        verbose_name=_("submitted by"),
        editable=False,
    )
    relation = models.CharField(_("relation of the submitter"), max_length=10, choices=Relation.choices, blank=True)
    # Kept until it is sent back; then it stands with that step.
    answer = models.TextField(_("answer to the editors, not sent yet"), blank=True, db_default="", editable=False)
    is_featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Shown on the home page before the newest ones.")
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now, editable=False)
    listed_at = models.DateTimeField(_("listed"), null=True, editable=False)
    corrected_at = models.DateTimeField(_("corrected"), null=True, editable=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="listed")
                | Q(slug__isnull=False, year__isnull=False, listed_at__isnull=False)
                & ~Q(kind="")
                & ~Q(scope="")
                & ~Q(comprehensiveness=""),
                name="a_listed_resource_is_complete",
            ),
        ]
        indexes = [
            # A btree row ends at 2,704 bytes, and an address may be longer: a hash is all that equality needs.
            models.Index(MD5("normalised_address"), name="resource_by_address"),
            models.Index(fields=["state", "state_since"], name="resource_by_state"),
            models.Index(
                fields=["-is_featured", "-listed_at", "-id"], condition=Q(state="listed"), name="resources_for_home"
            ),
            *(GinIndex(fields=[name], name=f"resource_by_{name}", opclasses=["gin_trgm_ops"]) for name in TITLES),
            GinIndex(fields=["title_keys"], name="resource_by_title_keys"),
        ]

    def __str__(self):
        return self.title or str(_("Untitled"))

    def save(self, *, update_fields=None, **options):
        """Keep the keys of the titles with them, whoever writes."""
        if update_fields is None or not set(TITLES).isdisjoint(update_fields):
            self.title_keys = keys_of([getattr(self, name) for name in TITLES])
            update_fields = update_fields and {*update_fields, "title_keys"}
        super().save(update_fields=update_fields, **options)

    def get_absolute_url(self):
        return reverse("resource", args=[self.slug])

    @property
    def was_never_sent(self) -> bool:
        """Is it a draft, or was it withdrawn as one?"""
        if self.state == self.State.WITHDRAWN:
            return self.submitted_at is None
        return self.state == self.State.DRAFT

    @property
    def is_listed(self) -> bool:
        return self.state == self.State.LISTED

    @property
    def is_practice(self) -> bool:
        return self.kind == self.Kind.PRACTICE

    @property
    def author_names(self) -> list[str]:
        return [name for line in self.authors.splitlines() if (name := line.strip())]


class Practice(models.Model):
    """What a resource of the kind “practice” tells besides, in the words and the language of its submitter."""

    resource = models.OneToOneField(Resource, models.CASCADE, primary_key=True, related_name="practice")
    implementer = models.TextField(_("who carried it out"), blank=True)
    began = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    ended = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    partners = models.TextField(_("with whom"), blank=True)
    achieved = models.TextField(_("what it achieved"), blank=True)
    learned = models.TextField(_("what was learned"), blank=True)
    repeating = models.TextField(_("how it can be repeated"), blank=True)

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        constraints = [
            models.CheckConstraint(
                condition=Q(began__isnull=True) | Q(ended__isnull=True) | Q(ended__gte=models.F("began")),
                name="a_practice_ends_after_it_began",
            )
        ]

    def __str__(self):
        return str(self.resource)


class ResourceFile(models.Model):
    """A file of a resource, kept outside the static files under a random name."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"
        ODT = "odt", "ODT"
        PPTX = "pptx", "PPTX"
        PNG = "png", "PNG"
        JPEG = "jpeg", "JPEG"

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="files", verbose_name=_("resource"))
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    language = models.CharField(_("language"), max_length=3, choices=LANGUAGES, blank=True)
    name = models.CharField(_("name"), max_length=150, help_text=_("Under which it is downloaded."))
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    # Names of files below MEDIA_ROOT; the second one of an image as we draw it again for showing.
    stored = models.CharField(max_length=60, unique=True)
    shown = models.CharField(max_length=60, blank=True)
    shown_width = models.PositiveIntegerField(null=True)
    shown_height = models.PositiveIntegerField(null=True)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("resource_file", args=[self.pk])


class StateChange(models.Model):
    """A step of a resource: when it came into a state, through whom, and with which words to its submitter."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="state_changes", verbose_name=_("resource"))
    before = models.CharField(_("before"), max_length=20, choices=Resource.State.choices)
    after = models.CharField(_("after"), max_length=20, choices=Resource.State.choices)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    words = models.TextField(_("words to the submitter"), blank=True)
    # Sent back by the submitter with words alone.
    is_unchanged = models.BooleanField(_("sent back unchanged"), default=False, db_default=False, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        indexes = [models.Index(fields=["resource", "at"], name="steps_of_a_resource")]

    def __str__(self):
        return f"{self.get_before_display()} → {self.get_after_display()}"


class SentVersion(models.Model):
    """What a submitter sent with one step, as it was then: so that others see what was sent last, and what changed."""

    change = models.OneToOneField(StateChange, models.CASCADE, primary_key=True, related_name="version")
    # By field as in hub/resources/drafting.py; what points elsewhere as a sorted list of keys.
    values = models.JSONField()
    # Name and SHA-256 of each file.
    files = models.JSONField()

    class Meta:
        ordering = ["change__at", "change"]

    def __str__(self):
        return str(self.change)
