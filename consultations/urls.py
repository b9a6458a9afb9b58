from django.urls import include, path, register_converter

from consultations import views, views_mine


class BigId:
    """An id that PostgreSQL can hold; anything longer is an address that does not exist."""

    regex = "[0-9]{1,18}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


class QuestionNumber(BigId):
    regex = "[1-9][0-9]{0,3}"


register_converter(BigId, "id")
register_converter(QuestionNumber, "number")

urlpatterns = [
    path("consultations/", views.consultations, name="consultations"),
    path("consultations/<slug:slug>/", views.consultation, name="consultation"),
    path("consultations/<slug:slug>/questions/<number:number>/", views.question, name="question"),
    path("consultations/<slug:slug>/open-floor/", views.question, name="open_floor"),
    path("comments/<id:pk>/", views.comment, name="comment"),
    path("comments/<id:pk>/edit/", views_mine.edit, name="edit_comment"),
    path("comments/<id:pk>/take-back/", views_mine.take_text_back, name="take_text_back"),
    path("comments/<id:pk>/withdraw/", views_mine.withdraw, name="withdraw_comment"),
    path("code-of-conduct/", views.terms, name="terms"),
    path("me/contributions/", views_mine.contributions, name="my_contributions"),
    path("me/drafts/", views_mine.save_draft, name="save_draft"),
    path("me/drafts/<id:pk>/delete/", views_mine.delete_draft, name="delete_draft"),
    path("", include("consultations.moderation.urls")),
    path("", include("consultations.moderation.urls_consultation")),
]
