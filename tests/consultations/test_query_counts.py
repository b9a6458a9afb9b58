"""The number of SQL queries of a page is the same whatever the size of the discussion."""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from consultations import synthesis
from consultations.models import Consultation
from tests import make

# No page may need more than this, however long the discussion.
LIMIT = 30


def pages_of(question) -> dict[str, str]:
    """The address of each kind of page that there is of a discussion."""
    comments = question.comments.published().order_by("pk")
    root = comments.filter(parent=None, reply_count__gt=0).order_by("-reply_count").first()
    reply = comments.filter(parent=F("path__0")).first()
    middle = comments.filter(parent=None)[comments.filter(parent=None).count() // 2]
    language = question.language_counts.order_by("-comment_count").first().language
    here = question.get_absolute_url()
    return {
        "first page": here,
        "oldest first": f"{here}?order=oldest",
        "page after": f"{here}?after={middle.pk}",
        "page before": f"{here}?before={middle.pk}",
        "in a language": f"{here}?written={language}",
        "answered": f"{here}?answered=1",
        "thread": f"{here}?thread={root.pk}",
        "root in its place": f"{here}?at={root.pk}",
        "form to answer": f"{here}?reply_to={reply.pk}",
        "consultation": question.consultation.get_absolute_url(),
        "consultation in a language": f"{question.consultation.get_absolute_url()}?written={language}",
        "one contribution": root.get_absolute_url(),
        "one reply": reply.get_absolute_url(),
    }


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


def measure(client, size: int) -> dict[str, int]:
    synthesis.synthesize(f"discussion-of-{size}", size, seed=3)
    consultation = Consultation.objects.get(slug=f"discussion-of-{size}")
    question = consultation.questions.get(number=1)
    readers = {"anonymous": None, "participant": make.person(), "moderator": make.moderator(consultation)}
    # Among ten comments there may be no answer of a moderator.
    make.comment(question, question.comments.published().first(), author=readers["moderator"])
    counted = {}
    for reader, user in readers.items():
        client.logout()
        if user:
            client.force_login(user)
            # What happens once per session is not the page's.
            client.get(consultation.get_absolute_url())
        for page, address in pages_of(question).items():
            counted[f"{page}, {reader}"] = queries(client, address)
    return counted


def test_ten_and_five_thousand_comments_take_the_same_number_of_queries(client):
    few = measure(client, 10)
    many = measure(client, 5_000)
    assert many == few
    assert max(many.values()) <= LIMIT


@pytest.mark.parametrize("size", [10, 5_000])
def test_a_deep_reply_in_a_long_thread_is_found_in_few_queries(client, size):
    synthesis.synthesize("discussion", size, seed=3)
    question = Consultation.objects.get(slug="discussion").questions.get(number=1)
    deepest = max(question.comments.all(), key=lambda comment: (len(comment.path), comment.pk))
    assert queries(client, deepest.get_discussion_url().partition("#")[0]) <= LIMIT
