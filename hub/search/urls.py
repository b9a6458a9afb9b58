from django.urls import path

from hub.search import views

urlpatterns = [path("search/", views.search, name="search")]
