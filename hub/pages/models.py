"""Texts about the portal that the organizers edit, and messages that visitors send."""

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TEXTS = ("title", "summary", "body")


class PageTexts(models.Model):
    """The texts of a page, as they stand or as they once stood."""

    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), help_text=_("One or two sentences below the title."))
    body = models.TextField(
        _("text"),
        help_text=_(
            "A line that begins with ## opens a section and names it. Leave an empty line between paragraphs; "
            "begin the points of a list with a hyphen; write a link as [words](address)."
        ),
    )

    class Meta:
        abstract = True

    def in_one_language(self, *languages: str) -> dict[str, str] | None:
        """The texts in the first of `languages` that has all of them, with its code as “language”."""
        for language in languages:
            texts = {name: getattr(self, f"{name}_{language}") for name in TEXTS}
            if all(texts.values()):
                return texts | {"language": language}
        return None


class Page(PageTexts):
    """One of the portal's own pages. Its address is fixed; its texts are edited in the administration."""

    class Slug(models.TextChoices):
        ABOUT = "about", _("about the hub")
        SELECTION = "selection", _("what the hub shows and how it is chosen")
        PRIVACY = "privacy", _("privacy")
        ACCESSIBILITY = "accessibility", _("accessibility")
        HELP = "help", _("help with posting")
        TERMS_OF_USE = "terms-of-use", _("terms of use")
        DISCLAIMER = "disclaimer", _("disclaimer")

    slug = models.CharField(_("page"), max_length=20, choices=Slug.choices, unique=True, editable=False)
    updated_at = models.DateTimeField(_("last changed"), editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self):
        return self.get_slug_display()

    def save(self, *args, **kwargs):
        """Save the texts, and keep them as a version for good in the same transaction."""
        self.updated_at = timezone.now()
        with transaction.atomic():
            super().save(*args, **kwargs)
            names = [f"{field}_{code}" for field in TEXTS for code, _name in settings.LANGUAGES]
            PageVersion.objects.create(
                page=self, created_at=self.updated_at, **{name: getattr(self, name) for name in names}
            )

    def get_absolute_url(self):
        return reverse(self.slug)


class PageVersion(PageTexts):
    """A page's texts as they were published at one time. The latest version is what the page shows."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="versions")
    created_at = models.DateTimeField(_("published"))

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")

    def __str__(self):
        return f"{self.page}, {self.created_at:%Y-%m-%d}"


class ContactMessage(models.Model):
    """What somebody wrote to the secretariat through the contact form."""

    class Topic(models.TextChoices):
        POSTING = "posting", _("I cannot post")
        CONTRIBUTION = "contribution", _("A contribution worries me")
        RESOURCES = "resources", _("A resource")
        PEER_REVIEW = "peer-review", _("Peer review")
        EXPERTS = "experts", _("Experts and support")
        MY_DATA = "data", _("My data")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        NEW = "new", _("new")
        ANSWERED = "answered", _("answered")

    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language of the page"), max_length=2, choices=settings.LANGUAGES)
    message = models.TextField(_("message"))
    # From whose page somebody came to suggest a correction.
    resource = models.ForeignKey(
        "resources.Resource", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("resource")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    # From then on it is kept for settings.ANSWERED_KEPT_MONTHS.
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self):
        return f"{self.get_topic_display()}, {self.created_at:%Y-%m-%d %H:%M}"
