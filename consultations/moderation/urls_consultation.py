"""Addresses of what concerns the moderation of one consultation, or its contributors."""

from django.urls import path

from consultations.moderation import views_consultation as pages

here = "consultations/<slug:slug>/"

urlpatterns = [
    path(here + "manage/", pages.manage, name="manage_consultation"),
    path(here + "announcements/new/", pages.announce, name="announce"),
    path(here + "announcements/<id:pk>/withdraw/", pages.withdraw_announcement, name="withdraw_announcement"),
]
