"""What mails and pages of peer review say: in whose language, under which letter, and what they tell of before."""

import pytest
from django.core import mail
from django.utils.translation import override

from hub.resources import listing, submitting
from hub.review import anonymous, membership, rounds
from hub.review.models import Member, Recommendation
from tests.hub import make_review
from tests.hub.test_review import mails_to, page

TITLES = {"title_en": "Papers that travel", "title_fr": "Des papiers qui voyagent"}


def letters_of(this_round) -> dict:
    return {each.review.invitation_id: each.name for each in anonymous.reviews(this_round)}


def test_mails_to_editors_name_the_title_in_their_language_whoever_acted():
    editor = make_review.editor(language="fr")
    resource = make_review.submission(**TITLES)
    assert "Des papiers qui voyagent" in mails_to(editor)[-1].subject
    members = [make_review.member(), make_review.member()]
    this_round = make_review.begun(resource, members=members)
    mail.outbox.clear()
    with override("en"):
        make_review.reviewed(make_review.invitation(this_round, members[0]), Recommendation.LIST)
        make_review.reviewed(make_review.invitation(this_round, members[1]), Recommendation.DO_NOT_LIST)
    another = make_review.begun(make_review.submission(**TITLES), members=[make_review.member()])
    Member.objects.update(is_paused=True)
    with override("en"):
        rounds.decline(another.invitations.get())
    for message in mails_to(editor):
        assert "Des papiers qui voyagent" in message.subject + message.body
        assert "Papers that travel" not in message.subject + message.body
    assert len(mails_to(editor)) >= 3


def test_reviewers_keep_their_letters_when_others_are_asked_and_send():
    members = make_review.roster()
    this_round = make_review.begun(members=members)
    seen = {}
    for member in reversed(members):
        make_review.reviewed(make_review.invitation(this_round, member))
        now = letters_of(this_round)
        assert seen.items() <= now.items()
        seen = now
    rounds.invite(this_round, late := make_review.member(), "external")
    make_review.reviewed(make_review.invitation(this_round, late))
    assert seen.items() <= letters_of(this_round).items()
    assert sorted(letters_of(this_round).values()) == [f"Reviewer {letter}" for letter in "ABCDE"]


@pytest.mark.parametrize("language", ["fr", "es"])
def test_why_somebody_is_released_is_read_in_the_language_of_the_reader(client, language):
    this_round = make_review.begun(members=[member := make_review.member()])
    with override(language):
        membership.leave(member.user)
    client.force_login(make_review.editor())
    assert "The reviewer has left the roster." in page(client, f"/en/editorial/submissions/{this_round.resource_id}/")


def test_what_a_reviewer_types_is_never_taken_for_a_reason_of_ours():
    this_round = make_review.begun(members=[member := make_review.member()])
    invitation = make_review.invitation(this_round, member)
    rounds.decline(invitation, "left")
    invitation.refresh_from_db()
    assert invitation.reason_in_words == "left"


def test_each_review_is_listed_with_what_came_of_its_own_round(client):
    member = make_review.member()
    first = make_review.begun(members=[member])
    make_review.reviewed(make_review.invitation(first, member))
    resource = first.resource
    listing.request_changes(resource, first.editor, "Say how it was counted.")
    submitting.answer_changes(resource, resource.submitted_by, "On page 4.")
    second = make_review.begun(resource, members=[member])
    make_review.reviewed(make_review.invitation(second, member))
    client.force_login(member.user)
    assert "Not decided yet" in page(client, "/en/peer-review/mine/")
    listing.list_resource(resource, second.editor, "")
    text = page(client, "/en/peer-review/mine/")
    assert text.count("<td>Listed, ") == 1 and text.count("<td>Changes requested, ") == 1
