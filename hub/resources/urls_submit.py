from django.urls import path, re_path

from hub.resources import views_mine, views_submit

STEP = "(?P<step>what|about|practice|send)"

urlpatterns = [
    path("submit/", views_submit.submit, name="submit_resource"),
    path("mine/", views_mine.submissions, name="my_resources"),
    path("mine/<id:pk>/", views_mine.submission, name="my_resource"),
    path("mine/<id:pk>/withdraw/", views_mine.withdraw, name="withdraw_resource"),
    path("mine/<id:pk>/anew/", views_mine.submit_anew, name="submit_anew"),
    re_path(rf"^mine/(?P<pk>[0-9]{{1,18}})/{STEP}/$", views_submit.step, name="resource_step"),
    re_path(rf"^mine/(?P<pk>[0-9]{{1,18}})/{STEP}/save/$", views_submit.save_step, name="save_resource_step"),
]
