"""Where contributions stand: two moderators who move one thread, and the author's last word."""

import pytest
from django.core import mail

from consultations.moderation import acts, complaints
from consultations.moderation.models import Act
from consultations.moderation.sight import Stamp
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.deciding import decide
from tests.forms import fields_of


@pytest.fixture
def floor(consultation):
    return make_cases.on_open_floor(consultation)


@pytest.fixture
def at(client):
    """A browser, logged in as whoever is asked for."""

    def as_person(person):
        client.force_login(person)
        return client

    return as_person


def address_of(comment) -> str:
    return f"/en/comments/{comment.pk}/move/"


def place_of(comment) -> int | None:
    comment.refresh_from_db()
    return comment.question.number


def test_it_works(at, teresa, consultation, floor):
    desk = at(teresa)
    form = fields_of(desk.get(address_of(floor)), "move")
    response = desk.post(address_of(floor), form | {"to": consultation.questions.get(number=1).pk})
    assert response.status_code == 302
    assert place_of(floor) == 1


# Two moderators


def test_the_second_to_move_is_told_who_moved_it_and_keeps_the_text(at, teresa, noor, consultation, floor):
    first, second = consultation.questions.get(number=1), consultation.questions.get(number=2)
    old = fields_of(at(noor).get(address_of(floor)), "move")
    at(teresa).post(address_of(floor), fields_of(at(teresa).get(address_of(floor)), "move") | {"to": first.pk})
    for to in (second, first):
        response = at(noor).post(address_of(floor), old | {"to": to.pk, "reason": "It is about papers."})
        assert response.status_code == 409
        assert f"Meanwhile {teresa.name} has decided: moved." in response.text
        assert fields_of(response, "move")["reason"] == "It is about papers."
    assert place_of(floor) == 1
    assert Act.objects.filter(comment=floor, kind=Act.Kind.MOVED).count() == 1
    again = fields_of(response, "move") | {"to": second.pk}
    assert at(noor).post(address_of(floor), again).status_code == 302
    assert place_of(floor) == 2


def test_an_old_form_does_not_move_it_back(at, teresa, noor, consultation, floor):
    first, second = consultation.questions.get(number=1), consultation.questions.get(number=2)
    old = fields_of(at(teresa).get(address_of(floor)), "move") | {"to": first.pk}
    at(teresa).post(address_of(floor), old)
    acts.move(comment=floor, moderator=noor, to=second)
    assert at(teresa).post(address_of(floor), old).status_code == 409
    assert place_of(floor) == 2


def test_a_second_click_finds_it_done(at, teresa, consultation, floor):
    form = fields_of(at(teresa).get(address_of(floor)), "move") | {"to": consultation.questions.get(number=1).pk}
    assert [at(teresa).post(address_of(floor), form).status_code for _each in range(2)] == [302, 302]
    assert Act.objects.filter(comment=floor, kind=Act.Kind.MOVED).count() == 1


def test_what_a_colleague_has_removed_is_not_moved(at, teresa, noor, consultation, floor):
    form = fields_of(at(teresa).get(address_of(floor)), "move")
    acts.hide(comment=floor, moderator=noor, rule=make_cases.rule(), reason="It attacks a person.")
    sent = form | {"to": consultation.questions.get(number=1).pk, "reason": "It is about papers."}
    response = at(teresa).post(address_of(floor), sent)
    assert response.status_code == 409
    assert f"Meanwhile {noor.name} has decided: removed." in response.text
    assert "It is about papers." in response.text
    page = at(teresa).get(address_of(floor)).text
    assert "as it is now: removed by a moderator" in page
    assert 'id="move"' not in page
    assert place_of(floor) is None


@pytest.mark.parametrize("seen", ["", "-", "published.x"])
def test_a_form_without_what_was_seen_moves_nothing(at, teresa, consultation, floor, seen):
    sent = {"to": consultation.questions.get(number=1).pk, "seen": seen}
    response = at(teresa).post(address_of(floor), sent)
    assert response.status_code == 422
    assert "The form arrived incomplete." in response.text
    assert place_of(floor) is None


def test_moving_it_where_it_stands_is_said_to_be_so(at, teresa, floor):
    sent = {"to": floor.question_id, "seen": str(Stamp.now(floor))}
    response = at(teresa).post(address_of(floor), sent)
    assert response.status_code == 422
    assert "It stands under this question already." in response.text


# The author's word


@pytest.mark.parametrize("given", ["move", "list"])
def test_after_an_objection_it_is_given_no_other_place(at, teresa, consultation, floor, given):
    first, second = consultation.questions.get(number=1), consultation.questions.get(number=2)
    if given == "move":
        acts.move(comment=floor, moderator=teresa, to=first)
    else:
        acts.list_under(comment=floor, moderator=teresa, to=first)
    complaints.object_to_place(comment=floor, author=floor.author, words="Leave it here.")
    mail.outbox.clear()
    seen = str(Stamp.now(floor))
    page = at(teresa).get(address_of(floor)).text
    assert "Its author has put it back" in page
    assert 'id="move"' not in page
    response = at(teresa).post(address_of(floor), {"to": second.pk, "seen": seen, "reason": "But it fits."})
    assert response.status_code == 422
    assert "Its author has put it back" in response.text
    assert "But it fits." in response.text
    moderate = f"/en/comments/{floor.pk}/moderate/"
    page = at(teresa).get(moderate).text
    assert "Its author has put it back" in page
    assert 'value="move"' not in page
    assert 'value="list"' not in page
    for act in ("move", "list"):
        response = at(teresa).post(moderate, {"act": act, "to": second.pk, "seen": seen})
        assert response.status_code == 422
        assert "Its author has put it back" in response.text
    assert place_of(floor) is None
    assert not floor.listings.exists()
    assert not mail.outbox


def test_whoever_is_only_listed_elsewhere_reads_of_no_move(at, teresa, consultation, floor):
    acts.list_under(comment=floor, moderator=teresa, to=consultation.questions.get(number=1))
    author = at(floor.author)
    page = author.get(f"/en/comments/{floor.pk}/place/").text
    assert "Do not list it there" in page
    assert "the replies go with it" not in page
    for text in (mail.outbox[-1].body, author.get("/en/me/notifications/").text):
        assert "If you do not want it to be listed there" in " ".join(text.split())
        assert "put it back, once" not in " ".join(text.split())


def test_a_reported_contribution_put_back_can_still_be_decided(at, teresa, consultation, floor):
    acts.move(comment=floor, moderator=teresa, to=consultation.questions.get(number=1))
    complaints.object_to_place(comment=floor, author=floor.author)
    complaints.report(comment=floor, reporter=make.person(), rule=make_cases.rule())
    assert decide(at(teresa), floor, "leave").status_code == 302
