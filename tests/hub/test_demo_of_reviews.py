import datetime
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from consultations.demo.loading import PASSWORD
from consultations.demo.reading import DemoProblem
from hub.background.models import OutgoingMail
from hub.resources import listing
from hub.resources.models import Resource
from hub.review import deciding, demo, demo_submissions, tasks
from hub.review.models import Invitation, Round
from tests.consultations.test_load_demo import rows_of_all_tables

State, Seat = Invitation.State, Invitation.Seat
LANGUAGES = ["en", "fr", "es"]


def log_in(client, name):
    client.logout()
    client.post("/en/accounts/login/", {"login": f"{name}@example.org", "password": PASSWORD})


def page(client, address, status=200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def of(slug) -> Resource:
    return Resource.objects.get(slug=slug)


def load() -> Counter:
    """It takes some seconds, so that each test below looks at many things."""
    demo.load()
    return demo_submissions.load()


def test_it_works():
    made = load()
    assert made["resources"] == Resource.objects.count() == 17
    assert Counter(Resource.objects.values_list("state", flat=True)) == {
        "draft": 2,
        "submitted": 3,
        "in_review": 6,
        "changes_requested": 1,
        "listed": 2,
        "declined": 2,
        "withdrawn": 1,
    }
    assert listing.differences() == []
    check_times()
    check_rounds()


def check_times():
    """All of it is past, and in its order."""
    for resource in Resource.objects.all():
        times = [resource.created_at, *(change.at for change in resource.state_changes.all())]
        assert times == sorted(times) and times[-1] < timezone.now()
        assert resource.state_since == times[-1] or resource.state == Resource.State.DRAFT
        for this_round in resource.rounds.all():
            for each in this_round.invitations.filter(state=State.SENT):
                known = [this_round.opened_at, each.invited_at, each.answered_at, each.review.sent_at]
                assert known == sorted(known)
                assert this_round.is_open or each.review.sent_at < this_round.closed_at
            assert this_round.is_open == (resource.state == "in_review" and this_round == resource.rounds.last())
    opened = list(Round.objects.order_by("pk").values_list("opened_at", flat=True))
    assert opened == sorted(opened)


def check_rounds():
    """Reviews are in every way in which a review can be."""
    assert set(Invitation.objects.values_list("state", flat=True)) == set(State.values)
    nobody_answered = of("counting-those-who-drive").rounds.get()
    assert {each.state for each in nobody_answered.invitations.all()} == {State.INVITED}
    some_are_in = of("one-number-for-every-newcomer").rounds.get()
    assert Counter(each.state for each in some_are_in.invitations.all()) == {State.SENT: 1, State.ACCEPTED: 2}
    with_conflict = of("la-partera-tambien-cruza").rounds.get()
    refused = with_conflict.invitations.get(state=State.CONFLICT)
    assert with_conflict.invitations.get(invited_by=None, state=State.ACCEPTED).seat == refused.seat
    late = of("le-bon-de-sortie-du-chantier").rounds.get().invitations.get(state=State.ACCEPTED)
    assert late.is_late and late.reminded.split() == ["soon", "late", "editors"]
    assert Invitation.objects.waiting().exclude(reminded="").get() == late
    split = of("who-keeps-the-passport").rounds.get()
    assert split.disagreed_at and split.invitations.get(seat=Seat.ARBITER).state == State.ACCEPTED
    again = of("le-guichet-mobile-des-deux-rives").rounds.all()
    assert [each.is_open for each in again] == [False, True]
    assert again[0].resource.state_changes.filter(before="changes_requested", is_unchanged=False).count() == 1
    for resource in Resource.objects.listed():
        assert resource.rounds.get().invitations.filter(state=State.SENT).count() == 3


def test_loading_again_changes_no_row_and_nobody_has_mail_of_it(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load()
    before = rows_of_all_tables()
    assert not demo_submissions.load()
    assert not demo_submissions.load(today=timezone.now().date() + datetime.timedelta(days=3))
    # Nor is there anything left that the schedule would do at once.
    for invitation in tasks.needing_something():
        tasks.look_at.call(invitation.pk)
    assert rows_of_all_tables() == before
    assert not mail.outbox and not OutgoingMail.objects.exists()
    # What somebody has done since is theirs.
    editor = User.objects.get(email="editor@example.org")
    resource = of("what-the-bus-driver-was-told")
    deciding.decide(resource, editor, "decline", words="It is about buses.", seen=deciding.sight(resource), early=True)
    of("comedores-que-abren-de-noche").delete()
    assert demo_submissions.load() == {"resources": 1}
    assert of("what-the-bus-driver-was-told").state == "declined"


def test_the_demo_accounts_find_what_waits_for_them(client):
    load()
    check_editor(client)
    check_reviewer(client)
    check_participant(client)


def check_editor(client):
    """Every submission that was sent in, with all of its reviews."""
    log_in(client, "editor")
    for state in ("submitted", "in_review", "changes_requested", "listed", "declined", "withdrawn"):
        for language in LANGUAGES:
            page(client, f"/{language}/editorial/?state={state}")
    for resource in Resource.objects.exclude(state="draft"):
        text = page(client, f"/en/editorial/submissions/{resource.pk}/")
        for invitation in Invitation.objects.filter(round__resource=resource, state=State.SENT):
            for line in invitation.review.words_to_submitter.split("\n\n"):
                assert line[:30] in text, resource
    for resource in Resource.objects.filter(state="draft"):
        page(client, f"/en/editorial/submissions/{resource.pk}/", 404)


def check_reviewer(client):
    """One invitation, one review begun and one sent."""
    own = Invitation.objects.filter(member__user__email="reviewer@example.org")
    assert Counter(own.values_list("state", flat=True)) == {State.INVITED: 1, State.ACCEPTED: 1, State.SENT: 1}
    log_in(client, "reviewer")
    queue = page(client, "/en/peer-review/mine/")
    (invitation,) = set(re.findall(r"/en/peer-review/invitations/[^/\"]+/", queue))
    assert "Counting those who drive" in page(client, invitation)
    begun, sent = own.get(state=State.ACCEPTED), own.get(state=State.SENT)
    assert "needs</textarea>" in page(client, f"/en/peer-review/reviews/{begun.pk}/")
    # What others wrote can be read once the own review is sent.
    assert "before the return" in page(client, f"/en/peer-review/reviews/{sent.pk}/")


def check_participant(client):
    """A draft and a request for changes, with the editors' words and the reviews without names."""
    log_in(client, "participant")
    for language in LANGUAGES:
        text = page(client, f"/{language}/resources/mine/")
        assert "A folder for the first month back" in text and "A savings circle that prepares a return" in text
    resource = of("a-savings-circle-that-prepares-a-return")
    text = page(client, f"/en/peer-review/submissions/{resource.pk}/")
    assert "Second, tell in two or three sentences" in text and "My remarks are about the numbers" in text
    assert "Lehtovaara" not in text and "without a new survey" not in text


SMALL = """
[[person]]
key = "ann"
name = "Ann"

[[submission]]
slug = "small"
by = "ann"
kind = "video"
days = 9
written = "fr"
address = "https://example.org/small"
publisher = "X"
year = 2026
languages = ["fr"]
objectives = [1]
regions = ["africa"]
scope = "local"
comprehensiveness = "specific"
[submission.title]
fr = "Petit"
[submission.summary]
fr = "Tout petit."
[[submission.step]]
days = 8
what = "submit"
[[submission.step]]
days = 7
what = "begin"
reviewers = ["etienne", "moussa", "adjoa"]
[[submission.step]]
days = 6
what = "accept"
reviewers = ["moussa"]
[[submission.step]]
days = 5
what = "send"
reviewer = "moussa"
language = "fr"
levels = [3, 3, 3, 3, 3]
recommends = "list"
words = "Bien."
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[person]]", "[[thing]]", "this table is unknown"),
        ('by = "ann"', 'by = "bob"', "submission small: “by” is 'bob'"),
        ('kind = "video"', 'kind = "film"', "submission small: “kind” is 'film'"),
        ('what = "begin"', 'what = "end"', "submission small, step 2: “what” is 'end'"),
        ("days = 7", "days = 17", "step 2: it does not come after the step before"),
        ("days = 5", "days = 0", "step 4: it does not come after the step before, or is still to come"),
        ('"etienne", ', "", "step 2: this could not be done: Choose at least 1 internal"),
        ('"etienne", ', '"lucie", ', "step 2: this could not be done: Lucie Vandamme can no longer be asked"),
        ('"etienne", ', '"nobody", ', "step 2: nobody is not on the roster"),
        ('reviewer = "moussa"', 'reviewer = "adjoa"', "step 4: this could not be done: "),
        ('reviewer = "moussa"', 'reviewer = "noor"', "step 4: noor was not asked"),
        ("3, 3, 3, 3, 3", "3, 3", "step 4: this could not be done: Something is missing in your review"),
        ("3, 3, 3, 3, 3", "4, 3, 3, 3, 3", "step 4: “levels” holds 4"),
        ('recommends = "list"', 'recommends = "burn"', "step 4: “recommends” is 'burn'"),
        ('words = "Bien."', 'words = "Bien."\ncolour = 1', "step 4: “colour” is unknown"),
        ("objectives = [1]", "objectives = []", "step 1: this could not be done: Choose at least one objective"),
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_loaded(tmp_path: Path, old, new, said):
    demo.load()
    file = tmp_path / "submissions.toml"
    assert old in SMALL
    file.write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(DemoProblem) as problem:
        demo_submissions.load(file)
    assert said in str(problem.value)
    assert not Resource.objects.exists() and not mail.outbox
