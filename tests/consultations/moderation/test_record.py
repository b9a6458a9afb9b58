"""The record of moderation: the database itself refuses to change it."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from consultations.moderation import acts
from consultations.moderation.models import Act
from tests.consultations.moderation import make_cases


@pytest.fixture
def act(teresa, question):
    make_cases.hidden(question, teresa)
    return Act.objects.get()


def refuses(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except ProgrammingError as problem:
        return "append-only" in str(problem)
    return False


def test_it_works(act, teresa):
    assert (act.kind, act.actor_id, act.actor_name) == ("hidden", teresa.pk, "Teresa Manalo")
    assert (act.rule_number, act.rule_text) == (3, "Do not attack persons or groups.")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE moderation_act SET reason = ''",
        "DELETE FROM moderation_act",
        "WITH gone AS (DELETE FROM moderation_act RETURNING id) SELECT * FROM gone",
        "INSERT INTO moderation_act SELECT * FROM moderation_act ON CONFLICT (id) DO UPDATE SET reason = ''",
    ],
)
def test_the_database_refuses_to_change_or_delete(act, sql):
    assert refuses(sql)
    act.refresh_from_db()
    assert act.reason == "It attacks a person."


def test_the_database_refuses_to_empty_it(act):
    with connection.cursor() as cursor:
        # The tests' own database switches this trigger off, because tests end by emptying tables.
        cursor.execute("ALTER TABLE moderation_act ENABLE TRIGGER no_emptying")
        try:
            assert refuses("TRUNCATE moderation_act")
        finally:
            cursor.execute("ALTER TABLE moderation_act DISABLE TRIGGER no_emptying")
    assert Act.objects.exists()


def test_through_the_portals_models_too(act):
    act.reason = "Something else."
    for change in (act.save, act.delete, Act.objects.all().delete, lambda: Act.objects.update(reason="")):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            change()


def test_it_outlives_the_account_of_the_moderator_and_of_the_author(act, teresa):
    comment = act.comment
    author = comment.author
    teresa.delete()
    author.delete()
    kept = Act.objects.get()
    assert (kept.actor_name, kept.comment) == ("Teresa Manalo", comment)


def test_every_act_leaves_one_line(teresa, question):
    comment = make_cases.reported(question)
    acts.take(comment=comment, moderator=teresa)
    acts.hide(comment=comment, moderator=teresa, rule=make_cases.rule(), reason="No.")
    acts.restore(comment=comment, moderator=teresa)
    assert list(Act.objects.values_list("kind", flat=True)) == ["restored", "hidden", "taken"]


def test_what_was_rolled_back_was_never_recorded(teresa, question):
    comment = make_cases.reported(question)
    with pytest.raises(acts.Overtaken):
        acts.approve(comment=comment, moderator=teresa)
    assert not Act.objects.exists()
