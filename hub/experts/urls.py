from django.urls import path

from hub.experts import views, views_desk

# The converter “id” is that of consultations/urls.py, which has to come before.
urlpatterns = [
    path("experts/", views.experts, name="experts"),
    path("experts/support/", views.request_support, name="request_support"),
    path("experts/support/<id:pk>/reply/", views.reply_about_request, name="reply_about_request"),
    path("experts/support/<id:pk>/withdraw/", views.withdraw_request, name="withdraw_request"),
    path("experts/desk/", views_desk.desk, name="experts_desk"),
    path("experts/desk/entries/<id:pk>/", views_desk.decide, name="decide_expert"),
    path("experts/desk/requests/<id:pk>/", views_desk.answer, name="answer_request"),
    path("experts/<id:pk>/", views.expert, name="expert"),
    path("experts/<id:pk>/contact/", views.contact_expert, name="contact_expert"),
    path("me/expert/", views.my_expert, name="my_expert"),
    path("me/expert/remove/", views.remove_me, name="remove_my_expert"),
]
