"""The people of the portal and the groups for which they speak."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


class StakeholderGroup(models.Model):
    """Who speaks, after paragraph 44 of the Global Compact for Migration (A/RES/73/195)."""

    slug = models.SlugField(_("short name in addresses and exports"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order in lists"), default=0)

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("stakeholder group")
        verbose_name_plural = _("stakeholder groups")

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person who logs in with an e-mail address."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        FRENCH = "fr", "Français"
        SPANISH = "es", "Español"

    username = first_name = last_name = None
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, help_text=_("As it should appear beside the contributions."))
    language = models.CharField(
        _("preferred language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    organization = models.CharField(_("organization"), max_length=200, blank=True)
    country = CountryField(_("country or area"), blank=True)
    group = models.ForeignKey(
        StakeholderGroup, models.PROTECT, null=True, blank=True, verbose_name=_("stakeholder group")
    )
    shows_profile = models.BooleanField(
        _("others see the organization, country and group"),
        default=True,
        help_text=_("When this is off, contributions show the name alone."),
    )

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email_address")]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class Usage(models.Model):
    """How often something was done in the time that ends at `until`; see accounts/limits.py."""

    key = models.CharField(_("what and whose"), max_length=120, primary_key=True)
    used = models.PositiveBigIntegerField(_("how often"))
    allowed = models.PositiveBigIntegerField(_("allowed"))
    until = models.DateTimeField(_("begins anew at"), db_index=True)

    class Meta:
        verbose_name = _("use of a limit")
        verbose_name_plural = _("uses of limits")

    def __str__(self):
        return self.key


def shown_name(user: User) -> str:
    """The name used in allauth's pages and mails."""
    return user.name
