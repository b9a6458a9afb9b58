"""What every page knows of the portal."""

from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, get_language_from_path

OWN_NAMES = [("en", "English"), ("fr", "Français"), ("es", "Español")]


def portal(request):
    """What `surroundings` knows, and `place`: the part of the page to go to in the other language."""
    at = request.GET.get("at", "")
    return surroundings(request) | {"place": f"#comment-{at}" if at.isascii() and at.isdigit() else ""}


def surroundings(request):
    """`languages` holds (code, own name, address of this same page in it) for the switch and hreflang.

    Asks neither the database nor anything that a malformed request could break.
    """
    return {
        "site_name": settings.SITE_NAME,
        "portal_url": settings.PORTAL_URL,
        "demonstration": settings.DEMONSTRATION,
        "languages": [(code, own_name, address_in(code, request)) for code, own_name in OWN_NAMES],
        "language": get_language() or settings.LANGUAGE_CODE,
    }


def address_in(code: str, request) -> str:
    """The address of this page in language `code`, query string included; the home page where there is none."""
    address = request.get_full_path()
    language = get_language_from_path(request.path_info)
    if not language:
        return f"/{code}/"
    translated = translate_url(address, code)
    if translated == address and code != language:
        # Not an address of the portal: its error page exists in each language all the same.
        return f"/{code}{address.removeprefix(f'/{language}')}"
    return translated
