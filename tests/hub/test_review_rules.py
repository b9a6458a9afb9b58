"""What editors may decide with which reviews, who is chosen, and what is told and dated."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.erasure import erase_account
from consultations.models import Objective
from hub.resources import drafting, listing, submitting
from hub.resources.models import Resource, SentVersion
from hub.resources.personal_data import Submissions
from hub.resources.states import StateHasChanged
from hub.review import choosing, deciding, membership, reviewing, rounds, tokens
from hub.review.models import Invitation, Member, Round
from tests import make
from tests.forms import fields_sent_to
from tests.hub import make_review

State = Invitation.State


def page(client, address, status=200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def desk_of(resource) -> str:
    return f"/en/editorial/submissions/{resource.pk}/"


def decide(client, resource, verdict, **fields):
    resource.refresh_from_db()
    sent = {"verdict": verdict, "words": "Our words.", "seen": deciding.sight(resource)} | fields
    return client.post(f"{desk_of(resource)}decide/", sent)


def mails_to(user) -> list:
    return [each for each in mail.outbox if each.to == [user.email]]


def by_seat(found) -> list[str]:
    return [each.member.user.name for each in found]


# Deciding


def test_nothing_is_listed_that_nobody_has_reviewed(client):
    resource = make_review.submission()
    client.force_login(make_review.editor())
    text = page(client, desk_of(resource))
    assert 'value="list"' not in text and "It can be listed once somebody has reviewed it." in text
    assert "not all reviews are in" not in text
    answer = decide(client, resource, "list", early="on")
    assert answer.status_code == 422
    assert "nothing is listed that nobody has reviewed" in answer.content.decode()
    assert "Our words." in answer.content.decode()
    make_review.begun(resource, members=[make_review.member()])
    assert decide(client, resource, "list", early="on").status_code == 422
    resource.refresh_from_db()
    assert resource.state == "in_review"


@pytest.mark.parametrize("verdict", ["changes", "decline"])
def test_what_is_out_of_scope_is_answered_without_a_review_and_with_words(client, verdict):
    resource = make_review.submission()
    client.force_login(make_review.editor())
    answer = decide(client, resource, verdict, words="")
    assert answer.status_code == 422 and "Write to the submitter why" in answer.content.decode()
    assert decide(client, resource, verdict).status_code == 302


def test_listing_with_fewer_reviews_than_wanted_needs_a_tick_and_words_that_are_kept(client):
    ingrid, ousmane, *_rest = make_review.roster()
    this_round = make_review.begun(members=[ingrid, ousmane])
    make_review.reviewed(make_review.invitation(this_round, ousmane))
    resource = this_round.resource
    client.force_login(this_round.editor)
    assert "Needed unless it is listed with all reviews in." in page(client, desk_of(resource))
    assert decide(client, resource, "list").status_code == 422
    answer = decide(client, resource, "list", early="on", words=" ")
    assert answer.status_code == 422 and "why it is listed all the same" in answer.content.decode()
    assert decide(client, resource, "list", early="on", words="It cannot wait.").status_code == 302
    assert resource.state_changes.last().words == "It cannot wait."
    assert "They get them by e-mail. Needed." in page(client, desk_of(resource))


def test_a_round_begun_with_fewer_is_complete_once_these_have_sent(client):
    _ingrid, ousmane, *_rest = make_review.roster()
    this_round = make_review.begun(members=[ousmane], by=make_review.editor())
    resource = this_round.resource
    client.force_login(this_round.editor)
    assert "Somebody is missing" not in page(client, desk_of(resource))
    mail.outbox.clear()
    make_review.reviewed(make_review.invitation(this_round, ousmane))
    assert "All reviews of “Papers that travel” are in" in [each.subject for each in mails_to(this_round.editor)]
    assert "All reviews are in: it waits for your decision." in page(client, "/en/editorial/")
    text = page(client, desk_of(resource))
    assert "not all reviews are in" not in text and "fewer reviews than usual" in text
    answer = decide(client, resource, "list", words=" ")
    assert answer.status_code == 422 and "Fewer people have reviewed it than should" in answer.content.decode()
    assert decide(client, resource, "list", words="Nobody inside is free.").status_code == 302


def test_who_was_asked_alone_and_declines_is_replaced(client):
    _ingrid, ousmane, _lucia, _tariq = make_review.roster()
    this_round = make_review.begun(members=[ousmane])
    rounds.decline(make_review.invitation(this_round, ousmane))
    assert this_round.invitations.live().get().seat == Invitation.Seat.EXTERNAL


# Choosing


def sent_back_for_changes(editor):
    """A reviewed submission that its submitter is asked to change."""
    this_round = make_review.begun(members=[make_review.member()], by=editor)
    make_review.reviewed(this_round.invitations.get())
    return listing.request_changes(this_round.resource, editor, "Shorten the title.").resource


def test_nothing_is_listed_while_its_submitter_changes_it(client):
    editor = make_review.editor()
    resource = sent_back_for_changes(editor)
    client.force_login(editor)
    text = page(client, desk_of(resource))
    assert "Its submitter is changing it" in text and 'value="list"' not in text and 'value="decline"' in text
    answer = decide(client, resource, "list", early="on")
    assert answer.status_code == 409 and "Our words." in answer.content.decode()
    with pytest.raises(StateHasChanged):
        listing.list_resource(resource, editor)
    submitting.answer_changes(resource, resource.submitted_by, "I would rather keep it.")
    assert "Its submitter is changing it" not in page(client, desk_of(resource))
    assert decide(client, resource, "list", early="on").status_code == 302


def change(resource, step, **values):
    """What its submitter types is saved."""
    now = Resource.objects.get(pk=resource.pk)
    return drafting.save(now, step, values, drafting.version_of(drafting.values_of(now, step)))


def test_editors_read_what_was_sent_while_its_submitter_types(client):
    editor = make_review.editor()
    resource = sent_back_for_changes(editor)
    client.force_login(editor)
    seen = deciding.sight(resource)
    change(resource, "what", title="Half a ti", address="https://elsewhere.example/half", year=2019)
    change(resource, "about", summary="Half-typed.", objectives=[Objective.objects.get(number=9).pk], countries=["GH"])
    text = page(client, desk_of(resource))
    assert "You see what was sent last." in text and "https://harbour.example/papers" in text
    for typed in ("Half a ti", "elsewhere.example", "Half-typed.", "Ghana", "2019"):
        assert typed not in text
    assert "Half a ti" not in page(client, "/en/editorial/")
    assert decide(client, resource, "decline", seen=seen).status_code == 302, "what was shown has not changed"


def test_editors_and_reviewers_see_what_was_changed(client):
    editor, reviewer = make_review.editor(), make_review.member()
    first = make_review.begun(members=[reviewer], by=editor)
    make_review.reviewed(first.invitations.get())
    resource = listing.request_changes(first.resource, editor, "Say who pays.").resource
    change(resource, "what", title="Papers that travel far", year=2024)
    change(resource, "about", objectives=[Objective.objects.get(number=number).pk for number in (1, 6, 9)])
    submitting.answer_changes(resource, resource.submitted_by, "Done.")
    client.force_login(editor)
    text = page(client, desk_of(resource))
    changed = text.split('id="changed"')[1].split("</section>")[0]
    assert "Papers that travel<ins>" in changed and " far</ins>" in changed
    assert "2025</del>" in changed and "2024</ins>" in changed
    assert str(Objective.objects.get(number=9)) in changed and "Published by" not in changed
    second = make_review.begun(resource, members=[reviewer], by=editor)
    invitation = second.invitations.get()
    rounds.accept(invitation)
    client.force_login(reviewer.user)
    address = f"/en/peer-review/reviews/{invitation.pk}/"
    assert "What was changed since" not in page(client, address), "not before they have declared"
    rounds.declare(invitation, is_free=True)
    text = page(client, address)
    assert "What was changed since" in text and "2025</del>" in text


def test_versions_go_with_what_their_writer_deletes(client):
    this_round = make_review.begun(members=[make_review.member()])
    person = this_round.resource.submitted_by
    (exported,) = Submissions().export(person)["resources submitted"]
    assert exported["steps"][0]["as it was sent"]["address"] == "https://harbour.example/papers"
    erase_account(person, keep_contributions=True)
    assert Resource.objects.filter(pk=this_round.resource_id).exists() and not SentVersion.objects.exists()


def test_a_decision_is_about_the_text_that_the_page_showed(client):
    this_round = make_review.begun(members=[make_review.member()])
    make_review.reviewed(this_round.invitations.get())
    resource = Resource.objects.get(pk=this_round.resource_id)
    seen = deciding.sight(resource)
    Resource.objects.filter(pk=resource.pk).update(title_en="Papers that stay at home")
    client.force_login(this_round.editor)
    answer = decide(client, resource, "list", seen=seen, early="on")
    text = answer.content.decode()
    assert answer.status_code == 409 and "The text has changed since you opened this page" in text
    assert "Our words." in text and "Papers that stay at home" in text
    resource.refresh_from_db()
    assert resource.state == "in_review"
    again = fields_sent_to(text, f"{desk_of(resource)}decide/") | {"verdict": "list", "early": "on"}
    assert client.post(f"{desk_of(resource)}decide/", again).status_code == 302


def test_reviewers_read_the_language_of_the_text(client):
    resource = make_review.submission(
        text_language="es", title_es="Papeles", summary_es="Para los registros.", languages=["en", "es"]
    )
    english = {"languages": ["en", "fr"], "objectives": [1, 6]}
    make_review.member(name="Inside without it", internal=True, **english)
    outside = make_review.member(name="Outside without it", **english)
    make_review.member(name="Pilar Soto", languages=["es"], objectives=[9])
    make_review.member(name="Inés Gil", languages=["es"], internal=True)
    editor = make_review.editor()
    client.force_login(editor)
    text = page(client, desk_of(resource))
    ticked = [Member.objects.get(pk=key).user.name for key in re.findall(r'value="(\d+)" checked', text)]
    assert sorted(ticked) == ["Inés Gil", "Pilar Soto"]
    shown, others = text.split("Others who can be asked")
    assert "Outside without it" not in shown and "Does not read the text about it: Spanish" in others
    this_round = rounds.begin(resource, [Member.objects.get(user__name="Pilar Soto")], editor, fewer=True)
    rounds.decline(this_round.invitations.get())
    assert this_round.invitations.count() == 1, "nobody who cannot read it is asked by the portal"
    assert rounds.ask(this_round, outside, editor).member == outside


def test_whoever_reads_the_resource_too_comes_first():
    resource = make_review.submission(languages=["fr"])
    make_review.member(name="The text alone", languages=["en"], objectives=[1, 6])
    make_review.member(name="Both", languages=["fr", "en"], objectives=[9])
    assert by_seat(choosing.candidates(resource)) == ["Both", "The text alone"]


def test_the_desk_says_beforehand_that_no_internal_reviewer_can_be_asked(client):
    resource = make_review.submission(make.person(name="Awa Sow", organization="Hub office"))
    make_review.member(name="Ingrid Vale", internal=True, organization="Hub office")
    outside = [make_review.member(name="Ousmane Fall"), make_review.member(name="Tariq Anand")]
    client.force_login(make_review.editor())
    text = page(client, desk_of(resource))
    assert "Internal reviewer: 0 can be asked, 1 needed" in text and "External reviewer:" not in text
    assert 'href="/en/editorial/roster/"' in text and "of the same organization: Hub office" in text
    sent = {"members": [each.pk for each in outside], "fewer": "on"}
    assert client.post(f"{desk_of(resource)}begin/", sent).status_code == 302
    assert "Internal reviewer: 0 can be asked, 1 needed" in page(client, desk_of(resource))
    make_review.member(internal=True, organization="Harbour office")
    assert "can be asked, 1 needed" not in page(client, desk_of(resource))


# Declining by mistake


def declined(**fields):
    """Somebody whom nobody can replace has declined by the link in the mail."""
    invitation = make_review.begun(members=[make_review.member(**fields)], by=make_review.editor()).invitations.get()
    rounds.decline(invitation, "I pressed the wrong button.")
    mail.outbox.clear()
    return invitation


def test_who_declined_by_mistake_can_answer_once_more(client):
    invitation = declined()
    address = tokens.address(invitation)
    assert "Answer once more" in page(client, address)
    assert invitation.round.invitations.count() == 1, "looking changes nothing"
    first = client.post(address, {"answer": "reconsider"})
    assert client.post(address, {"answer": "reconsider"})["Location"] == first["Location"], "twice is once"
    again = invitation.round.invitations.live().get()
    assert client.get(address)["Location"] == tokens.address(again) == first["Location"]
    assert client.post(first["Location"], {"answer": "accept"}).status_code == 302
    client.force_login(invitation.member.user)
    assert "Before you review" in page(client, f"/en/peer-review/reviews/{again.pk}/")
    client.force_login(invitation.round.editor)
    assert "I pressed the wrong button." in page(client, desk_of(invitation.round.resource)), "that is kept"
    assert not mails_to(invitation.member.user)[1:]


def test_nobody_comes_back_to_a_place_that_is_taken_or_a_round_that_is_over(client):
    invitation = declined()
    address = tokens.address(invitation)
    rounds.ask(invitation.round, make_review.member(), invitation.round.editor)
    assert "Answer once more" not in page(client, address)
    client.post(address, {"answer": "reconsider"})
    over = declined()
    listing.decline(over.round.resource, None, "No.")
    client.post(tokens.address(over), {"answer": "reconsider"})
    paused = declined()
    Member.objects.filter(pk=paused.member_id).update(is_paused=True)
    client.post(tokens.address(paused), {"answer": "reconsider"})
    for each in (invitation, over, paused):
        assert not each.round.invitations.live().filter(member=each.member_id).exists()


def test_an_editor_asks_somebody_again_who_has_declined_and_the_portal_does_not(client):
    invitation = declined(name="Ousmane Fall")
    assert choosing.best(invitation.round.resource, invitation.round, invitation.seat) is None
    client.force_login(invitation.round.editor)
    assert "Has declined in this round" in page(client, desk_of(invitation.round.resource))
    sent = {"member": invitation.member_id}
    for _each in range(2):
        assert client.post(f"{desk_of(invitation.round.resource)}ask/", sent).status_code == 302
    assert invitation.round.invitations.count() == 2
    (message,) = mails_to(invitation.member.user)
    assert "Would you review" in message.subject
    rounds.declare(make_review.accepted(invitation.round.invitations.live().get()), is_free=False, words="A cousin.")
    assert not choosing.candidates(invitation.round.resource, invitation.round)


# What is told and dated


def test_what_is_no_longer_needed_has_the_day_on_which_it_ended(client):
    ingrid, ousmane, lucia, tariq = make_review.roster()
    this_round = make_review.begun(members=[ingrid, ousmane, lucia, tariq])
    for member in (ingrid, ousmane, lucia, tariq):
        make_review.accepted(make_review.invitation(this_round, member))
    resource, now = this_round.resource, timezone.now()
    days = [now + timedelta(days=number) for number in (2, 4, 6)]
    with time_machine.travel(days[0], tick=False):
        membership.pause(ousmane.user, gives_back=True)
    with time_machine.travel(days[1], tick=False):
        rounds.decline(make_review.invitation(this_round, lucia))
    with time_machine.travel(days[2], tick=False):
        submitting.withdraw(resource, resource.submitted_by)
    client.force_login(this_round.editor)
    text = page(client, desk_of(resource))
    said = [f"{day.day} {day:%B %Y}" for day in days]
    assert f"No longer needed since {said[0]}" in text and f"No longer needed since {said[2]}" in text
    assert f"Declined on {said[1]}" in text
    for member, what in ((ingrid, f"No longer needed, {said[2]}"), (ousmane, f"No longer needed, {said[0]}")):
        client.force_login(member.user)
        text = page(client, "/en/peer-review/mine/")
        assert what in text
        assert ("Withdrawn by the submitter" in text) is (member == ingrid)


@pytest.mark.parametrize("deletes", [False, True])
def test_editors_hear_in_their_language_that_what_is_in_review_was_withdrawn(deletes):
    this_round = make_review.begun(by=make_review.editor(language="fr"), members=[make_review.member()])
    resource = this_round.resource
    mail.outbox.clear()
    if deletes:
        erase_account(resource.submitted_by, keep_contributions=False)
    else:
        submitting.withdraw(resource, resource.submitted_by)
    (message,) = mails_to(this_round.editor)
    assert "Papers that travel" in message.subject and desk_of(resource)[3:] in message.body
    assert "Awa Sow" not in message.body


def test_nobody_hears_of_what_is_withdrawn_before_a_review():
    editor, resource = make_review.editor(), make_review.submission()
    mail.outbox.clear()
    submitting.withdraw(resource, resource.submitted_by)
    assert not mails_to(editor)


def test_a_review_sent_several_times_at_once_is_one(transactional_db):
    this_round = make_review.begun(members=[member := make_review.member()])
    invitation = make_review.accepted(make_review.invitation(this_round, member))

    def send(_number):
        try:
            return reviewing.send(Invitation.objects.get(pk=invitation.pk), make_review.typed(), base="")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(send, range(4)))
    assert len({each.pk for each in sent}) == 1
    with pytest.raises(reviewing.SentBefore):
        reviewing.send(invitation, make_review.typed(words="Another text."))
    assert Round.objects.get().invitations.get().state == State.SENT
