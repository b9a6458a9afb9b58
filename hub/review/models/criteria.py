"""What reviews are written against: criteria that everybody can read, and what each level of them means."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """How far a resource meets a criterion. Whoever cannot judge one gives no level."""

    WEAK = 1, _("weak")
    SUFFICIENT = 2, _("sufficient")
    STRONG = 3, _("strong")


class CriterionQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(is_in_use=True)


class Criterion(models.Model):
    """One published criterion. One that reviews have been written against is taken out of use, not deleted."""

    slug = models.SlugField(_("short name"), unique=True)
    order = models.PositiveSmallIntegerField(_("order in lists"), default=0)
    is_in_use = models.BooleanField(_("in use"), default=True)
    name = models.CharField(_("name"), max_length=80)
    question = models.TextField(_("question"), help_text=_("What a reviewer asks of the resource, in one sentence."))
    weak = models.TextField(_("what “weak” means"))
    sufficient = models.TextField(_("what “sufficient” means"))
    strong = models.TextField(_("what “strong” means"))

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("criterion of review")
        verbose_name_plural = _("criteria of review")

    def __str__(self):
        return self.name or self.slug
