"""The moderators' desk: what is on it, for whom, and how it is filtered."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations.moderation import acts
from consultations.moderation.models import Case
from tests import make
from tests.consultations.moderation import make_cases
from tests.forms import fields_of

DESK = "/en/moderation/"


@pytest.fixture
def consultation():
    return make.consultation(questions=2)


@pytest.fixture
def question(consultation):
    return consultation.questions.get(number=1)


@pytest.fixture
def teresa(consultation):
    return make.moderator(consultation, name="Teresa Manalo")


@pytest.fixture
def one_of_each(consultation, question, teresa):
    other = make.moderator(consultation, name="Noor Haddad")
    return {
        "question": make_cases.asked(question),
        "placement": make_cases.on_open_floor(consultation),
        "report": make_cases.reported(question),
        "held": make_cases.held(question),
        "appeal": make_cases.appealed(question, other),
    }


def html_of(client, address=DESK):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(client, teresa, one_of_each):
    client.force_login(teresa)
    html = html_of(client)
    assert html.count('class="case"') == 5
    assert "5 matters are waiting." in html
    for comment in one_of_each.values():
        assert f'id="case-{make_cases.case_of(comment).pk}"' in html


def test_an_empty_desk_says_what_was_decided_last(client, teresa, question):
    client.force_login(teresa)
    assert "nothing was ever decided" in html_of(client)
    acts.approve(comment=make_cases.held(question), moderator=teresa)
    html = html_of(client)
    assert "All done" in html
    assert "by Teresa Manalo" in html
