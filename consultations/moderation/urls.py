from django.urls import path

from consultations.moderation import views, views_place

urlpatterns = [
    path("moderation/", views.desk, name="desk"),
    path("moderation/several/", views.decide_several, name="decide_several"),
    path("moderation/cases/<id:pk>/", views.decide, name="decide"),
    path("comments/<id:pk>/moderate/", views.moderate, name="moderate"),
    path("comments/<id:pk>/move/", views_place.move, name="move_thread"),
    path("comments/<id:pk>/report/", views.report, name="report"),
    path("comments/<id:pk>/appeal/", views.appeal, name="appeal"),
    path("comments/<id:pk>/place/", views.object_to_place, name="object_to_place"),
]
