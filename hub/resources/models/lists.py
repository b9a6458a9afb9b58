"""Lists that the portal ships as data: the regions and the guiding principles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# In which languages a resource can be: those of the United Nations first, then widely read ones, by their names.
LANGUAGES = [
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("en", _("English")),
    ("fr", _("French")),
    ("ru", _("Russian")),
    ("es", _("Spanish")),
    ("bn", _("Bengali")),
    ("de", _("German")),
    ("hi", _("Hindi")),
    ("id", _("Indonesian")),
    ("it", _("Italian")),
    ("fa", _("Persian")),
    ("pt", _("Portuguese")),
    ("sw", _("Swahili")),
    ("tr", _("Turkish")),
    ("uk", _("Ukrainian")),
    ("und", _("another language")),
]


class Region(models.Model):
    """A part of the world by which resources, reviewers and experts are found, or all of it."""

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order in lists"), default=0)

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self):
        return self.name or self.slug


class GuidingPrinciple(models.Model):
    """One of the ten cross-cutting principles of the Global Compact (A/RES/73/195, paragraph 15)."""

    letter = models.CharField(_("letter"), max_length=1, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["letter"]
        verbose_name = _("guiding principle")
        verbose_name_plural = _("guiding principles")

    def __str__(self):
        return self.name or self.letter
