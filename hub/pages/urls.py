from django.urls import path

from hub.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.home, name="about"),
    path("contact/", views.home, name="contact"),
    path("privacy/", views.home, name="privacy"),
    path("accessibility/", views.home, name="accessibility"),
    path("help/", views.home, name="help"),
]
