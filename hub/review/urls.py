from django.urls import include, path

from hub.review import views, views_desk

# The converter “id” is that of consultations/urls.py, which has to come before.
urlpatterns = [
    path("peer-review/invitations/<str:token>/", views.invitation, name="review_invitation"),
    path("peer-review/reviews/<id:pk>/", views.review, name="review"),
    path("peer-review/reviews/<id:pk>/save/", views.save, name="save_review"),
    path("peer-review/reviews/<id:pk>/declare/", views.declare, name="declare_conflict"),
    path("peer-review/reviews/<id:pk>/give-back/", views.give_back, name="give_back_review"),
    path("peer-review/submissions/<id:pk>/", views.outcome, name="submission_outcome"),
    path("editorial/", views_desk.desk, name="editorial"),
    path("editorial/submissions/<id:pk>/", views_desk.submission, name="editorial_submission"),
    path("editorial/submissions/<id:pk>/begin/", views_desk.begin, name="begin_review"),
    path("editorial/submissions/<id:pk>/ask/", views_desk.ask, name="ask_reviewer"),
    path("editorial/submissions/<id:pk>/decide/", views_desk.decide, name="decide_submission"),
    path("editorial/invitations/<id:pk>/take-back/", views_desk.take_back, name="take_back_invitation"),
    path("", include("hub.review.urls_roster")),
]
