"""A contribution that is removed again: each decision can be contested once, before somebody who has not decided."""

import pytest
from django.core import mail
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from consultations import consistency
from consultations.moderation import acts, complaints, figures, tasks
from consultations.moderation.models import Act, Appeal, Case
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.deciding import DESK, address_of, form_of
from tests.consultations.moderation.make_cases import case_of, rule
from tests.forms import fields_of

AGAIN = "The second sentence names her street."


@pytest.fixture
def lin(consultation):
    return make.moderator(consultation, name="Lin Tran")


@pytest.fixture
def removed_again(question, teresa, noor):
    """Teresa removed it, Noor restored it and later removed it for another reason."""
    comment = make_cases.appealed(question, teresa)
    acts.restore(comment=comment, moderator=noor, reason="It is about a text.")
    mail.outbox.clear()
    return acts.hide(comment=comment, moderator=noor, rule=rule(4), reason=AGAIN)


def address_for(comment) -> str:
    return f"/en/comments/{comment.pk}/appeal/"


def ask(client, comment, **fields):
    sent = fields_of(client.get(address_for(comment)), "appeal")
    return client.post(address_for(comment), sent | {"words": "The street is my own."} | fields, follow=True)


def test_it_works(client, removed_again, teresa, noor, lin):
    comment = removed_again
    [told] = [each for each in mail.outbox if each.to == [comment.author.email]]
    assert AGAIN in told.body
    assert address_for(comment) in told.body
    client.force_login(comment.author)
    html = client.get(address_for(comment)).content.decode()
    assert AGAIN in html
    assert "You asked for another look" not in html
    html = ask(client, comment).content.decode()
    assert "The street is my own." in html
    assert "It was about a text, not a person." not in html
    assert case_of(comment).decided_before_by == noor.pk
    assert client.post(address_for(comment), {"words": "Once more."}).status_code == 422
    mail.outbox.clear()
    acts.restore(comment=comment, moderator=lin, reason="It is her own.")
    assert [comment.author.email] in [each.to for each in mail.outbox]
    said = [(each.words, Act.objects.get(pk=each.removal_id).actor_id) for each in Appeal.objects.all()]
    assert said == [("It was about a text, not a person.", teresa.pk), ("The street is my own.", noor.pk)]
    assert consistency.differences(comment.question) == []


def test_the_figures_count_the_contribution_once_and_what_was_asked_twice(client, removed_again, lin, consultation):
    complaints.appeal(comment=removed_again, author=removed_again.author, words="Look.")
    acts.restore(comment=removed_again, moderator=lin)
    counted = figures.count(consultation)
    assert (counted.hidden, counted.restored, counted.appeals) == (1, 1, 2)
    assert [count for _number, _words, count in counted.hidden_by_rule] == [1, 1]
    kinds = [act.kind for act in Act.objects.filter(comment=removed_again).order_by("pk")]
    assert kinds == ["hidden", "restored", "hidden", "restored"]


def test_a_removal_that_stands_is_said_with_its_own_reason(client, removed_again, lin):
    complaints.appeal(comment=removed_again, author=removed_again.author, words="The street is my own.")
    acts.uphold(comment=removed_again, moderator=lin, reason="It is not.")
    client.force_login(removed_again.author)
    html = client.get(address_for(removed_again)).content.decode()
    assert "the removal stands" in html
    assert "It is not." in html
    assert "<textarea" not in html
    with pytest.raises(complaints.AlreadyAppealed):
        complaints.appeal(comment=removed_again, author=removed_again.author, words="Once more.")


def test_the_desk_shows_what_is_said_about_this_removal(client, removed_again, noor, lin):
    client.force_login(lin)
    page = f"/en/comments/{removed_again.pk}/moderate/"
    assert "It was about a text, not a person." not in client.get(page).content.decode()
    complaints.appeal(comment=removed_again, author=removed_again.author, words="The street is my own.")
    for address in (DESK, page):
        html = client.get(address).content.decode()
        assert "The street is my own." in html
        assert "It was about a text, not a person." not in html
        assert AGAIN in html
        assert 'value="uphold"' in html


def test_a_report_after_a_restoration_shows_no_request_for_another_look(client, question, teresa, noor):
    comment = make_cases.appealed(question, teresa)
    acts.restore(comment=comment, moderator=noor)
    complaints.report(comment=comment, reporter=make.person(), rule=rule(), words="Still there.")
    client.force_login(teresa)
    html = client.get(DESK).content.decode()
    assert "Still there." in html
    assert "Its author asks for another look" not in html


def test_who_took_either_decision_does_not_look_while_somebody_else_is_there(client, removed_again, teresa, noor, lin):
    complaints.appeal(comment=removed_again, author=removed_again.author, words="Look.")
    case = case_of(removed_again)
    for moderator in (noor, teresa):
        client.force_login(moderator)
        html = client.get(DESK).content.decode()
        assert "a colleague or an administrator has to look again" in html
        assert 'value="restore"' not in html
        for act in ("restore", "uphold"):
            response = client.post(address_of(case), {"act": act, "words": "No.", "seen": ""})
            assert response.status_code == 422
        with pytest.raises(acts.ActError, match="a colleague or an administrator has to look again"):
            acts.uphold(comment=removed_again, moderator=moderator, reason="No.")
        assert "appeal" not in tasks.waiting_for(moderator)
    assert tasks.waiting_for(lin) == {"appeal": 1}
    client.force_login(lin)
    sent = form_of(client, case) | {"act": "restore", "words": "Yes."}
    assert client.post(address_of(case), sent).status_code == 302


def test_who_decided_earlier_looks_when_nobody_else_is_there(client, removed_again, teresa, noor):
    complaints.appeal(comment=removed_again, author=removed_again.author, words="Look.")
    assert tasks.waiting_for(teresa) == {"appeal": 1}
    assert tasks.waiting_for(noor) == {}
    client.force_login(teresa)
    assert 'value="uphold"' in client.get(DESK).content.decode()
    with pytest.raises(acts.ActError):
        acts.restore(comment=removed_again, moderator=noor)
    boss = make.admin()
    with pytest.raises(acts.ActError):
        acts.uphold(comment=removed_again, moderator=teresa, reason="No.")
    assert tasks.waiting_for(boss) == {"appeal": 1}
    boss.is_active = False
    boss.save()
    acts.uphold(comment=removed_again, moderator=teresa, reason="No.")


def test_who_let_the_first_removal_stand_does_not_look_at_the_second(question, teresa, noor, lin):
    comment = make_cases.appealed(question, teresa)
    acts.uphold(comment=comment, moderator=noor, reason="It stands.")
    acts.restore(comment=comment, moderator=teresa, reason="I have changed my mind.")
    acts.hide(comment=comment, moderator=lin, rule=rule(), reason="Still.")
    complaints.appeal(comment=comment, author=comment.author, words="Look.")
    with pytest.raises(acts.ActError):
        acts.restore(comment=comment, moderator=lin)
    # Of those who are left, all have decided against its author.
    acts.restore(comment=comment, moderator=noor)


def test_two_who_were_overruled_do_not_remove_it_again(removed_again, teresa, noor, lin):
    complaints.appeal(comment=removed_again, author=removed_again.author, words="Look.")
    acts.restore(comment=removed_again, moderator=lin)
    for moderator in (teresa, noor):
        with pytest.raises(acts.ActError, match="a colleague looked again and restored it"):
            acts.hide(comment=removed_again, moderator=moderator, rule=rule(), reason="Still.")
    acts.hide(comment=removed_again, moderator=lin, rule=rule(), reason="For a third reason.")
    complaints.appeal(comment=removed_again, author=removed_again.author, words="A third time.")
    assert case_of(removed_again).kind == Case.Kind.APPEAL


def test_words_about_another_decision_are_given_back(client, question, teresa, noor):
    comment = make_cases.hidden(question, teresa)
    client.force_login(comment.author)
    sent = fields_of(client.get(address_for(comment)), "appeal") | {"words": "It attacks nobody."}
    acts.restore(comment=comment, moderator=noor)
    acts.hide(comment=comment, moderator=noor, rule=rule(4), reason=AGAIN)
    response = client.post(address_for(comment), sent)
    assert response.status_code == 422
    html = response.content.decode()
    assert "removed by another decision" in html
    assert AGAIN in html
    assert "It attacks nobody." in html
    assert not Appeal.objects.exists()
    again = fields_of(response, "appeal")
    assert client.post(address_for(comment), again).status_code == 302
    assert Appeal.objects.get().removal.actor_id == noor.pk


@pytest.mark.parametrize("removal", ["", "nonsense", "0", "9" * 40, "-1"])
def test_a_form_that_tells_no_decision_is_taken_or_given_back(client, question, teresa, removal):
    comment = make_cases.hidden(question, teresa)
    client.force_login(comment.author)
    response = ask(client, comment, removal=removal)
    assert response.status_code == 200
    assert Appeal.objects.count() == 1


def test_once_it_is_restored_nothing_is_left_to_look_at(client, removed_again, lin):
    complaints.appeal(comment=removed_again, author=removed_again.author, words="Look.")
    acts.restore(comment=removed_again, moderator=lin)
    client.force_login(removed_again.author)
    assert "nothing to look at again" in client.get(address_for(removed_again)).content.decode()


def test_requests_kept_from_before_are_about_the_removal_before_them(removed_again):
    Appeal.objects.update(removal=None)
    name = "0010_which_removal_appeals_were_about"
    migration = MigrationLoader(connection).get_migration("moderation", name)
    with connection.cursor() as cursor:
        cursor.execute(migration.operations[0].sql)
    first = Act.objects.filter(comment=removed_again, kind="hidden").last()
    assert Appeal.objects.get().removal_id == first.pk
    complaints.appeal(comment=removed_again, author=removed_again.author, words="Look.")
