from django.urls import include, path

from hub.resources import views

# The converter “id” is that of consultations/urls.py, which has to come before.
# Words below resources/ in the place of a slug must be in listing.RESERVED.
resources = [
    path("", views.resources, name="resources"),
    path("files/<id:pk>/", views.resource_file, name="resource_file"),
    path("files/<id:pk>/image/", views.resource_image, name="resource_image"),
    path("", include("hub.resources.urls_submit")),
    path("<slug:slug>/", views.resource, name="resource"),
    path("<slug:slug>/citation.bib", views.cited_in_bibtex, name="resource_bibtex"),
    path("<slug:slug>/citation.ris", views.cited_in_ris, name="resource_ris"),
]

urlpatterns = [
    path("resources/", include(resources)),
    path("calls/", views.calls, name="resource_calls"),
    path("calls/<slug:slug>/", views.call, name="resource_call"),
]
