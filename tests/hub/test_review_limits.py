"""What nobody gets by a way round: the resource without a declaration, reviews of a round that was left, the desk."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.erasure import erase_account
from hub.resources import files, listing, submitting
from hub.resources.models import Resource
from hub.review import deciding, membership, reviewing, rounds, tasks
from hub.review.models import Invitation, Member, Review
from tests import make
from tests.hub import make_files, make_review
from tests.hub.test_review import asked, fields_of_review, link_in, page

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
    make_review.leave(make_review.accepted(invitation).member)


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
    make_review.leave(invitation.member)
    answer = client.post(address, fields_of_review(words_to_submitter="What came later.", version=""))
    assert answer.status_code == 409 and "What came later." in answer.content.decode()
    assert "What is kept." in page(client, address)


def removed(member):
    membership.remove(member.pk, make_review.editor(), reason="Thank you.", seen=member.changed_at.isoformat())


@pytest.mark.parametrize("go", [make_review.leave, removed])
def test_who_is_off_the_roster_reads_their_own_words_alone(client, go):
    mine, other, third = (make_review.member() for _each in range(3))
    this_round = make_review.begun(members=[mine, other, third])
    own = make_review.invitation(this_round, mine)
    make_review.reviewed(own, words="My own words.")
    make_review.reviewed(make_review.invitation(this_round, other), words="What another wrote.")
    client.force_login(mine.user)
    address = f"/en/peer-review/reviews/{own.pk}/"
    assert "What another wrote." in page(client, address)
    go(Member.objects.get(pk=mine.pk))
    make_review.reviewed(make_review.invitation(this_round, third), words="What came later.")
    text = page(client, address)
    assert "My own words." in text and "you are no longer on the roster" in text
    assert "What another wrote." not in text and "What came later." not in text


def test_figures_do_not_say_who_reviews_what_an_editor_submitted(client):
    ann, reviewer = make_review.editor(name="Ann"), make_review.member(name="Ousmane Fall")
    make_review.reviewed(make_review.invitation(make_review.begun(members=[reviewer]), reviewer))
    other = make_review.submission(address="https://harbour.example/other")
    client.force_login(ann)
    roster, desk = "/en/editorial/roster/", f"/en/editorial/submissions/{other.pk}/"

    def figures():
        said = page(client, roster) + page(client, desk)
        figure = r"\d+ open(?: reviews?)?|\d+ reviews? sent|last asked on [^<]*|never asked yet"
        return re.findall(f"<span>({figure})</span>", said)

    before = figures()
    assert before[:2] == ["0 open", "1 review sent"] and before[3] == "0 open reviews"
    own = make_review.submission(ann, address="https://harbour.example/own")
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        make_review.begun(own, members=[reviewer])
        client.force_login(ann)
        assert figures() == before
    client.force_login(make_review.editor())
    assert figures() != before


@pytest.mark.parametrize("become", [taken_back, ended])
def test_who_saves_after_nobody_waits_any_more_is_told_so(client, become):
    invitation = asked()
    client.force_login(invitation.member.user)
    address = f"/en/peer-review/reviews/{invitation.pk}/"
    become(invitation)
    answer = client.post(address, fields_of_review(words_to_submitter="Not lost.") | {"save": "1"}, follow=True)
    text = answer.content.decode()
    assert "Not lost." in text and "kept for you alone" in text and "no longer asked for" in text
    assert "You can go on whenever you like" not in text
    version = Review.objects.get().saved_at.isoformat()
    saved = client.post(f"{address}save/", fields_of_review(words_to_submitter="Nor this.", version=version))
    assert saved.status_code == 200 and "no longer asked for" in saved.json()["saved_at"]
    assert Review.objects.get().words_to_submitter == "Nor this."


def test_who_withdraws_in_the_middle_of_a_round_does_not_read_its_reviews(client):
    first = asked(name="Tariq Anand")
    make_review.reviewed(first, words="Say how it was counted.")
    resource = first.round.resource
    listing.request_changes(resource, None, "More.")
    submitting.answer_changes(resource, resource.submitted_by, "Done.")
    second = make_review.begun(resource, members=[make_review.member()]).invitations.get()
    make_review.reviewed(second, words="It is still not said.")
    submitting.withdraw(resource, resource.submitted_by)
    client.force_login(resource.submitted_by)
    text = page(client, f"/en/peer-review/submissions/{resource.pk}/")
    assert "Say how it was counted." in text and "It is still not said." not in text


# Editors


def subjects_to(user) -> list[str]:
    return [each.subject for each in mail.outbox if each.to == [user.email]]


@pytest.mark.parametrize("become", [bound, declined, taken_back, lambda invitation: None])
def test_an_editor_who_was_ever_asked_to_review_it_does_not_handle_it(client, become):
    invitation = asked()
    become(invitation)
    ben, ann = invitation.member.user, make_review.editor(name="Ann")
    ben.groups.add(*ann.groups.all())
    resource = invitation.round.resource
    client.force_login(ben)
    page(client, f"/en/editorial/submissions/{resource.pk}/", 403)
    assert "Another editor decides about this one" in page(client, "/en/editorial/")
    with pytest.raises(deciding.NotYours):
        deciding.decide(resource, ben, "list", words="", seen=deciding.sight(resource), early=True)
    mail.outbox.clear()
    listing.request_changes(resource, None, "More.")
    submitting.answer_changes(resource, resource.submitted_by, "Done.")
    assert "Sent back unchanged: “Papers that travel”" in subjects_to(ann)
    assert "Sent back unchanged: “Papers that travel”" not in subjects_to(ben)


def test_editors_are_not_asked_to_review(client):
    tariq = make_review.member(name="Tariq Anand")
    ben, root = make_review.editor(name="Ben"), make.admin()
    began = make_review.editor(name="Once an editor")
    this_round = make_review.begun(members=[tariq], by=began)
    began.groups.clear()
    members = [make_review.member(user=user) for user in (ben, root, began)]
    ann = make_review.editor(name="Ann")
    client.force_login(ann)
    address = f"/en/editorial/submissions/{this_round.resource_id}/"
    assert "Ben – one of the editors" in page(client, address)
    for each in members:
        assert client.post(f"{address}ask/", {"member": each.pk}).status_code == 422
    rounds.decline(this_round.invitations.get())
    assert this_round.invitations.count() == 1


def test_an_editor_of_the_organization_of_the_submitter_does_not_decide(client):
    ben, ann = make_review.editor(organization="The Harbour Institute"), make_review.editor()
    root = make.admin(organization="Harbour Institute")
    resource = make_review.submission(make.person(organization="HARBOUR INSTITUTE"))
    address = f"/en/editorial/submissions/{resource.pk}/"
    for user, status in ((ben, 403), (ann, 200), (root, 200)):
        client.force_login(user)
        page(client, address, status)
    assert subjects_to(ann) and not subjects_to(ben) and not subjects_to(root)
    make_review.member(user=ann, organization="Harbour Institute, Department of Law", state="left")
    mail.outbox.clear()
    listing.request_changes(resource, None, "More.")
    submitting.answer_changes(resource, resource.submitted_by, "Done.")
    assert subjects_to(root), "when all editors are colleagues"
    assert not subjects_to(ben) and not subjects_to(ann)


def test_administrators_find_no_reviewers_in_django_admin(client):
    this_round = make_review.begun(members=[make_review.member()])
    client.force_login(make.admin())
    assert "round" not in page(client, "/admin/review/").lower()
    for name in ("round", "invitation", "review"):
        page(client, f"/admin/review/{name}/", 404)
    page(client, f"/admin/review/round/{this_round.pk}/change/", 404)


def test_an_administrator_does_not_find_out_who_handles_their_own_submission(client):
    root, ann, reviewer = make.admin(), make_review.editor(name="Ann Sky"), make_review.member(name="Otto Lund")
    own, other = make_review.submission(root, title_en="My own papers"), make_review.submission()
    client.force_login(root)
    for resource, is_own in ((own, True), (other, False)):
        make_review.begun(resource, by=ann, members=[reviewer])
        listing.request_changes(resource, ann, "More.")
        text = page(client, f"/admin/resources/resource/{resource.pk}/change/")
        assert ("Ann Sky" in text) != is_own and "Otto Lund" not in text
        page(client, f"/en/editorial/submissions/{resource.pk}/", 403 if is_own else 200)
        page(client, f"/admin/review/round/{resource.rounds.get().pk}/change/", 404)


# Accounts


def test_a_closed_account_that_had_accepted_is_replaced_and_gets_no_mail(client):
    invitation = make_review.accepted(asked(name="Tariq Anand"))
    user, other = invitation.member.user, make_review.member()
    user.is_active = False
    user.save()
    mail.outbox.clear()
    for _hour in range(2):
        tasks.remind.enqueue()
    invitation.refresh_from_db()
    assert invitation.state == State.WITHDRAWN
    assert [each.to for each in mail.outbox] == [[other.user.email]]


def test_nobody_writes_to_a_closed_account():
    first, second, third = make_review.member(), make_review.member(), make_review.member()
    this_round = make_review.begun(members=[first, second, third])
    make_review.reviewed(make_review.invitation(this_round, first))
    for each in (first, second, third):
        each.user.is_active = False
        each.user.save()
    mail.outbox.clear()
    rounds.take_back(make_review.invitation(this_round, third))
    listing.decline(this_round.resource, None, "No.")
    assert [each.to for each in mail.outbox] == [[this_round.resource.submitted_by.email]]


def test_reviewers_keep_what_they_wrote_when_the_submitter_deletes_the_account(client):
    ingrid, ousmane, _lucia, _tariq = make_review.roster()
    resource = make_review.submission(authors="Kwame Boateng")
    this_round = make_review.begun(resource, members=[ingrid, ousmane])
    sent, begun = (make_review.invitation(this_round, each) for each in (ingrid, ousmane))
    make_review.reviewed(sent, words="Say how it was counted.")
    make_review.accepted(begun)
    reviewing.save(begun, make_review.typed(words="Half of it."))
    mail.outbox.clear()
    erase_account(resource.submitted_by, keep_contributions=False)
    for invitation, words in ((sent, "Say how it was counted."), (begun, "Half of it.")):
        user = invitation.member.user
        (message,) = [each for each in mail.outbox if each.to == [user.email]]
        client.force_login(user)
        text = page(client, link_in(message))
        assert words in text and "Papers that travel" in text
        assert link_in(message).partition("/peer-review/")[2] in page(client, "/en/peer-review/mine/")
    kept = Resource.objects.get()
    assert (kept.state, kept.submitted_by, kept.title_en) == ("withdrawn", None, "Papers that travel")
    assert not (kept.address or kept.summary_en or kept.publisher or kept.authors or kept.objectives.exists())
    client.force_login(make_review.editor())
    page(client, f"/en/editorial/submissions/{kept.pk}/")
    page(client, "/en/editorial/?state=withdrawn")
    client.force_login(make.admin())
    page(client, f"/admin/resources/resource/{kept.pk}/change/", 302)


# Texts


def test_what_was_typed_after_the_review_was_sent_elsewhere_is_shown(client):
    invitation = make_review.accepted(asked())
    client.force_login(invitation.member.user)
    address = f"/en/peer-review/reviews/{invitation.pk}/"
    client.post(address, fields_of_review(words_to_submitter="What was sent.") | {"send": "1"})
    for button in ("send", "save"):
        answer = client.post(address, fields_of_review(words_to_submitter="A second thought.") | {button: "1"})
        text = answer.content.decode()
        assert answer.status_code == 409 and "cannot be changed any more" in text
        assert "A second thought." in text and "What was sent." in text
    assert "A second thought." not in page(client, address)


def test_what_was_typed_without_a_session_is_shown_when_the_round_has_ended_meanwhile(client):
    invitation = make_review.accepted(asked())
    address = f"/en/peer-review/reviews/{invitation.pk}/"
    client.post(address, fields_of_review(words_to_submitter="Typed in the night."))
    listing.decline(invitation.round.resource, None, "No.")
    client.force_login(invitation.member.user)
    text = page(client, address)
    assert "Typed in the night." in text and SECRET not in text


def test_an_editor_on_the_roster_reads_why_nobody_asks(client):
    ann, tariq = make_review.editor(), make_review.member()
    make_review.member(user=ann)
    said = "You are one of the editors, and so you are not asked to review"
    client.force_login(ann)
    assert said in page(client, "/en/peer-review/mine/")
    client.force_login(tariq.user)
    assert said not in page(client, "/en/peer-review/mine/")


@pytest.mark.parametrize("make_reader", [make_review.editor, make.admin])
def test_what_was_withdrawn_is_not_read_on_by_editors(client, settings, tmp_path, make_reader):
    settings.MEDIA_ROOT = tmp_path
    ingrid, ousmane, _lucia, _tariq = make_review.roster()
    resource = make_review.submission(summary_en="For mayors of ports.")
    file = files.keep(resource, make_files.pdf("plan.pdf"))
    make_review.reviewed(make_review.invitation(make_review.begun(resource, members=[ingrid, ousmane]), ingrid))
    reader = make_reader()
    address = f"/en/editorial/submissions/{resource.pk}/"
    admins = f"/admin/resources/resource/{resource.pk}/change/"
    for is_withdrawn in (False, True):
        if is_withdrawn:
            submitting.withdraw(resource, resource.submitted_by)
        client.force_login(reader)
        text = page(client, address)
        assert "Papers that travel" in text and "Clear and useful." in text
        for words in ("For mayors of ports.", SECRET, "plan.pdf", "Harbour Institute"):
            assert (words in text) != is_withdrawn, words
        assert ("has withdrawn it" in text) == is_withdrawn
        assert client.get(file.get_absolute_url()).status_code == (404 if is_withdrawn else 200)
        if reader.is_superuser:
            assert client.get(admins).status_code == (302 if is_withdrawn else 200)
        assert "Papers that travel" in page(client, "/en/editorial/?state=withdrawn") or not is_withdrawn
        client.force_login(ingrid.user)
        assert "Clear and useful." in page(client, f"/en/peer-review/reviews/{ingrid.invitations.get().pk}/")
    client.force_login(resource.submitted_by)
    text = page(client, f"/en/resources/mine/{resource.pk}/")
    assert "not its text and files" in text and "For mayors of ports." in text
