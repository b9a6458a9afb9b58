"""Every address and every form of the moderators, walked as every role."""

import pytest

from consultations.models import Comment, Moderator
from consultations.moderation import complaints
from consultations.moderation.models import Act, Appeal, Case, Report
from consultations.moderation.sight import Stamp
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.make_cases import case_of, rule

ROLES = ["anonymous", "participant", "author", "elsewhere", "former", "inactive", "moderator", "superuser"]
MAY = {"moderator", "superuser"}

# By the kind of case: each act with what its form sends.
ACTS = {
    "question": ["answer", "acknowledge", "close", "promote", "hide", "take", "pass"],
    "placement": ["stay", "move", "list", "promote", "hide", "take", "pass"],
    "report": ["leave", "hide", "take", "pass"],
    "held": ["approve", "hide", "take", "pass"],
    "appeal": ["restore", "uphold", "take", "pass"],
}
WALK = [(kind, act) for kind, acts in ACTS.items() for act in acts]


@pytest.fixture
def author():
    return make.person(name="Amina Diarra")


@pytest.fixture
def people(consultation, teresa, author):
    former = make.person()
    Moderator.objects.create(consultation=consultation, user=former).delete()
    return {
        "anonymous": None,
        "participant": make.person(),
        "author": author,
        "elsewhere": make.moderator(make.consultation()),
        "former": former,
        "inactive": make.moderator(consultation, is_active=False),
        "moderator": teresa,
        "superuser": make.admin(),
    }


@pytest.fixture
def comments(consultation, question, noor, author):
    return {
        "question": make_cases.asked(question, author=author),
        "placement": make_cases.on_open_floor(consultation, author=author),
        "report": make_cases.reported(question, author=author),
        "held": make_cases.held(question, author=author),
        "appeal": make_cases.appealed(question, noor, author=author),
    }


def enter(client, people, role):
    client.logout()
    if people[role]:
        client.force_login(people[role])


def is_turned_away(response) -> bool:
    """403, 404, or sent to log in."""
    if response.status_code == 302:
        return "/accounts/login/" in response.headers["Location"]
    return response.status_code in {403, 404}


def what_to_send(act: str, comment: Comment, noor) -> dict:
    sent = {"act": act, "seen": str(Stamp.now(comment)), "rule": rule().pk, "reason": "A reason.", "words": "Words."}
    number_one = comment.question.consultation.questions.get(number=2)
    return sent | {
        "answer": "An answer.",
        "closing": "It is on the agenda.",
        "submission_key": "6f1c1f2e-0000-4000-8000-000000000001",
        "to": number_one.pk,
        # Noor has decided about the one to look at again.
        "colleague": "" if comment.state == Comment.State.HIDDEN else noor.pk,
        "text_en": "A question?",
    }


@pytest.mark.parametrize("role", ROLES)
def test_pages(client, people, comments, role):
    enter(client, people, role)
    # Somebody who moderates elsewhere has a desk, and nothing of this consultation on it.
    assert is_turned_away(client.get("/en/moderation/")) != (role in MAY | {"elsewhere"})
    for comment in comments.values():
        assert is_turned_away(client.get(f"/en/comments/{comment.pk}/moderate/")) != (role in MAY)
    page = client.get(comments["report"].get_absolute_url()).content.decode()
    assert ("/moderate/" in page) == (role in MAY)


def test_the_desk_of_somebody_elsewhere_is_their_own(client, people, comments):
    enter(client, people, "elsewhere")
    html = client.get("/en/moderation/")
    assert html.status_code == 200
    assert html.context["matters"] == []
    for comment in comments.values():
        assert client.get(f"/en/comments/{comment.pk}/moderate/").status_code in {403, 404}
        assert "/moderate/" not in client.get(comment.question.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("kind", "act"), WALK)
def test_acts(client, people, comments, noor, kind, act):
    comment, case = comments[kind], case_of(comments[kind], kind)
    before = Act.objects.count(), comment.state, comment.question_id
    sent = what_to_send(act, comment, noor)
    for role in ROLES:
        if role in MAY:
            continue
        enter(client, people, role)
        for address in (f"/en/moderation/cases/{case.pk}/", f"/en/comments/{comment.pk}/moderate/"):
            response = client.post(address, sent)
            assert is_turned_away(response), (role, address)
        comment.refresh_from_db()
        assert (Act.objects.count(), comment.state, comment.question_id) == before, role
    enter(client, people, "moderator")
    assert client.get(f"/en/moderation/cases/{case.pk}/").status_code == 302
    assert client.post(f"/en/moderation/cases/{case.pk}/", sent).status_code == 302
    assert Act.objects.count() == before[0] + 1


@pytest.mark.parametrize("role", ROLES)
def test_several_at_once(client, people, comments, role):
    enter(client, people, role)
    held, reported = comments["held"], comments["report"]
    for queue, act, comment in (("held", "approve", held), ("report", "leave", reported)):
        ticked = f"{case_of(comment, queue).pk}:{Stamp.now(comment)}"
        response = client.post(f"/en/moderation/several/?queue={queue}", {"act": act, "case": ticked})
        # Somebody who moderates elsewhere has a desk; what is not on it is left alone.
        assert is_turned_away(response) != (role in MAY | {"elsewhere"})
    assert Act.objects.exclude(kind="hidden").count() == (2 if role in MAY else 0)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_the_authors_alone(client, people, comments, role):
    comment = comments["appeal"]
    Appeal.objects.all().delete()
    Case.objects.filter(comment=comment).delete()
    enter(client, people, role)
    for address in (f"/en/comments/{comment.pk}/appeal/", f"/en/comments/{comment.pk}/place/"):
        assert is_turned_away(client.get(address)) != (role == "author")
        assert is_turned_away(client.post(address, {"words": "Please."})) != (role == "author")
    assert Appeal.objects.exists() == (role == "author")


@pytest.mark.parametrize("role", ROLES)
def test_reporting(client, people, comments, role):
    enter(client, people, role)
    Report.objects.all().delete()
    for kind, comment in comments.items():
        can_read = kind != "held" or role in {"author", "moderator", "superuser"}
        response = client.get(f"/en/comments/{comment.pk}/report/")
        assert (response.status_code == 200) == can_read, kind
    client.post(f"/en/comments/{comments['question'].pk}/report/", {"rule": rule().pk})
    # People without an account need the form's own time; the author does not report herself.
    assert Report.objects.exists() == (role not in {"anonymous", "author", "inactive"})


def test_nothing_of_a_draft_is_open_to_reports(client, comments, consultation):
    type(consultation).objects.filter(pk=consultation.pk).update(state="draft")
    for address in ("report", "appeal", "place", "moderate"):
        response = client.get(f"/en/comments/{comments['report'].pk}/{address}/")
        assert is_turned_away(response)


@pytest.mark.parametrize("pk", ["0", "9" * 18, "9" * 19, "x", "-1"])
def test_what_does_not_exist(client, teresa, pk):
    client.force_login(teresa)
    for address in (f"/en/comments/{pk}/moderate/", f"/en/comments/{pk}/report/", f"/en/comments/{pk}/appeal/"):
        assert client.get(address).status_code == 404
    assert client.post(f"/en/moderation/cases/{pk}/", {"act": "leave"}).status_code == 404


def test_former_moderators_report_like_anybody(people, comments):
    made = complaints.report(comment=comments["question"], reporter=people["former"], rule=rule())
    assert made.pk
