"""Somebody follows a question, is told, reads, and stops the mails: with a browser, and without its scripts."""

import re

import pytest
from django.core import mail

from tests import make


@pytest.mark.parametrize("scripts", [True, False])
def test_following_being_told_and_stopping_the_mails(open_page, scripts):
    question = make.consultation().questions.get(number=1)
    amina = make.person(name="Amina Diarra")
    root = make.comment(question, author=amina)
    page = open_page(amina, java_script_enabled=scripts)
    page.goto(question.get_absolute_url())
    page.get_by_role("button", name="Follow this question").click()
    page.get_by_text("You follow this now.").wait_for()

    make.comment(question)
    make.comment(question, root, author=make.person(name="Tomas Lindqvist"), body="Which office was it?")
    page.reload()
    page.get_by_role("link", name=re.compile(r"^Notifications.*2 not read yet$")).click()
    page.get_by_role("link", name=f"Tomas Lindqvist replied to your contribution № {root.pk}").click()
    page.get_by_text("Which office was it?").wait_for()
    page.get_by_role("link", name=re.compile(r"^Notifications.*1 not read yet$")).click()
    page.get_by_role("button", name="Mark all as read").click()
    page.get_by_text("1 notification is marked as read.").wait_for()

    [message] = [each for each in mail.outbox if "List-Unsubscribe" in each.extra_headers]
    assert message.to == [amina.email]
    visitor = open_page(java_script_enabled=scripts)
    visitor.goto(re.search(r"(/en/unsubscribe/\S+)", message.body)[1])
    visitor.get_by_role("button", name="Stop these e-mails").click()
    visitor.get_by_role("heading", name="These e-mails have stopped").wait_for()
    make.comment(question, root)
    assert len([each for each in mail.outbox if "List-Unsubscribe" in each.extra_headers]) == 1
