import pytest
from django.core import mail
from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished


@pytest.fixture(autouse=True)
def failures():
    """Tasks run at once in tests, and would fail silently: a failure fails the test that did not expect it."""
    found = []

    def note(sender, task_result, **_more):
        if task_result.status == TaskResultStatus.FAILED:
            found.append(task_result.errors[-1].traceback)

    task_finished.connect(note)
    yield found
    task_finished.disconnect(note)
    assert not found, found[-1]


@pytest.fixture
def inbox():
    """Mails to one person, by their address, without the receipts for what they posted."""

    def of(user):
        return [each for each in mail.outbox if each.to == [user.email] and "Auto-Submitted" in each.extra_headers]

    return of
