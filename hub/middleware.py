"""Caching: pages for people who have not logged in may be kept and shared, others never."""

from django.conf import settings
from django.utils.cache import patch_cache_control, patch_vary_headers

# Long enough to carry a busy hour from a cache in front, short enough that a new comment soon shows.
SHARED_SECONDS = 30


class CachingMiddleware:
    """Say in each answer who may keep it.

    A page is shared only if the visitor sent no session cookie and the answer sets no cookie at all:
    then nothing personal can be in it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        is_anonymous = settings.SESSION_COOKIE_NAME not in request.COOKIES and not response.cookies
        if is_anonymous and request.method in {"GET", "HEAD"} and response.status_code == 200:
            patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS)
            patch_vary_headers(response, ["Cookie"])
        else:
            patch_cache_control(response, private=True, no_cache=True)
        return response
