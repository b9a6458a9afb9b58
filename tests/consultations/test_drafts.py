import re
import uuid

import pytest

from accounts.whose import mark_of
from consultations import drafts, posting
from consultations.models import Comment, Draft
from tests import make
from tests.consultations.test_question_page import post


def save(author, question, body, base=0, **more):
    typed = drafts.Typed(body=body, **more.pop("typed", {}))
    return drafts.save(author=author, question=question, typed=typed, base=base, **more)


def test_it_works(client, question, participant):
    first = save(participant, question, "Eight").draft
    second = save(participant, question, "Eight hundred words.", base=first.sequence).draft
    assert Draft.objects.get() == second
    client.force_login(participant)
    for address in (question.get_absolute_url(), "/en/me/contributions/"):
        assert "Eight hundred words." in client.get(address).content.decode()


def test_a_stale_tab_never_overwrites_a_newer_text(question, participant):
    loaded = save(participant, question, "As both tabs loaded it.").draft.sequence
    save(participant, question, "As one tab went on.", base=loaded)
    stale = save(participant, question, "As the other went on.", base=loaded)
    assert stale.is_stale
    assert stale.draft.body == Draft.objects.get().body == "As one tab went on."


@pytest.mark.parametrize("base", [0, 7, 2**62, 10**18])
def test_what_a_browser_claims_as_its_version_blocks_nothing(question, participant, base):
    kept = save(participant, question, "One.", base=base).draft
    assert not save(participant, question, "Two.", base=kept.sequence).is_stale


def test_an_empty_text_removes_the_draft(question, participant):
    kept = save(participant, question, "One.").draft
    save(participant, question, " \n", base=kept.sequence)
    assert not Draft.objects.exists()


def test_a_draft_goes_with_the_post_and_does_not_come_back(question, participant):
    key = uuid.uuid4()
    save(participant, question, "A te", submission_key=key)
    make.comment(question, author=participant, body="A text.", submission_key=key)
    save(participant, question, "A text.", base=1, submission_key=key)
    assert not Draft.objects.exists()


def test_all_that_the_form_holds_is_kept(client, participant):
    """A pseudonym that got lost would publish the name of somebody in danger."""
    question = make.consultation(allows_pseudonyms=True).questions.get(number=1)
    client.force_login(participant)
    fields = {"pseudonym": "A night nurse", "asks": "on", "language": "es", "action": "draft"}
    assert post(client, question, body="Not yet.", **fields).status_code == 302
    page = client.get(question.get_absolute_url()).content.decode()
    assert 'value="A night nurse"' in page
    assert 'name="asks" id="asks" checked' in page
    assert '<option value="es" selected>' in page


def test_a_pseudonym_survives_an_ended_session(client, participant):
    question = make.consultation(allows_pseudonyms=True).questions.get(number=1)
    answer = post(client, question, body="My night shift.", pseudonym="A night nurse", whose=mark_of(participant))
    assert "Your text is kept" in client.get(answer.headers["Location"]).content.decode()
    client.force_login(participant)
    page = client.get(question.get_absolute_url()).content.decode()
    assert "My night shift." in page
    assert 'value="A night nurse"' in page


def test_saving_a_stale_form_shows_both_texts(client, question, participant):
    client.force_login(participant)
    save(participant, question, "From the phone.")
    answer = post(client, question, body="From the desk.", action="draft", sequence="0")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "From the phone." in page
    assert "From the desk." in page
    assert Draft.objects.get().body == "From the phone."


@pytest.mark.parametrize("refused", ["closed", "withdrawn", "too long"])
def test_what_is_refused_is_kept_as_a_draft(client, question, participant, refused):
    client.force_login(participant)
    fields, body = {}, "Written for an hour."
    if refused == "closed":
        type(question).objects.filter(pk=question.pk).update(state="closed")
    elif refused == "withdrawn":
        parent = make.comment(question)
        posting.withdraw(comment=parent, author=parent.author)
        fields["parent"] = parent.pk
    else:
        body = "Too much. " * 3_000
    assert post(client, question, body=body, **fields).status_code == 422
    assert body[:40] in client.get("/en/me/contributions/").content.decode()


def test_what_is_refused_replaces_no_newer_draft(client, question, participant):
    newer = save(participant, question, "Newer.").draft
    client.force_login(participant)
    body = "Older. " * 3_000
    assert post(client, question, body=body, sequence="0").status_code == 422
    assert Draft.objects.get() == newer
    page = post(client, question, body=body, sequence=newer.sequence).content.decode()
    assert Draft.objects.get().body.startswith("Older.")
    assert f'name="sequence" value="{newer.sequence + 1}"' in page


def test_a_draft_of_somebody_else_who_has_logged_out_is_not_saved(client, question, participant):
    client.force_login(make.person())
    fields = {"question": question.pk, "body": "Of the first one.", "whose": mark_of(participant)}
    assert client.post("/en/me/drafts/", fields).status_code == 401
    assert not Draft.objects.exists()


def test_text_parked_beside_an_older_draft_is_added_to_it(client, question, participant):
    save(participant, question, "Older words.")
    post(client, question, body="Newer words.")
    client.force_login(participant)
    client.get("/en/me/contributions/")
    assert "Older words." in Draft.objects.get().body
    assert "Newer words." in Draft.objects.get().body


@pytest.mark.parametrize("is_the_same", [True, False])
def test_text_of_an_ended_session_is_given_to_nobody_else(client, question, participant, is_the_same):
    client.force_login(participant)
    page = client.get(question.get_absolute_url()).text
    mark = re.search(r'name="whose" value="([^"]+)"', page)[1]
    client.logout()
    post(client, question, body="What only I know.", whose=mark)
    client.force_login(participant if is_the_same else make.person())
    page = client.get(question.get_absolute_url()).text + client.get("/en/me/contributions/").text
    assert ("What only I know." in page) == is_the_same
    assert Draft.objects.exists() == is_the_same


def test_a_forged_mark_of_whose_form_it_is_is_no_error(client, question, participant):
    post(client, question, body="From nobody known.", whose=f"{participant.pk}:forged")
    client.force_login(participant)
    assert "From nobody known." in client.get(question.get_absolute_url()).text


def test_a_reply_typed_while_its_parent_was_withdrawn_is_not_lost(client, question, participant):
    author = make.person()
    parent = make.comment(question, author=author)
    answer = post(client, question, body="My careful answer.", parent=str(parent.pk))
    posting.withdraw(comment=parent, author=author)
    client.force_login(participant)
    page = client.get(f"{question.get_absolute_url()}?reply_to={parent.pk}").content.decode()
    assert answer.status_code == 302
    assert "no longer there" in page
    assert "My careful answer." in page
    assert "My careful answer." in client.get("/en/me/contributions/").content.decode()


def test_a_reply_follows_its_parent_to_another_question(client, question, participant):
    parent = make.comment(question)
    floor = question.consultation.questions.get(number=None)
    posting.move_thread(root=parent, to=floor, moderator=make.moderator(question.consultation))
    client.force_login(participant)
    assert post(client, question, body="My careful answer.", parent=str(parent.pk)).status_code == 302
    assert Comment.objects.get(body="My careful answer.").question == floor
    saved = client.post("/en/me/drafts/", {"question": question.pk, "parent": parent.pk, "body": "More."})
    assert saved.status_code == 200
    assert Draft.objects.get().question == floor


def test_an_edit_sent_after_the_session_ended_comes_back(client, question, participant):
    comment = make.comment(question, author=participant)
    address = f"/en/comments/{comment.pk}/edit/"
    assert client.post(address, {"body": "Better words.", "language": "en"}).status_code == 302
    client.force_login(participant)
    assert "Better words." in client.get(address).content.decode()


def test_an_edit_of_what_was_withdrawn_meanwhile_gives_the_text_back(client, question, participant):
    comment = make.comment(question, author=participant)
    posting.withdraw(comment=comment, author=participant)
    client.force_login(participant)
    answer = client.post(f"/en/comments/{comment.pk}/edit/", {"body": "Better words.", "language": "en"})
    assert answer.status_code == 422
    assert "Better words." in answer.content.decode()
