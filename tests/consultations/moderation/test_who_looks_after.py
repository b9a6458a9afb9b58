"""Who looks after what waits: passing it on, and what becomes of it when that person has left."""

import pytest

from consultations.models import Moderator
from consultations.moderation import acts, complaints, tasks
from consultations.moderation.sight import Stamp
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.deciding import DESK, address_of, decide, form_of
from tests.consultations.moderation.make_cases import case_of

TAKEN = "Noor Haddad looks after it since"


@pytest.fixture
def lin(consultation):
    return make.moderator(consultation, name="Lin Tran")


@pytest.fixture
def desk(client, teresa):
    client.force_login(teresa)
    return client


def leave_consultation(user, consultation) -> None:
    Moderator.objects.filter(user=user, consultation=consultation).delete()


def test_it_works(desk, teresa, noor, lin, question):
    comment = make_cases.appealed(question, noor)
    html = desk.get(DESK).text
    assert ">Lin Tran</option>" in html
    assert decide(desk, comment, "pass", colleague=lin.pk).status_code == 302
    assert case_of(comment).taken_by == lin
    assert "Lin Tran looks after it since" in desk.get(DESK).text


def test_another_look_is_never_passed_to_who_decided(desk, teresa, noor, lin, question):
    comment = make_cases.appealed(question, noor)
    case = case_of(comment)
    for address in (DESK, f"/en/comments/{comment.pk}/moderate/"):
        assert ">Noor Haddad</option>" not in desk.get(address).text
    for address in (address_of(case), f"/en/comments/{comment.pk}/moderate/"):
        response = desk.post(address, form_of(desk, case) | {"act": "pass", "colleague": noor.pk})
        assert response.status_code == 422
        assert "Choose a moderator of this consultation who may decide about it." in response.text
    with pytest.raises(acts.NotForThem, match="Noor Haddad may not decide"):
        acts.pass_on(comment=comment, moderator=teresa, colleague=noor)
    assert case_of(comment).taken_by is None


def test_nor_to_who_decided_against_the_author_before_while_somebody_else_is_there(desk, teresa, noor, lin, question):
    comment = make_cases.appealed(question, noor)
    acts.restore(comment=comment, moderator=lin)
    removed = acts.hide(comment=comment, moderator=lin, rule=make_cases.rule(4), reason="Her street.")
    complaints.appeal(comment=removed, author=removed.author, words="It is my own.")
    html = desk.get(DESK).text
    assert ">Noor Haddad</option>" not in html
    assert ">Lin Tran</option>" not in html
    with pytest.raises(acts.NotForThem):
        acts.pass_on(comment=removed, moderator=teresa, colleague=noor)


def test_who_decided_neither_takes_it_nor_chooses_who_looks_again(client, noor, teresa, question):
    comment = make_cases.appealed(question, noor)
    case = case_of(comment)
    client.force_login(noor)
    for act in ("take", "pass"):
        response = client.post(address_of(case), {"act": act, "colleague": teresa.pk, "seen": str(Stamp.now(comment))})
        assert response.status_code == 422
        assert "a colleague or an administrator has to look again" in response.text
    assert case_of(comment).taken_by is None


def test_nothing_is_passed_to_its_author(desk, teresa, noor, question):
    comment = make_cases.reported(question, author=noor)
    assert ">Noor Haddad</option>" not in desk.get(DESK).text
    assert decide(desk, comment, "pass", colleague=noor.pk).status_code == 422
    with pytest.raises(acts.NotForThem):
        acts.pass_on(comment=comment, moderator=teresa, colleague=noor)


@pytest.mark.parametrize("way", ["removed", "inactive", "deleted"])
@pytest.mark.parametrize("by", ["take", "pass", "acknowledge"])
def test_what_somebody_had_who_has_left_is_free(desk, teresa, noor, consultation, question, way, by):
    comment = make_cases.asked(question)
    if by == "pass":
        acts.pass_on(comment=comment, moderator=teresa, colleague=noor)
    else:
        {"take": acts.take, "acknowledge": acts.acknowledge}[by](comment=comment, moderator=noor)
    assert TAKEN in desk.get(DESK).text
    if way == "removed":
        leave_consultation(noor, consultation)
    elif way == "inactive":
        noor.is_active = False
        noor.save()
    else:
        noor.delete()
    html = desk.get(DESK).text
    assert TAKEN not in html
    assert 'value="take"' in html
    assert tasks.waiting_for(teresa) == {"question": 1}
    assert decide(desk, comment, "take").status_code == 302
    assert case_of(comment).taken_by == teresa
    assert "you look after it" in desk.get(DESK).text


def test_an_administrator_who_moderates_nothing_keeps_what_they_took(desk, question):
    comment = make_cases.asked(question)
    acts.take(comment=comment, moderator=make.admin(name="Ada Admin"))
    assert "Ada Admin looks after it since" in desk.get(DESK).text


def test_another_look_that_no_moderator_is_left_for_goes_to_an_administrator(
    client, teresa, noor, consultation, question
):
    comment = make_cases.appealed(question, noor)
    acts.take(comment=comment, moderator=teresa)
    boss = make.admin()
    assert tasks.waiting_for(boss) == {}
    leave_consultation(teresa, consultation)
    assert tasks.waiting_for(boss) == {"appeal": 1}
    assert tasks.waiting_for(noor) == {}
    client.force_login(boss)
    html = client.get(DESK).text
    assert "Teresa Manalo looks after it" not in html
    assert decide(client, comment, "uphold", words="It names a person.").status_code == 302


def test_without_any_moderator_everything_goes_to_an_administrator(teresa, consultation, question):
    make_cases.asked(question)
    make_cases.reported(question)
    leave_consultation(teresa, consultation)
    assert tasks.waiting_for(make.admin()) == {"question": 1, "report": 1}
