"""One consultation: what stands where while it is open and once it is closed, and what is folded."""

import datetime
import re

import pytest
from django.utils import timezone

from consultations import views
from consultations.models import Comment
from tests import make


@pytest.fixture
def consultation(question):
    return question.consultation


def test_it_works(client, consultation):
    page = client.get(consultation.get_absolute_url()).text
    for earlier, later in (("What the round table should hear.", "What matters most, part 1?"),
                           ("What matters most, part 1?", "The paper is short."),
                           ("The paper is short.", "Choose a question."),
                           ("Choose a question.", 'id="question-1"')):  # fmt: skip
        assert page.index(earlier) < page.index(later), later


def test_a_closed_one_begins_with_its_outcome_and_no_longer_says_how_to_contribute(client):
    closed = make.consultation(days=(-30, -1), outcome_en="The paper quotes eleven of you.")
    page = client.get(closed.get_absolute_url()).text
    assert page.index('class="lede"') < page.index("eleven of you") < page.index("What matters most, part 1?")
    assert "Choose a question." not in page and "The paper is short." in page
    opened = make.consultation(outcome_en="Written too early.")
    assert "Written too early." not in client.get(opened.get_absolute_url()).text


def test_questions_that_wait_are_counted_in_one_line_and_folded(client, question):
    waiting = [make.comment(question, asks_moderators=True) for _number in range(2)]
    asked = datetime.datetime(2026, 11, 8, 9, 30, tzinfo=datetime.UTC)
    Comment.objects.filter(pk=waiting[0].pk).update(created_at=asked)
    page = client.get(question.consultation.get_absolute_url()).text
    fold = re.search(r'<details[^>]*id="waiting".*?</details>', page, re.DOTALL)[0]
    assert "2 questions to the moderators not yet answered</summary>" in fold
    assert all(f"#comment-{each.pk}" in fold for each in waiting)
    assert "asked on 8 November 2026" in fold and " ago" not in fold


def test_of_very_many_that_wait_it_says_that_there_may_be_more(client, question, monkeypatch):
    monkeypatch.setattr(views, "WAITING", 2)
    for _number in range(3):
        make.comment(question, asks_moderators=True)
    page = client.get(question.consultation.get_absolute_url()).text
    assert "2 questions to the moderators, or more, are not yet answered" in page
    assert page.count(f"asked on {timezone.now():%-d %B %Y}") == 2
