"""What nobody gets by a way round: the resource without a declaration, reviews of a round that was left, the desk."""

import pytest

from hub.resources import listing, submitting
from hub.review import membership, rounds
from hub.review.models import Invitation
from tests.hub import make_review
from tests.hub.test_review import asked, fields_of_review, page

State = Invitation.State
SECRET = "https://harbour.example/papers"


def declined(invitation):
    rounds.decline(make_review.accepted(invitation))


def bound(invitation):
    rounds.accept(invitation)
    rounds.declare(invitation, is_free=False, words="My sister wrote it.")


def taken_back(invitation):
    rounds.take_back(make_review.accepted(invitation))


def left(invitation):
    membership.leave(make_review.accepted(invitation).member.user)


def ended(invitation):
    listing.decline(make_review.accepted(invitation).round.resource, None, "No.")


@pytest.mark.parametrize("become", [rounds.accept, declined, bound, taken_back, left, ended, lambda invitation: None])
def test_nothing_that_is_sent_brings_the_resource_to_who_may_not_read_it(client, become):
    invitation = asked()
    become(invitation)
    client.force_login(invitation.member.user)
    address = f"/en/peer-review/reviews/{invitation.pk}/"
    long = "x" * 60_000
    for to, sent in [
        (address, fields_of_review(words_to_submitter=long)),
        (address, fields_of_review(words_to_submitter=long) | {"send": "1"}),
        (address, fields_of_review(version="2001-01-01T00:00:00+00:00")),
        (address, fields_of_review() | {"send": "1"}),
        (address, {}),
        (f"{address}declare/", {"is_free": "perhaps"}),
        (f"{address}give-back/", {"reason": long}),
    ]:
        answer = client.post(to, sent)
        assert answer.status_code in (302, 409, 422), to
        assert SECRET not in answer.content.decode()
        assert 'name="words_to_submitter"' not in answer.content.decode()


def test_what_was_typed_in_a_stale_window_is_shown_after_the_reviewer_has_left(client):
    invitation = make_review.accepted(asked())
    client.force_login(invitation.member.user)
    address = f"/en/peer-review/reviews/{invitation.pk}/"
    client.post(address, fields_of_review(words_to_submitter="What is kept.", version=""))
    membership.leave(invitation.member.user)
    answer = client.post(address, fields_of_review(words_to_submitter="What came later.", version=""))
    assert answer.status_code == 409 and "What came later." in answer.content.decode()
    assert "What is kept." in page(client, address)


def test_who_withdraws_in_the_middle_of_a_round_does_not_read_its_reviews(client):
    first = asked(name="Tariq Anand")
    make_review.reviewed(first, words="Say how it was counted.")
    resource = first.round.resource
    listing.request_changes(resource, None, "More.")
    submitting.answer_changes(resource, resource.submitted_by)
    second = make_review.begun(resource, members=[make_review.member()]).invitations.get()
    make_review.reviewed(second, words="It is still not said.")
    submitting.withdraw(resource, resource.submitted_by)
    client.force_login(resource.submitted_by)
    text = page(client, f"/en/peer-review/submissions/{resource.pk}/")
    assert "Say how it was counted." in text and "It is still not said." not in text
