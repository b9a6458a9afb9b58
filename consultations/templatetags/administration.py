from django import template

from consultations.admin import history

register = template.Library()


@register.filter
def in_words(entry, model_options) -> str:
    return history.in_words(entry, model_options.model)
