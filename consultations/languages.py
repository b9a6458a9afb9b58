from django.utils.translation import gettext_lazy as _

WRITTEN = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), ("und", _("another language"))]


def recognise(text):
    return None
