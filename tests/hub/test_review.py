import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.resources import drafting, files, listing, submitting
from hub.resources.models import Resource
from hub.resources.permissions import can_read
from hub.resources.states import ResourceError, StateHasChanged
from hub.review import choosing, deciding, reviewing, rounds, tasks, tokens
from hub.review.models import Criterion, Invitation, Member, Recommendation, Review, Round
from tests import make
from tests.forms import fields_of
from tests.hub import make_files, make_review

State, Seat = Invitation.State, Invitation.Seat
LIST, CHANGES, DO_NOT = Recommendation.LIST, Recommendation.LIST_AFTER_CHANGES, Recommendation.DO_NOT_LIST


def page(client, address, status=200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def link_in(message) -> str:
    """The address in a mail, as one would click on it."""
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]


def mails_to(user) -> list:
    return [each for each in mail.outbox if each.to == [user.email]]


def fields_of_review(**fields) -> dict:
    levels = {f"criterion_{criterion}": "2" for criterion in make_review.typed().levels}
    return (
        levels
        | {
            "words_to_submitter": "Say how it was counted.",
            "words_to_editors": "I would list it.",
            "language": "en",
            "recommendation": "0",
        }
        | fields
    )


def test_it_works(client):
    ingrid, ousmane, lucia, _tariq = make_review.roster()
    ann = make_review.editor(name="Ann")
    resource = make_review.submission()
    assert [each.subject for each in mails_to(ann)] == ["Submitted: “Papers that travel”"]
    desk, address = "/en/editorial/", f"/en/editorial/submissions/{resource.pk}/"
    client.force_login(ann)
    assert f'href="{address}"' in page(client, desk)
    text = page(client, address)
    ticked = [ingrid.pk, ousmane.pk, lucia.pk]
    assert [int(key) for key in re.findall(r'name="members" value="(\d+)" checked', text)] == ticked
    mail.outbox.clear()
    assert client.post(f"{address}begin/", {"members": ticked}).status_code == 302
    resource.refresh_from_db()
    assert resource.state == "in_review"
    assert sorted(each.to[0] for each in mail.outbox) == sorted(each.user.email for each in (ingrid, ousmane, lucia))
    for reviewer in (ingrid, ousmane, lucia):
        client.logout()
        link = link_in(mails_to(reviewer.user)[0])
        assert "Papers that travel" in page(client, link)
        assert client.post(link, {"answer": "accept"}).status_code == 302
        client.force_login(reviewer.user)
        asked = Invitation.objects.get(member=reviewer)
        review = f"/en/peer-review/reviews/{asked.pk}/"
        assert "https://harbour.example/papers" not in page(client, review)
        assert client.post(f"{review}declare/", {"is_free": "yes"}).status_code == 302
        assert "https://harbour.example/papers" in page(client, review)
        assert client.post(review, fields_of_review() | {"send": "1"}).status_code == 302
        assert "Say how it was counted." in page(client, review)
    assert mails_to(ann)[-1].subject == "All reviews of “Papers that travel” are in"
    client.force_login(ann)
    seen = re.search(r'name="seen" value="([^"]+)"', page(client, address))[1]
    mail.outbox.clear()
    decision = {"verdict": "list", "words": "Thank you.", "seen": seen}
    assert client.post(f"{address}decide/", decision).status_code == 302
    resource.refresh_from_db()
    assert resource.is_listed
    decided = mails_to(resource.submitted_by)[0]
    assert "Thank you." in decided.body and "Say how it was counted." in decided.body
    assert "I would list it." not in decided.body + decided.alternatives[0][0]
    for reviewer in (ingrid, ousmane, lucia):
        assert reviewer.user.name not in decided.body + decided.alternatives[0][0]
        assert mails_to(reviewer.user)


# Choosing


def names(found) -> list[str]:
    return [each.member.user.name for each in found]


def test_who_fits_best_comes_first():
    resource = make_review.submission(languages=["fr"], text_language="fr", title_fr="Papiers", summary_fr="Pour tous.")
    make_review.member(name="Reads nothing of it", languages=["en"])
    make_review.member(name="Another field", objectives=[9], languages=["fr"])
    busy = make_review.member(name="Busy", objectives=[1, 6], languages=["fr"])
    make_review.begun(make_review.submission(), members=[busy])
    make_review.member(name="One objective", languages=["fr"])
    make_review.member(name="Two objectives", objectives=[1, 6], languages=["fr"])
    knows = make_review.member(name="Knows it", objectives=[9], languages=["fr"])
    earlier = make_review.begun(resource, members=[knows])
    make_review.reviewed(make_review.invitation(earlier, knows))
    listing.request_changes(resource, None, "Say how it was counted.")
    found = choosing.candidates(resource)
    assert names(found) == [
        "Knows it",
        "Two objectives",
        "One objective",
        "Busy",
        "Another field",
        "Reads nothing of it",
    ]
    best = found[1]
    assert (best.objectives, best.languages, best.open_reviews, best.last_asked) == ((1, 6), ("fr",), 0, None)
    assert found[3].open_reviews == 1 and found[3].last_asked


def test_who_is_bound_to_it_is_never_a_candidate():
    submitter = make.person(name="Awa Sow", organization="Institut des Côtes")
    resource = make_review.submission(submitter, publisher="Harbour Institute", authors="Kwame Boateng\nMei Lin")
    make_review.member(user=submitter)
    make_review.member(organization="INSTITUT  DES COTES")
    make_review.member(user=make.person(organization="institut des côtes."))
    make_review.member(organization="Harbour-Institute")
    make_review.member(name="kwame boateng")
    make_review.member(state=Member.State.APPLIED)
    make_review.member(state=Member.State.LEFT)
    make_review.member(is_paused=True)
    make_review.member(user=make.person(is_active=False))
    make_review.member(name="Nobody’s friend", organization="")
    ann = make_review.editor(name="Ann")
    make_review.member(user=ann)
    assert names(choosing.candidates(resource)) == ["Nobody’s friend"]


def test_choosing_asks_the_same_number_of_queries_however_many_there_are():
    resource = make_review.submission()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            choosing.candidates(resource)
        return len(captured)

    make_review.roster()
    before = queries()
    make_review.roster()
    assert queries() == before


def test_a_round_begins_with_enough_reviewers_or_on_purpose_with_fewer(client):
    ingrid, ousmane, lucia, _tariq = make_review.roster()
    resource = make_review.submission()
    client.force_login(make_review.editor())
    address = f"/en/editorial/submissions/{resource.pk}/begin/"
    mail.outbox.clear()
    for chosen in ([], [ingrid.pk], [ousmane.pk, lucia.pk]):
        answer = client.post(address, {"members": chosen})
        assert answer.status_code == 422 and "Choose at least 1 internal and 2 external" in answer.content.decode()
    for nonsense in (["x"], ["999999"], ["\x00"], ["99999999999999999999999999"]):
        assert client.post(address, {"members": nonsense}).status_code == 422
    assert not mail.outbox and not Round.objects.exists()
    assert client.post(address, {"members": [ousmane.pk], "fewer": "on"}).status_code == 302
    assert client.post(address, {"members": [ousmane.pk], "fewer": "on"}).status_code == 302, "a second click"
    assert client.post(address, {"members": [lucia.pk], "fewer": "on"}).status_code == 409
    assert Round.objects.get().invitations.count() == 1


def test_nobody_is_asked_who_cannot_be_asked_any_more():
    ousmane = make_review.member(name="Ousmane Fall")
    resource = make_review.submission()
    Member.objects.update(is_paused=True)
    with pytest.raises(rounds.CannotBeAsked, match="Ousmane Fall can no longer be asked"):
        rounds.begin(resource, [ousmane], make_review.editor(), fewer=True)
    resource.refresh_from_db()
    assert resource.state == "submitted" and not Round.objects.exists()


# The invitation


def asked(member=None, **fields) -> Invitation:
    member = member or make_review.member(**fields)
    return make_review.invitation(make_review.begun(members=[member]), member)


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_mail_is_in_the_language_of_the_reviewer(client, language):
    invitation = asked(language=language)
    message = mails_to(invitation.member.user)[0]
    assert "Papers that travel" in message.subject and "Guidance for civil registries." in message.body
    assert link_in(message).startswith(f"/{language}/peer-review/invitations/")
    assert f'<html lang="{language}">' in message.alternatives[0][0]
    assert f'<html lang="{language}">' in page(client, link_in(message))


def test_looking_at_the_invitation_changes_nothing_and_nobody_keeps_it(client):
    invitation = asked()
    link = tokens.address(invitation)
    for _each in range(2):
        response = client.get(link)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
    client.head(link)
    invitation.refresh_from_db()
    assert invitation.state == State.INVITED
    assert "harbour.example/papers" not in response.content.decode()


def test_an_invitation_is_answered_once(client):
    invitation = asked()
    link = tokens.address(invitation)
    assert client.post(link, {"answer": "perhaps"}).status_code == 422
    assert client.post(link, {"answer": "decline", "reason": "x" * 10_001}).status_code == 422
    invitation.refresh_from_db()
    assert invitation.state == State.INVITED
    client.post(link, {"answer": "decline", "reason": "I travel."})
    assert "Declined" in page(client, link)
    client.post(link, {"answer": "accept"})
    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == (State.DECLINED, "I travel.")


@pytest.mark.parametrize("token", ["x", "1~x", "~", "1", "x" * 5000, "1~" + "é" * 20, "%00", "-1~a"])
def test_a_token_that_is_not_ours_leads_nowhere(client, token):
    asked()
    assert "leads to no invitation" in page(client, f"/en/peer-review/invitations/{token}/", 404)


def test_the_link_ends_with_the_round_and_with_the_account(client):
    invitation = asked()
    link = tokens.address(invitation)
    submitting.withdraw(invitation.round.resource, invitation.round.resource.submitted_by)
    assert "this round of review has ended" in page(client, link)
    client.post(link, {"answer": "accept"})
    invitation.refresh_from_db()
    assert invitation.state == State.WITHDRAWN
    assert "is no longer needed" in mails_to(invitation.member.user)[-1].subject
    invitation.member.user.is_active = False
    invitation.member.user.save()
    page(client, link, 404)


def test_a_title_of_several_lines_and_scripts_does_no_harm(client):
    resource = make_review.submission(
        title_en="Papers\r\nBcc: x@example.org\n<script>alert(1)</script> %s {{ x }} %(title)s"
    )
    member = make_review.member()
    invitation = make_review.begun(resource, members=[member]).invitations.get()
    assert "\n" not in mails_to(member.user)[0].subject and mails_to(member.user)[0].recipients() == [member.user.email]
    assert "<script>" not in mails_to(member.user)[0].alternatives[0][0]
    assert "<script>alert" not in page(client, tokens.address(invitation))
    client.force_login(make_review.editor())
    assert "<script>alert" not in page(client, f"/en/editorial/submissions/{resource.pk}/")


# Somebody else is asked


def test_whoever_declines_or_has_a_conflict_is_replaced_for_the_same_seat():
    ingrid, ousmane, lucia, tariq = make_review.roster()
    other = make_review.member(internal=True, name="Otto Lund")
    this_round = make_review.begun(members=[ingrid, ousmane, lucia])
    rounds.decline(make_review.invitation(this_round, ingrid))
    assert make_review.invitation(this_round, other).seat == Seat.INTERNAL
    accepted = make_review.invitation(this_round, ousmane)
    rounds.accept(accepted)
    rounds.declare(accepted, is_free=False, words="My sister wrote it.")
    assert make_review.invitation(this_round, tariq).seat == Seat.EXTERNAL
    assert len(mails_to(tariq.user)) == 1
    accepted.refresh_from_db()
    assert (accepted.state, accepted.reason) == (State.CONFLICT, "My sister wrote it.")


def test_editors_are_told_when_nobody_is_left():
    ann = make_review.editor(language="es")
    invitation = asked(name="Ousmane Fall")
    mail.outbox.clear()
    rounds.decline(invitation)
    assert len(mails_to(ann)) == 1
    assert "Papers that travel" in mails_to(ann)[0].subject
    assert f"/es/editorial/submissions/{invitation.round.resource_id}/" in mails_to(ann)[0].body


def test_somebody_with_a_conflict_is_never_asked_again_about_the_same_resource():
    tariq = make_review.member(name="Tariq Anand")
    invitation = asked(tariq)
    rounds.accept(invitation)
    rounds.declare(invitation, is_free=False, words="We share an office.")
    resource = invitation.round.resource
    listing.request_changes(resource, None, "More.")
    submitting.answer_changes(resource, resource.submitted_by, "Done.")
    assert not choosing.candidates(resource)
    assert choosing.candidates(make_review.submission())


def test_more_reviewers_than_needed_are_not_replaced(settings):
    settings.EXTERNAL_REVIEWERS, settings.INTERNAL_REVIEWERS = 1, 0
    _ingrid, ousmane, lucia, _tariq = make_review.roster()
    this_round = make_review.begun(members=[ousmane, lucia])
    make_review.reviewed(make_review.invitation(this_round, ousmane))
    ann = make_review.editor()
    rounds.decline(make_review.invitation(this_round, lucia))
    assert this_round.invitations.count() == 2
    assert "All reviews of “Papers that travel” are in" in [each.subject for each in mails_to(ann)]


def test_whoever_leaves_gives_back_what_is_open_and_keeps_what_was_sent():
    ingrid, ousmane, lucia, tariq = make_review.roster()
    first = make_review.begun(members=[ingrid, ousmane, lucia])
    make_review.reviewed(make_review.invitation(first, ousmane))
    second = make_review.begun(members=[ingrid, ousmane, lucia])
    third = make_review.begun(members=[ousmane])
    make_review.accepted(make_review.invitation(third, ousmane))
    ousmane.state = Member.State.LEFT
    ousmane.save()
    assert rounds.release_member(ousmane, "He retires.") == 2
    assert make_review.invitation(first, ousmane).state == State.SENT
    for each in (second, third):
        assert make_review.invitation(each, ousmane).state == State.WITHDRAWN
        assert make_review.invitation(each, ousmane).reason == "He retires."
        assert each.invitations.exclude(member=ousmane).filter(state=State.INVITED).exists()
    assert make_review.invitation(second, tariq)
    assert rounds.release_member(ousmane, "Again.") == 0


def test_an_editor_takes_an_invitation_back_or_asks_one_more(client):
    ingrid, ousmane, lucia, tariq = make_review.roster()
    this_round = make_review.begun(members=[ingrid, ousmane, lucia])
    client.force_login(make_review.editor())
    mail.outbox.clear()
    slow = make_review.invitation(this_round, ousmane)
    assert client.post(f"/en/editorial/invitations/{slow.pk}/take-back/").status_code == 302
    assert make_review.invitation(this_round, tariq).state == State.INVITED
    assert link_in(mails_to(ousmane.user)[0]) == f"/fr/peer-review/reviews/{slow.pk}/"
    assert client.post(f"/en/editorial/invitations/{slow.pk}/take-back/").status_code == 409
    another = make_review.member(name="Zahra Qasim")
    ask = f"/en/editorial/submissions/{this_round.resource_id}/ask/"
    assert client.post(ask, {"member": another.pk}).status_code == 302
    assert make_review.invitation(this_round, another).seat == Seat.EXTERNAL
    assert client.post(ask, {"member": another.pk}).status_code == 302, "a second click"
    assert client.post(ask, {"member": ousmane.pk}).status_code == 422
    for nonsense in ("", "x", "99999999999999999999", "\x00"):
        assert client.post(ask, {"member": nonsense}).status_code == 422
    assert this_round.invitations.count() == 5


# Writing


def form_of(invitation) -> str:
    return f"/en/peer-review/reviews/{invitation.pk}/"


def test_the_declaration_comes_before_resource_and_form(client):
    invitation = asked()
    rounds.accept(invitation)
    resource = invitation.round.resource
    client.force_login(invitation.member.user)
    text = page(client, form_of(invitation))
    assert "Harbour Institute" in text and "https://harbour.example/papers" not in text and "criterion_" not in text
    assert not can_read(invitation.member.user, resource)
    assert client.post(form_of(invitation), fields_of_review() | {"send": "1"}).status_code == 409
    assert client.post(f"{form_of(invitation)}declare/", {}).status_code == 422
    assert client.post(f"{form_of(invitation)}declare/", {"is_free": "no"}).status_code == 422
    assert client.post(f"{form_of(invitation)}declare/", {"is_free": "yes"}).status_code == 302
    assert can_read(invitation.member.user, resource)
    text = page(client, form_of(invitation))
    assert "criterion_" in text
    # Above the form, what it is about.
    above = text.split('id="form"')[0]
    assert 'href="https://harbour.example/papers"' in above and 'href="#resource"' in above
    assert text.count('id="resource"') == 1


def test_a_review_is_saved_in_parts_and_sent_when_it_is_whole(client):
    invitation = make_review.accepted(asked())
    client.force_login(invitation.member.user)
    first = Criterion.objects.in_use().first()
    part = {"words_to_submitter": "First\r\nsecond.", "language": "fr", f"criterion_{first.pk}": "0", "save": "1"}
    assert client.post(form_of(invitation), part).status_code == 302
    review = invitation.review
    assert (review.words_to_submitter, review.language, review.sent_at) == ("First\nsecond.", "fr", None)
    assert [(score.criterion, score.level) for score in review.scores.all()] == [(first, None)]
    refused = client.post(form_of(invitation), part | {"send": "1"})
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "<title>Error: " in text and "second." in text and text.count("Choose a level for") == 2 * 4
    assert "Choose what you recommend." in text
    assert client.post(form_of(invitation), fields_of_review() | {"send": "1"}).status_code == 302
    review.refresh_from_db()
    invitation.refresh_from_db()
    assert review.sent_at and invitation.state == State.SENT
    twice = client.post(form_of(invitation), fields_of_review() | {"send": "1"}, follow=True)
    assert "Your review is sent." in twice.content.decode()
    client.post(form_of(invitation), fields_of_review(words_to_submitter="Other words.") | {"send": "1"})
    client.post(form_of(invitation), fields_of_review(words_to_submitter="Other words.") | {"save": "1"})
    review.refresh_from_db()
    assert review.words_to_submitter == "Say how it was counted."


@pytest.mark.parametrize(
    "fields",
    [
        {"recommendation": "7"},
        {"recommendation": "x"},
        {"language": "xx"},
        {"words_to_submitter": "x" * 10_001},
        {"words_to_submitter": "\u200b \n"},
    ],
)
def test_what_no_form_sends_is_refused_with_the_text_kept(client, fields):
    invitation = make_review.accepted(asked())
    client.force_login(invitation.member.user)
    response = client.post(form_of(invitation), fields_of_review(**fields) | {"send": "1"})
    assert response.status_code == 422
    assert "I would list it." in response.content.decode()
    invitation.refresh_from_db()
    assert invitation.state == State.ACCEPTED
    criterion = next(iter(make_review.typed().levels))
    for level in ("4", "-1", "x", "\x00"):
        sent = fields_of_review() | {f"criterion_{criterion}": level, "send": "1"}
        assert client.post(form_of(invitation), sent).status_code == 422


def test_a_stale_window_replaces_nothing(client):
    invitation = make_review.accepted(asked())
    client.force_login(invitation.member.user)
    save = f"{form_of(invitation)}save/"
    first = client.post(save, {"words_to_submitter": "One.", "language": "en", "version": ""}).json()
    assert "saved at" in first["saved_at"]
    second = {"words_to_submitter": "One, two.", "language": "en", "version": first["version"]}
    assert client.post(save, second).status_code == 200
    stale = {"words_to_submitter": "Other.", "language": "en", "version": first["version"]}
    assert client.post(save, stale).status_code == 409
    answer = client.post(form_of(invitation), stale | {"save": "1"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "Other." in text
    assert '<dt>To the people who submitted it</dt><dd dir="auto">One, two.</dd>' in text
    assert text.count('<dd dir="auto">') == 1, "only what is kept otherwise"
    assert Review.objects.get().words_to_submitter == "One, two."
    again = fields_of(answer, "write")
    assert client.post(form_of(invitation), again | {"save": "1"}).status_code == 302
    assert Review.objects.get().words_to_submitter == "Other."
    assert client.post(save, {"words_to_submitter": "x" * 10_001, "language": "en"}).status_code == 422
    assert Review.objects.get().words_to_submitter == "Other."


def test_a_text_sent_after_the_session_ended_waits_for_the_log_in(client):
    invitation = make_review.accepted(asked())
    response = client.post(form_of(invitation), fields_of_review() | {"send": "1"})
    assert response.status_code == 302 and "/accounts/login/" in response["Location"]
    assert client.post(f"{form_of(invitation)}save/", fields_of_review()).status_code == 401
    client.force_login(invitation.member.user)
    assert "Say how it was counted." in page(client, form_of(invitation))
    assert not Review.objects.exists()


def test_a_late_review_is_taken_until_the_round_ends_and_kept_afterwards(client):
    ann = make_review.editor()
    invitation = make_review.accepted(asked())
    Invitation.objects.update(due_at=timezone.now() - timedelta(days=30))
    client.force_login(invitation.member.user)
    assert "we take it until the editors decide" in page(client, form_of(invitation))
    listing.decline(invitation.round.resource, ann, "It is an advertisement.")
    answer = client.post(form_of(invitation), fields_of_review() | {"send": "1"})
    assert answer.status_code == 409
    assert "has ended in the meantime" in answer.content.decode()
    assert "Say how it was counted." in answer.content.decode()
    assert Review.objects.get().sent_at is None
    assert "Say how it was counted." in page(client, form_of(invitation))
    client.force_login(ann)
    assert "Say how it was counted." not in page(client, f"/en/editorial/submissions/{invitation.round.resource_id}/")


def test_a_review_can_be_given_back(client):
    invitation = make_review.accepted(asked())
    tariq = make_review.member(name="Tariq Anand")
    client.force_login(invitation.member.user)
    assert client.post(f"{form_of(invitation)}give-back/", {"reason": "x" * 10_001}).status_code == 422
    assert client.post(f"{form_of(invitation)}give-back/", {"reason": "I am ill."}).status_code == 302
    assert "Declined" in page(client, form_of(invitation))
    assert make_review.invitation(invitation.round, tariq)
    assert client.post(form_of(invitation), fields_of_review() | {"send": "1"}).status_code == 409


def test_reviewers_read_each_other_once_their_own_is_sent_and_without_names(client):
    ingrid, ousmane, lucia, _tariq = make_review.roster()
    this_round = make_review.begun(members=[ingrid, ousmane, lucia])
    first = make_review.invitation(this_round, ingrid)
    second = make_review.accepted(make_review.invitation(this_round, ousmane))
    make_review.reviewed(first, words="Clear.", words_to_editors="Not for reviewers.")
    client.force_login(ousmane.user)
    assert "Clear." not in page(client, form_of(second))
    page(client, form_of(first), 404)
    reviewing.send(second, make_review.typed(words="Thin."))
    text = page(client, form_of(second))
    assert "Clear." in text and "Thin." in text and "Reviewer A" in text and "Reviewer B" in text
    assert "Not for reviewers." not in text and "Ingrid" not in text
    assert text == page(client, form_of(second))


# Disagreement


def test_one_more_is_asked_when_reviewers_disagree_and_only_once():
    ann = make_review.editor()
    ingrid, ousmane, lucia, tariq = make_review.roster()
    zahra = make_review.member(name="Zahra Qasim")
    this_round = make_review.begun(members=[ingrid, ousmane, lucia])
    make_review.reviewed(make_review.invitation(this_round, ingrid), LIST)
    make_review.reviewed(make_review.invitation(this_round, ousmane), CHANGES)
    this_round.refresh_from_db()
    assert not this_round.disagreed_at
    mail.outbox.clear()
    make_review.reviewed(make_review.invitation(this_round, lucia), DO_NOT)
    this_round.refresh_from_db()
    assert this_round.disagreed_at
    arbiter = make_review.invitation(this_round, tariq)
    assert arbiter.seat == Seat.ARBITER
    assert "do not agree" in mails_to(tariq.user)[0].body
    assert [each.subject for each in mails_to(ann)] == ["Reviewers disagree about “Papers that travel”"]
    assert "Tariq Anand was asked" in mails_to(ann)[0].body
    assert not rounds.is_complete(this_round)
    rounds.decline(arbiter)
    assert make_review.invitation(this_round, zahra).seat == Seat.ARBITER
    make_review.reviewed(make_review.invitation(this_round, zahra), DO_NOT)
    assert this_round.invitations.count() == 5
    assert mails_to(ann)[-1].subject == "All reviews of “Papers that travel” are in"


def test_the_distance_at_which_reviewers_disagree_is_a_setting(settings):
    settings.REVIEW_DISAGREEMENT = 1
    _ingrid, ousmane, lucia, tariq = make_review.roster()
    this_round = make_review.begun(members=[ousmane, lucia])
    make_review.reviewed(make_review.invitation(this_round, ousmane), LIST)
    make_review.reviewed(make_review.invitation(this_round, lucia), CHANGES)
    assert make_review.invitation(this_round, tariq).seat == Seat.ARBITER


# Deciding


def all_in(recommendation=LIST):
    """A round of which all reviews are in, and its editor."""
    ingrid, ousmane, lucia, _tariq = make_review.roster()
    this_round = make_review.begun(members=[ingrid, ousmane, lucia], by=make_review.editor(name="Ann"))
    for number, each in enumerate((ingrid, ousmane, lucia)):
        make_review.reviewed(
            make_review.invitation(this_round, each), recommendation, words=f"Words {number}.", language="fr"
        )
    mail.outbox.clear()
    return this_round


def decide(client, resource, verdict, *, seen=None, **fields):
    resource.refresh_from_db()
    sent = {"verdict": verdict, "words": "Our words.", "seen": seen or deciding.sight(resource)} | fields
    return client.post(f"/en/editorial/submissions/{resource.pk}/decide/", sent)


def test_no_field_is_called_optional_that_is_needed_at_times(client):
    invitation = asked()
    client.force_login(invitation.round.editor)
    text = page(client, f"/en/editorial/submissions/{invitation.round.resource_id}/")
    label = re.search(r'<label for="id_words">(.*?)</label>', text)[1]
    assert "They get them by e-mail. Needed." in text and "optional" not in label
    rounds.accept(invitation)
    client.force_login(invitation.member.user)
    text = page(client, form_of(invitation))
    assert "optional" not in re.search(r'<label for="id_words">(.*?)</label>', text)[1]
    assert "optional" in re.search(r'<label for="id_reason">(.*?)</label>', text)[1]


def test_deciding_before_all_reviews_are_in_needs_a_tick(client):
    this_round = make_review.begun(members=[make_review.member()])
    client.force_login(this_round.editor)
    answer = decide(client, this_round.resource, "decline")
    assert answer.status_code == 422 and "Not all reviews are in" in answer.content.decode()
    assert "Our words." in answer.content.decode()
    assert decide(client, this_round.resource, "decline", early="on").status_code == 302
    this_round.refresh_from_db()
    assert this_round.closed_at


def test_words_are_needed_unless_it_is_listed(client):
    this_round = all_in()
    client.force_login(this_round.editor)
    for verdict in ("changes", "decline"):
        assert decide(client, this_round.resource, verdict, words=" ").status_code == 422
    assert decide(client, this_round.resource, "perhaps").status_code == 422
    assert decide(client, this_round.resource, "take_off").status_code == 409
    assert decide(client, this_round.resource, "list", words="x" * 10_001).status_code == 422
    assert not mail.outbox
    assert decide(client, this_round.resource, "list", words="").status_code == 302


def test_two_editors_decide_at_once(client):
    this_round = all_in()
    resource = this_round.resource
    seen = deciding.sight(Resource.objects.get(pk=resource.pk))
    client.force_login(this_round.editor)
    assert decide(client, resource, "changes", seen=seen).status_code == 302
    assert decide(client, resource, "changes", seen=seen).status_code == 302, "a double click is one decision"
    client.force_login(make_review.editor(name="Ben"))
    for verdict in ("list", "decline", "changes", "take_off"):
        answer = decide(client, resource, verdict, seen=seen, words="Of another mind.")
        assert answer.status_code == 409
        assert "Of another mind." in answer.content.decode()
    resource.refresh_from_db()
    assert resource.state == "changes_requested"
    assert len(mails_to(resource.submitted_by)) == 1


def test_a_review_that_comes_in_while_an_editor_writes_is_read_first(client):
    ingrid, ousmane, lucia, _tariq = make_review.roster()
    this_round = make_review.begun(members=[ingrid, ousmane, lucia])
    this_round.resource.refresh_from_db()
    seen = deciding.sight(this_round.resource)
    make_review.reviewed(make_review.invitation(this_round, ingrid), words="Read me first.")
    client.force_login(this_round.editor)
    answer = decide(client, this_round.resource, "list", seen=seen, early="on")
    text = answer.content.decode()
    assert answer.status_code == 409 and "Another review came in" in text and "Read me first." in text
    assert decide(client, this_round.resource, "list", early="on").status_code == 302


def test_withdrawn_while_an_editor_decides(client):
    this_round = all_in()
    resource = this_round.resource
    seen = deciding.sight(Resource.objects.get(pk=resource.pk))
    submitting.withdraw(resource, resource.submitted_by)
    client.force_login(this_round.editor)
    answer = decide(client, resource, "list", seen=seen)
    assert answer.status_code == 409 and "Our words." in answer.content.decode()
    assert len(mails_to(Member.objects.first().user)) == 1


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_submitter_gets_the_decision_with_the_words_of_nobody_named(client, language):
    this_round = all_in(CHANGES)
    resource, user = this_round.resource, this_round.resource.submitted_by
    user.language = language
    user.save()
    client.force_login(this_round.editor)
    decide(client, resource, "changes", words="Say how it was counted.\n\nThank you.")
    (message,) = mails_to(user)
    html = message.alternatives[0][0]
    assert f'<html lang="{language}">' in html
    for text in (message.body, html):
        for number in range(3):
            assert f"Words {number}." in text
        for invitation in this_round.invitations.all():
            assert invitation.member.user.name not in text
    assert "Say how it was counted.\n\nThank you." in message.body
    client.force_login(user)
    text = page(client, f"/{language}/peer-review/submissions/{resource.pk}/")
    assert "Words 0." in text and "Say how it was counted." in text
    assert not any(each.member.user.name in text for each in this_round.invitations.all())


def test_a_second_round_after_changes_asks_those_who_know_it_and_ends_listed(client):
    this_round = all_in(CHANGES)
    resource = this_round.resource
    client.force_login(this_round.editor)
    decide(client, resource, "changes")
    submitting.answer_changes(resource, resource.submitted_by, "The counting is on page 4 now.")
    assert "The counting is on page 4 now." in mails_to(this_round.editor)[-1].body
    text = page(client, f"/en/editorial/submissions/{resource.pk}/")
    reviewers = [each.member_id for each in this_round.invitations.all()]
    assert sorted(map(int, re.findall(r'name="members" value="(\d+)" checked', text))) == sorted(reviewers)
    assert client.post(f"/en/editorial/submissions/{resource.pk}/begin/", {"members": reviewers}).status_code == 302
    second = resource.rounds.get(number=2)
    mail.outbox.clear()
    for invitation in second.invitations.all():
        make_review.reviewed(invitation, LIST, words="Better.")
    assert decide(client, resource, "list").status_code == 302
    (message,) = mails_to(resource.submitted_by)
    assert "Better." in message.body and "Words 0." not in message.body
    assert resource.state_changes.count() == 6


def test_after_changes_it_can_be_listed_without_a_second_round(client):
    this_round = all_in(CHANGES)
    resource = this_round.resource
    client.force_login(this_round.editor)
    decide(client, resource, "changes")
    mail.outbox.clear()
    drafting.note_change(resource)
    submitting.answer_changes(resource, resource.submitted_by, "Done.")
    (receipt,) = mails_to(resource.submitted_by)
    assert receipt.subject.startswith("Vous avez renvoyé") and "équipe éditoriale" in receipt.body
    mail.outbox.clear()
    assert decide(client, resource, "list").status_code == 302
    assert "Words 0." not in mails_to(resource.submitted_by)[0].body


def test_a_listed_resource_is_taken_off_with_reasons(client):
    this_round = all_in()
    client.force_login(this_round.editor)
    decide(client, this_round.resource, "list")
    mail.outbox.clear()
    assert decide(client, this_round.resource, "take_off", words="The figures were withdrawn.").status_code == 302
    (message,) = mails_to(this_round.resource.submitted_by)
    assert "n’est plus publiée" in message.subject and "The figures were withdrawn." in message.body


def test_what_was_decided_by_mistake_is_undone_on_the_desk(client):
    this_round = all_in()
    resource = this_round.resource
    client.force_login(this_round.editor)
    desk = f"/en/editorial/submissions/{resource.pk}/"
    decide(client, resource, "decline")
    html = page(client, desk)
    assert 'value="take_up_again"' in html and 'value="list_again"' not in html
    assert decide(client, resource, "list_again").status_code == 409, "it was never listed"
    assert decide(client, resource, "take_up_again", words="").status_code == 422
    mail.outbox.clear()
    assert decide(client, resource, "take_up_again", words="We read it wrongly.").status_code == 302
    (message,) = mail.outbox
    assert message.to == [resource.submitted_by.email] and "We read it wrongly." in message.body
    assert decide(client, resource, "list").status_code == 302, "its reviews are still there"
    decide(client, resource, "take_off")
    assert 'value="list_again"' in page(client, desk)
    assert decide(client, resource, "list_again", words="That was a slip.").status_code == 302
    resource.refresh_from_db()
    page(client, resource.get_absolute_url())
    client.force_login(resource.submitted_by)
    html = page(client, f"/en/resources/mine/{resource.pk}/")
    assert "The editors took it up again." in html and "The editors put it back on the list." in html
    assert "Your words to the editors" not in html


def test_nobody_decides_about_their_own_or_what_they_review(client):
    ann, ben = make_review.editor(name="Ann"), make.person(name="Ben")
    own = make_review.submission(ann)
    ben_reviews = make_review.member(user=ben)
    other = make_review.begun(members=[ben_reviews]).resource
    ben.groups.add(*ann.groups.all())
    for user, resource in ((ann, own), (ben, other)):
        client.force_login(user)
        assert client.get(f"/en/editorial/submissions/{resource.pk}/").status_code == 403
        assert decide(client, resource, "list", early="on").status_code == 403
        with pytest.raises(deciding.NotYours):
            deciding.decide(resource, user, "list", words="", seen=deciding.sight(resource), early=True)
        assert "Another editor decides about this one" in page(client, "/en/editorial/")


# Reminders


def at(moment):
    return time_machine.travel(moment, tick=False)


def test_who_does_not_answer_is_reminded_once_and_then_replaced():
    ousmane, tariq = make_review.member(language="fr"), make_review.member(name="Tariq Anand")
    invitation = asked(ousmane)
    mail.outbox.clear()
    with at(invitation.answer_by - timedelta(hours=1)):
        tasks.remind.enqueue()
    assert not mail.outbox
    for _hour in range(2):
        with at(invitation.answer_by + timedelta(hours=1)):
            tasks.remind.enqueue()
    assert len(mails_to(ousmane.user)) == len(mail.outbox) == 1
    assert link_in(mail.outbox[0]) == f"/fr{tokens.address(invitation)[3:]}"
    with at(invitation.answer_by + timedelta(days=2)):
        tasks.remind.enqueue()
    assert len(mail.outbox) == 1
    for _hour in range(2):
        with at(invitation.answer_by + timedelta(days=4)):
            tasks.remind.enqueue()
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_at) == (State.DECLINED, None)
    assert len(mails_to(ousmane.user)) == 2 and len(mails_to(tariq.user)) == 1


def test_a_long_pause_of_the_worker_costs_nobody_the_time_after_the_reminder():
    invitation = asked()
    with at(invitation.answer_by + timedelta(days=30)):
        tasks.remind.enqueue()
        tasks.remind.enqueue()
    invitation.refresh_from_db()
    assert invitation.state == State.INVITED


def test_reminders_before_and_after_a_review_is_due_each_once():
    ann = make_review.editor()
    invitation = make_review.accepted(asked())
    user = invitation.member.user
    mail.outbox.clear()
    subjects = []
    for days in (-20, -4, -2, -1, 0, 2, 3, 8, 9, 40):
        with at(invitation.due_at + timedelta(days=days)):
            tasks.remind.enqueue()
            tasks.remind.enqueue()
        subjects.append(sorted({each.subject for each in mail.outbox}))
        assert len(mail.outbox) == len({each.to[0] for each in mail.outbox})
        mail.outbox.clear()
    soon, late = "Your review of “Papers that travel” is due soon", "Your review of “Papers that travel” is overdue"
    overdue = "A review of “Papers that travel” is overdue"
    assert subjects == [[], [], [soon], [], [], [late], [], [overdue], [], []]
    assert not mails_to(ann) and not mails_to(user)


def test_nobody_is_reminded_of_what_is_over_and_closed_accounts_are_replaced():
    invitation = make_review.accepted(asked())
    listing.decline(invitation.round.resource, None, "No.")
    other = asked()
    tariq = make_review.member(name="Tariq Anand")
    other.member.user.is_active = False
    other.member.user.save()
    mail.outbox.clear()
    with at(timezone.now() + timedelta(hours=1)):
        tasks.remind.enqueue()
    assert {each.to[0] for each in mail.outbox} == {tariq.user.email}
    with at(invitation.due_at + timedelta(days=30)):
        tasks.remind.enqueue()
    assert not mails_to(invitation.member.user)


# Roles


def test_each_role_against_every_page(client):
    """What everybody gets who may not: nothing that tells that there is something."""
    ann = make_review.editor(name="Ann")
    ingrid, ousmane, lucia, tariq = make_review.roster()
    gone, conflicted = make_review.member(name="Gone"), make_review.member(name="Bound")
    applicant = make_review.member(name="Applicant", state=Member.State.APPLIED)
    this_round = make_review.begun(members=[ingrid, ousmane, lucia, gone, conflicted], by=ann)
    resource = this_round.resource
    by = {each.member: each for each in this_round.invitations.select_related("member__user")}
    make_review.reviewed(by[ingrid], words="Only for those who may.")
    make_review.accepted(by[ousmane])
    rounds.decline(by[gone])
    rounds.accept(by[conflicted])
    rounds.declare(by[conflicted], is_free=False, words="A tie.")
    other = make_review.begun(members=[tariq]).invitations.get()
    make_review.accepted(other)
    question = make.consultation().questions.get(number=1)
    people = {
        "visitor": None,
        "participant": make.person(),
        "submitter": resource.submitted_by,
        "invited": lucia.user,
        "accepted": ousmane.user,
        "sent": ingrid.user,
        "declined": gone.user,
        "conflicted": conflicted.user,
        "reviewer of another": tariq.user,
        "applicant": applicant.user,
        "moderator": make.moderator(question.consultation),
        "editor": ann,
        "admin": make.admin(),
    }
    editors = {"editor", "admin"}
    submission = f"/en/editorial/submissions/{resource.pk}/"
    pages = {
        "/en/editorial/": (editors, 403),
        submission: (editors, 403),
        f"/en/editorial/submissions/{make_review.draft().pk}/": (set(), 403),
        f"/en/peer-review/submissions/{resource.pk}/": ({"submitter"}, 404),
        form_of(by[ousmane]): ({"accepted"}, 404),
        form_of(by[ingrid]): ({"sent"}, 404),
        form_of(by[gone]): ({"declined"}, 404),
        form_of(by[conflicted]): ({"conflicted"}, 404),
        form_of(other): ({"reviewer of another"}, 404),
    }
    posts = {
        f"{submission}begin/": editors,
        f"{submission}ask/": editors,
        f"{submission}decide/": editors,
        f"/en/editorial/invitations/{by[lucia].pk}/take-back/": editors,
        f"{form_of(by[ousmane])}declare/": {"accepted"},
        f"{form_of(by[ousmane])}give-back/": {"accepted"},
        f"{form_of(by[ousmane])}save/": {"accepted"},
        form_of(by[ousmane]): {"accepted"},
    }
    readers = {"submitter", "accepted", "sent", "editor", "admin"}
    for role, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
            assert can_read(user, resource) == (role in readers), role
        for address, (may, refusal) in pages.items():
            response = client.get(address)
            if role in may:
                assert response.status_code == 200, (role, address)
                continue
            expected = {302} if not user else {404} if role in editors else {refusal}
            assert response.status_code in expected, (role, address)
            if user:
                text = response.content.decode()
                assert "Papers that travel" not in text and "Only for those" not in text, (role, address)
        for address, may in posts.items():
            assert client.get(address).status_code in ({302, 405} if role not in may else {200, 302, 405}) | {404, 403}
            if role not in may:
                status = client.post(address, {"reason": "Hostile.", "verdict": "list", "seen": "x"}).status_code
                assert status in ({302, 401} if not user else {403, 404}), (role, address)
    assert "Only for those who may." in (client.force_login(ann), page(client, submission))[1]
    states = dict(this_round.invitations.values_list("member__user__name", "state"))
    assert states["Lucía Prado"] == State.INVITED and states["Ousmane Fall"] == State.ACCEPTED
    resource.refresh_from_db()
    assert resource.state == "in_review"


def test_what_is_under_review_is_found_nowhere_else(client):
    invitation = make_review.accepted(asked())
    resource = invitation.round.resource
    client.force_login(invitation.member.user)
    assert "Papers that travel" not in page(client, "/en/resources/")
    assert "No results" in page(client, "/en/search/?q=Papers+that+travel")
    assert client.get("/en/resources/papers-that-travel/").status_code == 404
    listing.decline(resource, None, "No.")
    assert not can_read(invitation.member.user, resource)


# The desk


def test_the_desk_shows_what_waits_how_long_and_what_is_late(client):
    ann = make_review.editor(name="Ann")
    with at(timezone.now() - timedelta(days=12)):
        make_review.submission(title_en="Still waiting")
        late = make_review.begun(members=[make_review.member(name="Slow Reader")], by=ann)
        declined = make_review.submission(title_en="Declined since")
    with at(timezone.now() - timedelta(days=9)):
        listing.decline(declined, ann, "No.")
    make_review.draft(title_en="Only a draft")
    client.force_login(ann)
    text = page(client, "/en/editorial/")
    assert "2 submissions are on their way." in text and "Slow Reader" in text
    assert "Still waiting" in text and "1\xa0week, since" in text
    assert "Only a draft" not in text and "Declined since" not in text
    assert "1\xa0day<" in text, "the usual time as submitted: the median of nothing and three days"
    assert "Declined since" in page(client, "/en/editorial/?state=declined")
    for nonsense in ("draft", "x", "%00", "'"):
        assert "Still waiting" in page(client, f"/en/editorial/?state={nonsense}&page=99999999999999999999")
    assert "for 1\xa0week" in page(client, f"/en/editorial/submissions/{late.resource_id}/")


def test_pages_ask_the_same_number_of_queries_whatever_they_show(client):
    ann = make_review.editor(name="Ann")

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            page(client, address)
        return len(captured)

    def more():
        reviewers = [make_review.member(), make_review.member(), make_review.member(internal=True)]
        this_round = make_review.begun(resource, members=reviewers, by=ann)
        for invitation in this_round.invitations.all():
            make_review.reviewed(invitation)
        make_review.submission()
        make_review.begun(members=reviewers, by=ann)
        return this_round

    resource = make_review.submission()
    make_review.begun(members=make_review.roster()[:1])
    last = more()
    client.force_login(ann)
    desk, submission = "/en/editorial/", f"/en/editorial/submissions/{resource.pk}/"
    queries(desk)
    first = queries(desk), queries(submission)
    for _each in range(2):
        listing.request_changes(resource, None, "More.")
        submitting.answer_changes(resource, resource.submitted_by, "Done.")
        last = more()
    assert (queries(desk), queries(submission)) == first
    client.force_login(last.invitations.first().member.user)
    sent = queries(form_of(last.invitations.first()))
    assert sent <= 25
    client.force_login(resource.submitted_by)
    address = f"/en/peer-review/submissions/{resource.pk}/"
    before = queries(address)
    listing.request_changes(resource, None, "More.")
    assert queries(address) == before


def test_editors_see_what_is_known_already_whoever_submitted_it(client):
    make_review.submission(title_en="Papers that travel far", address="https://example.org/other")
    make_review.submission(title_en="Ten myths")
    make_review.draft(title_en="Papers that travel fast")
    resource = make_review.submission()
    client.force_login(make_review.editor())
    text = page(client, f"/en/editorial/submissions/{resource.pk}/")
    assert "Perhaps known already" in text and "Papers that travel far" in text and "Ten myths" in text
    assert "Papers that travel fast" not in text


# At the same moment


def together(*jobs) -> list:
    """Run the jobs at the same moment on connections of their own; what each returned or raised."""
    barrier = threading.Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait()
            return job()
        except ResourceError as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_editors_decide_at_the_same_moment(transactional_db):
    this_round = all_in()
    resource = Resource.objects.get(pk=this_round.resource_id)
    seen, ben = deciding.sight(resource), make_review.editor(name="Ben")
    results = together(
        lambda: deciding.decide(resource, this_round.editor, "changes", words="Say how.", seen=seen),
        lambda: deciding.decide(resource, ben, "decline", words="Thin.", seen=seen),
    )
    assert sorted(isinstance(each, StateHasChanged) for each in results) == [False, True]
    assert len(mails_to(resource.submitted_by)) == 1


def test_two_resources_of_one_title_are_listed_at_the_same_moment(transactional_db):
    one, other = (make_review.submission(address=f"https://harbour.example/{number}") for number in range(2))
    results = together(lambda: listing.list_resource(one, None), lambda: listing.list_resource(other, None))
    slugs = sorted(each.resource.slug for each in results)
    assert slugs[0] == "papers-that-travel" and slugs[1] in {f"papers-that-travel-{each.pk}" for each in (one, other)}


def test_reviews_that_disagree_sent_while_others_withdraw_or_leave(transactional_db):
    ingrid, ousmane, lucia, tariq = make_review.roster()
    this_round = make_review.begun(members=[ingrid, ousmane, lucia])
    first, second = (make_review.accepted(make_review.invitation(this_round, each)) for each in (ingrid, ousmane))
    results = together(
        lambda: reviewing.send(first, make_review.typed(LIST)),
        lambda: reviewing.send(second, make_review.typed(DO_NOT)),
        lambda: make_review.leave(lucia),
    )
    assert not [each for each in results if isinstance(each, ResourceError)]
    this_round.refresh_from_db()
    assert this_round.disagreed_at
    assert this_round.invitations.filter(member=tariq).count() == 1
    assert make_review.invitation(this_round, lucia).state == State.WITHDRAWN
    asked_again = make_review.accepted(make_review.invitation(this_round, tariq))
    resource = this_round.resource
    sent, _withdrawn = together(
        lambda: reviewing.send(asked_again, make_review.typed(LIST)),
        lambda: submitting.withdraw(resource, resource.submitted_by),
    )
    this_round.refresh_from_db()
    assert this_round.closed_at
    asked_again.refresh_from_db()
    assert asked_again.state == (State.WITHDRAWN if isinstance(sent, rounds.RoundIsOver) else State.SENT)
    assert asked_again.review.words_to_submitter == "Clear and useful."


# Files


def test_files_are_for_those_who_have_declared(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    invitation, other = asked(), asked()
    resource = invitation.round.resource
    file = files.keep(resource, make_files.pdf("method.pdf"))
    client.force_login(other.member.user)
    page(client, file.get_absolute_url(), 404)
    client.force_login(invitation.member.user)
    page(client, file.get_absolute_url(), 404)
    make_review.accepted(invitation)
    assert client.get(file.get_absolute_url()).status_code == 200
    assert file.get_absolute_url() in page(client, form_of(invitation))
    submitting.withdraw(resource, resource.submitted_by)
    page(client, file.get_absolute_url(), 404)
