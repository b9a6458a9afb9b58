"""How acts of moderation appear in templates."""

from datetime import datetime, timedelta

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from consultations.models import ConductRule
from consultations.moderation import desk
from consultations.moderation.models import Act
from consultations.templatetags.discussion import translated

register = template.Library()


@register.filter
def in_words(act: Act) -> str:
    """What was done, with the question or the person concerned where there is one."""
    what = act.get_kind_display()
    if act.kind == Act.Kind.PASSED and act.after.get("name"):
        return _("passed to %(name)s") % {"name": act.after["name"]}
    if act.kind in {Act.Kind.MOVED, Act.Kind.LISTED, Act.Kind.PROMOTED, Act.Kind.OBJECTED}:
        number = act.after.get("question")
        place = _("question %(number)s") % {"number": number} if number else _("open floor")
        return _("%(what)s: %(place)s") % {"what": what, "place": place}
    return what


@register.simple_tag
def conduct_rules() -> dict[int, ConductRule]:
    """The rules by number, also those that are no longer in force."""
    return {rule.number: rule for rule in ConductRule.objects.all()}


@register.filter
def rule_among(act: Act, rules: dict[int, ConductRule]) -> str:
    """The rule in the reader's language; as it was then, where it is no longer kept or says something else now."""
    kept = rules.get(act.rule_number)
    said = [getattr(kept, f"text_{language}", "") for language in settings.MODELTRANSLATION_FALLBACK_LANGUAGES]
    return str(translated(kept, "text")) if act.rule_text in said else act.rule_text


@register.simple_tag
def refusal_of(comment) -> Act | None:
    """The latest decision not to publish a new text of a contribution."""
    return Act.objects.filter(comment=comment, kind=Act.Kind.TEXT_REFUSED).first()


@register.filter
def age(moment: datetime) -> str:
    """How long ago that was, as “3 hours”."""
    if timezone.now() - moment < timedelta(minutes=1):
        return _("less than a minute")
    return timesince(moment, depth=1)


@register.filter
def has_desk(user) -> bool:
    """Whether somebody moderates any consultation."""
    return user.is_authenticated and (user.is_superuser or desk.moderated_by(user).exists())


@register.filter
def speaks_for_somebody(user) -> bool:
    """Whether somebody confirms contributions of an organization or a State."""
    return user.organization_focal_points.exists()
