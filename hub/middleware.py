"""What stands before and after every page: the answer to health checks, and who may keep a page."""

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from hub.errors import UNAVAILABLE

NOT_KEPT = {"Cache-Control": "no-store"}
# Long enough to carry a busy hour from a cache in front, short enough that a new comment soon shows.
SHARED_SECONDS = 30


class HealthMiddleware:
    """Answer /healthz with 200 `ok` when process and database answer.

    It stands before the checks of host and scheme, since service managers ask by the loopback address; a
    database that does not answer becomes 503 like everywhere else.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info != "/healthz":
            return self.get_response(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except UNAVAILABLE:
            return HttpResponse("unavailable", status=503, content_type="text/plain", headers=NOT_KEPT)
        return HttpResponse("ok", content_type="text/plain", headers=NOT_KEPT)


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
