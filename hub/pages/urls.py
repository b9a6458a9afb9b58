from django.urls import path

from hub.pages import views
from hub.pages.models import Page

urlpatterns = [
    path("", views.home, name="home"),
    path("contact/", views.contact, name="contact"),
    *(path(f"{slug}/", views.page, {"slug": slug}, name=slug) for slug in Page.Slug.values),
]
