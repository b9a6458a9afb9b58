from django.urls import include, path

from accounts import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("data/", views.download_my_data, name="download_my_data"),
    path("discard/", views.discard_parked, name="discard_parked"),
    path("delete/", views.delete_account, name="delete_account"),
    path("", include("allauth.urls")),
]
