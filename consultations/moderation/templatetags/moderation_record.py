"""How the record appears in templates."""

from django import template

from consultations.moderation import ledger

register = template.Library()


@register.filter
def named_values(values: dict) -> str:
    """What was before or after an act, each value with its name."""
    return ledger.named(values)
