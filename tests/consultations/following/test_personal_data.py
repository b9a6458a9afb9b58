"""What is kept about one person can be had, and goes with the account."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from accounts.erasure import erase_account
from accounts.export import everything_about
from consultations.following import follows, preferences
from consultations.following.models import Follow, Kind, Notification, Pace, Preference
from consultations.posting import Voice
from tests import make


def test_everything_is_in_the_file(question, participant):
    root = make.comment(question, author=participant)
    make.comment(question, root)
    for thing in (question, question.consultation):
        follows.follow(participant, thing)
    preferences.choose(participant, {Kind.NEWS: Pace.NEVER})
    kept = json.loads(json.dumps(everything_about(participant), cls=DjangoJSONEncoder))
    assert [set(each) - {"since"} for each in kept["follows"]] == [
        {"consultation"},
        {"consultation", "question"},
        {"thread of contribution"},
    ]
    assert [each["what"] for each in kept["notifications"]] == ["reply"]
    assert kept["mail preferences"] == {"news": "never"}


@pytest.mark.parametrize("keep", [True, False])
def test_it_goes_with_the_account(question, participant, keep):
    other = make.person()
    root = make.comment(question, author=other)
    reply = make.comment(question, root, author=participant)
    make.comment(question, reply, author=other)
    follows.follow(participant, question)
    preferences.choose(participant, {Kind.NEWS: Pace.NEVER})
    erase_account(participant, keep_contributions=keep)
    assert not Follow.objects.exclude(user=other).exists()
    assert not Preference.objects.exists()
    mine = Notification.objects.filter(user=other)
    assert [each.actor_name for each in mine] == ([""] if keep else [])
    assert not Notification.objects.exclude(user=other).exists()


def test_a_pseudonym_stays_as_it_stays_on_the_contribution(participant):
    question = make.consultation(allows_pseudonyms=True).questions.get(number=1)
    other = make.person()
    make.comment(question, make.comment(question, author=other), author=participant, voice=Voice(pseudonym="Tide"))
    erase_account(participant, keep_contributions=True)
    assert Notification.objects.get(user=other).actor_name == "Tide"
