"""What every page knows of the portal."""

from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language


def portal(request):
    """`languages` holds (code, own name, address of this same page in it) for the switch and hreflang."""
    address = request.get_full_path()
    return {
        "site_name": settings.SITE_NAME,
        "portal_url": settings.PORTAL_URL,
        "demonstration": settings.DEMONSTRATION,
        "languages": [
            (code, own_name, translate_url(address, code))
            for code, own_name in (("en", "English"), ("fr", "Français"), ("es", "Español"))
        ],
        "language": get_language() or settings.LANGUAGE_CODE,
    }
