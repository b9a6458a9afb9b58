"""Addresses of what concerns the moderation of one consultation, or its contributors."""

from django.urls import path

from consultations.moderation import views_consultation as pages
from consultations.moderation import views_for_others, views_record

here = "consultations/<slug:slug>/"

urlpatterns = [
    path(here + "manage/", pages.manage, name="manage_consultation"),
    path(here + "announcements/new/", pages.announce, name="announce"),
    path(here + "announcements/<id:pk>/withdraw/", pages.withdraw_announcement, name="withdraw_announcement"),
    path(here + "record/", views_record.record, name="record"),
    path(here + "record.csv", views_record.record_as_csv, name="record_csv"),
    path(here + "record.json", views_record.record_as_json, name="record_json"),
    path(here + "moderation/", views_record.public, name="public_moderation"),
    path(here + "on-behalf/", views_for_others.post_for_somebody, name="on_behalf"),
    path(here + "on-behalf/<id:pk>/", views_for_others.posted_for_somebody, name="posted_for_somebody"),
    path(here + "pack/", views_for_others.pack, name="pack"),
    path("me/claim/", views_for_others.claim, name="claim"),
    path("me/focal-point/<str:token>/", views_for_others.focal_point, name="focal_point"),
    path("me/organization/", views_for_others.my_organization, name="my_organization"),
]
