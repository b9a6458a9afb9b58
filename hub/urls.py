"""The portal's addresses. What people rely on is fixed; every page for people lives under its language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.i18n import set_language

from hub.pages.sitemaps import SITEMAPS
from hub.pages.views import icon, robots


def to_the_visitors_language(request):
    language = getattr(request.user, "language", "") or get_language_from_request(request)
    response = redirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


urlpatterns = [
    path("", to_the_visitors_language),
    path("favicon.ico", icon),
    path("robots.txt", robots),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    # The administration has one address for all languages: its reader's choice is kept in a cookie.
    path("admin/language/", set_language, name="admin_language"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", include("hub.pages.urls")),
        path("", include("hub.search.urls")),
        path("", include("consultations.urls")),
        path("", include("consultations.following.urls")),
        path("", include("hub.resources.urls")),
        path("", include("hub.experts.urls")),
        path("", include("hub.review.urls")),
        path("accounts/", include("accounts.urls")),
    ),
]

handler400 = "hub.errors.bad_request"
handler403 = "hub.errors.permission_denied"
handler404 = "hub.errors.not_found"
handler429 = "hub.errors.too_many_requests"  # allauth's limits on log-ins
handler500 = "hub.errors.server_error"
