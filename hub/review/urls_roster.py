from django.urls import path

from hub.review import views_roster, views_roster_desk

# The converter “id” is that of consultations/urls.py, which has to come before.
urlpatterns = [
    path("peer-review/", views_roster.peer_review, name="peer_review"),
    path("peer-review/balance/", views_roster.balance, name="roster_balance"),
    path("peer-review/apply/", views_roster.apply, name="apply_to_roster"),
    path("peer-review/apply/withdraw/", views_roster.withdraw, name="withdraw_application"),
    path("peer-review/mine/", views_roster.my_reviews, name="my_reviews"),
    path("peer-review/mine/pause/", views_roster.pause, name="pause_reviewing"),
    path("peer-review/mine/resume/", views_roster.resume, name="resume_reviewing"),
    path("peer-review/mine/leave/", views_roster.leave, name="leave_roster"),
    path("peer-review/cv/<id:pk>/", views_roster.cv_of, name="member_cv"),
    path("editorial/roster/", views_roster_desk.desk, name="roster_desk"),
    path("editorial/roster/<id:pk>/decide/", views_roster_desk.decide, name="decide_application"),
    path("editorial/roster/<id:pk>/remove/", views_roster_desk.remove, name="remove_member"),
]
