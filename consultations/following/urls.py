from django.urls import path, re_path

from consultations.following import calendar, feeds, views

urlpatterns = [
    path("me/notifications/", views.notifications, name="notifications"),
    path("me/notifications/read/", views.read, name="read_notifications"),
    path("me/notifications/settings/", views.mail_settings, name="mail_settings"),
    path("me/notifications/<id:pk>/", views.open_notification, name="notification"),
    re_path(r"^me/following/(?P<what>consultation|question|thread)/(?P<pk>[0-9]{1,18})/$", views.follow, name="follow"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("consultations/<slug:slug>/feed/", feeds.consultation, name="consultation_feed"),
    path("consultations/<slug:slug>/questions/<number:number>/feed/", feeds.question, name="question_feed"),
    path("consultations/<slug:slug>/open-floor/feed/", feeds.question, name="open_floor_feed"),
    path("consultations/<slug:slug>/calendar.ics", calendar.dates, name="calendar"),
]
