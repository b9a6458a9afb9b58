"""Posting what came by e-mail or letter or was spoken, and making it one's own."""

import datetime
import re
import uuid

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts import rates
from accounts.erasure import erase_account
from accounts.export import everything_about
from accounts.models import User
from consultations import consistency, posting
from consultations.models import Comment, Consultation, Moderator
from consultations.moderation import consultation_acts, on_behalf
from consultations.moderation.acts import ActError
from consultations.moderation.models import Act, FocalPoint, Received
from tests import make
from tests.accounts import test_signing_up


@pytest.fixture
def consultation(question):
    return question.consultation


@pytest.fixture
def teresa(consultation):
    return make.moderator(consultation, name="Teresa Manalo")


@pytest.fixture
def nuru(consultation):
    nuru = make.person(name="Nuru Hassan")
    FocalPoint.objects.create(consultation=consultation, user=nuru)
    return nuru


@pytest.fixture
def address(consultation):
    return reverse("on_behalf", args=[consultation.slug])


def fields(question, **more):
    return {
        "question": question.pk,
        "origin": "letter",
        "received_on": timezone.localdate().isoformat(),
        "name": "Abuela Rosa",
        "organization": "",
        "country": "PE",
        "group": "",
        "capacity": "person",
        "email": "",
        "mail_language": "es",
        "body": "Nadie nos preguntó antes en nuestra lengua.",
        "language": "es",
        "submission_key": str(uuid.uuid4()),
    } | more


def post(question, user, **more):
    given = {"name": "Abuela Rosa", "language": "es"} | {
        name: more.pop(name) for name in ("email", "capacity", "organization") if name in more
    }
    details = {
        "question": question,
        "user": user,
        "sender": on_behalf.Sender(**given),
        "body": "Nadie nos preguntó antes.",
        "language": "es",
        "origin": "letter",
        "received_on": timezone.localdate(),
        "has_consent": True,
        "submission_key": uuid.uuid4(),
    }
    return on_behalf.post(**details | more)


def test_it_works(client, teresa, question, address, django_capture_on_commit_callbacks):
    client.force_login(teresa)
    assert client.get(address).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address, fields(question, email="rosa@example.org"), follow=True)
    comment = Comment.objects.get()
    assert (comment.author, comment.posted_by, comment.author_name) == (None, teresa, "Abuela Rosa")
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", response.text)[0]
    assert code not in client.get(response.request["PATH_INFO"]).text
    [letter] = mail.outbox
    assert letter.to == ["rosa@example.org"]
    for expected in ("Nadie nos preguntó", str(comment.pk), code, "/es/me/claim/"):
        assert expected in letter.body
    page = client.get(question.get_absolute_url()).text
    assert "Abuela Rosa" in page
    assert "Received by letter, posted by the secretariat" in page
    kept = Act.objects.get()
    assert (kept.kind, kept.actor_name, kept.after["origin"]) == ("posted-for", "Teresa Manalo", "letter")
    assert "rosa@example.org" not in str(kept.after)
    question.refresh_from_db()
    assert question.comment_count == 1
    assert consistency.differences(question) == []


def test_the_same_form_twice_makes_one_contribution(client, teresa, question, address):
    client.force_login(teresa)
    sent = fields(question)
    first, second = client.post(address, sent), client.post(address, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Comment.objects.count() == 1


def test_who_may_post_for_others(client, question, consultation, address, participant, nuru):
    for person in (participant, make.moderator(make.consultation())):
        client.force_login(person)
        assert client.get(address).status_code == 403
        assert client.post(address, fields(question)).status_code == 403
    client.logout()
    assert client.get(address).status_code == 302
    client.force_login(nuru)
    assert client.get(address).status_code == 200
    assert address in client.get(consultation.get_absolute_url()).text
    elsewhere = make.question()
    there = reverse("on_behalf", args=[elsewhere.consultation.slug])
    assert client.post(there, fields(elsewhere)).status_code == 403
    assert not Comment.objects.exists()


def test_a_focal_point_writes_down_with_consent_alone(client, question, address, nuru):
    client.force_login(nuru)
    letter = client.post(address, fields(question, consent="on"))
    assert letter.status_code == 422
    without = client.post(address, fields(question, origin="transcription"))
    assert without.status_code == 422
    assert "Ask the person for consent" in without.text
    assert "Nadie nos preguntó" in without.text
    with pytest.raises(PermissionDenied):
        post(question, nuru, origin="email")
    with pytest.raises(ActError):
        post(question, nuru, origin="transcription", has_consent=False)
    client.post(address, fields(question, origin="transcription", consent="on"))
    comment = Comment.objects.get()
    assert comment.received.consent_noted_at
    assert "Spoken, and transcribed by Nuru Hassan" in client.get(comment.get_absolute_url()).text
    nuru.delete()
    assert "Spoken, and transcribed by a focal point" in client.get(comment.get_absolute_url()).text


def test_a_focal_point_who_was_removed_posts_no_more(client, question, address, nuru):
    client.force_login(nuru)
    client.get(address)
    FocalPoint.objects.all().delete()
    assert client.post(address, fields(question, origin="transcription", consent="on")).status_code == 403
    assert not Comment.objects.exists()


def test_where_everybody_is_held_a_focal_point_is_too(question, consultation, nuru, teresa):
    Consultation.objects.filter(pk=consultation.pk).update(holding="everybody")
    question.refresh_from_db()
    question = type(question).objects.select_related("consultation").get(pk=question.pk)
    assert post(question, nuru, origin="transcription").comment.state == Comment.State.HELD
    assert post(question, teresa, body="Otra cosa.").comment.state == Comment.State.PUBLISHED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Write the name of the person."),
        ({"body": ""}, "Write the text first"),
        ({"received_on": ""}, "Give the day"),
        ({"received_on": "2999-01-01"}, "still to come"),
        ({"received_on": "0001-01-01"}, "Check the year"),
        ({"origin": "portal"}, "Choose how it came."),
        ({"question": "999999"}, "Choose a question of this consultation."),
        ({"capacity": "organization"}, "Name the organization"),
        ({"capacity": "state", "country": ""}, "Name the State"),
        ({"email": "rosa"}, "Write a whole e-mail address"),
        ({"submission_key": ""}, "arrived incomplete"),
        ({"country": "XX"}, ""),
        ({"group": "x"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_the_text_stays(client, teresa, question, address, wrong, said):
    client.force_login(teresa)
    response = client.post(address, fields(question) | wrong)
    assert response.status_code == 422
    assert said in response.text
    if "body" not in wrong:
        assert "Nadie nos preguntó" in response.text
    assert not Comment.objects.exists()


def test_letters_that_arrived_in_time_are_posted_after_the_closing(teresa):
    question = make.consultation(days=(-20, -2)).questions.get(number=1)
    Moderator.objects.create(consultation=question.consultation, user=teresa)
    nuru = make.person()
    FocalPoint.objects.create(consultation=question.consultation, user=nuru)
    in_time = timezone.localdate() - datetime.timedelta(days=5)
    assert post(question, teresa, received_on=in_time).comment.pk
    with pytest.raises(ActError, match="what arrived later is not posted"):
        post(question, teresa, received_on=timezone.localdate())
    with pytest.raises(ActError, match="has closed"):
        post(question, nuru, origin="transcription", received_on=in_time)


def test_letters_that_arrived_before_a_question_was_closed_are_posted_after_it(client, teresa, question, address, nuru):
    consultation_acts.close_question(question=question, moderator=teresa)
    question.refresh_from_db()
    today, before = timezone.localdate(), timezone.localdate() - datetime.timedelta(days=1)
    assert post(question, teresa, received_on=before).comment.pk
    assert post(question, teresa, received_on=today, email="juan@example.org").comment.pk
    with pytest.raises(ActError, match="This question has been closed"):
        post(question, nuru, origin="transcription", received_on=before)
    client.force_login(teresa)
    page = client.get(address).text
    assert "Question 1 (closed)" in page
    assert "can still be posted after it" in page
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    with time_machine.travel(tomorrow):
        late = client.post(
            address, fields(question, submission_key=str(uuid.uuid4()), name="Tarde", body="Late words.")
        )
    assert late.status_code == 422
    assert "what arrived later is not posted" in late.text
    assert "Late words." in late.text


def test_a_question_closed_before_its_consultation_counts_with_its_own_day(teresa, question):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=4)):
        consultation_acts.close_question(question=question, moderator=teresa)
    consultation_acts.close_consultation(consultation=question.consultation, moderator=teresa, reason="Enough.")
    question = type(question).objects.select_related("consultation").get(pk=question.pk)
    today = timezone.localdate()
    with pytest.raises(ActError, match="what arrived later is not posted"):
        post(question, teresa, received_on=today - datetime.timedelta(days=2))
    assert post(question, teresa, received_on=today - datetime.timedelta(days=4)).comment.pk


def test_an_upcoming_consultation_takes_nothing(teresa):
    question = make.consultation(days=(3, 9)).questions.get(number=1)
    Moderator.objects.create(consultation=question.consultation, user=teresa)
    with pytest.raises(ActError, match="not open yet"):
        post(question, teresa)


def test_a_new_code_goes_by_mail_as_well(teresa, question, django_capture_on_commit_callbacks):
    post(question, teresa, email="rosa@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        code = on_behalf.renew_code(received=Received.objects.get(), user=teresa)
    [letter] = mail.outbox
    assert code in letter.body


# Claiming


def test_a_code_makes_it_ones_own(client, teresa, question):
    posted = post(question, teresa, email="old@example.org")
    rosa = make.person(name="Rosa Quispe")
    client.force_login(rosa)
    spelled = posted.code.lower().replace("-", " ")
    response = client.post(reverse("claim"), {"number": posted.comment.pk, "code": spelled}, follow=True)
    assert "is yours now" in response.text
    comment = Comment.objects.get()
    assert comment.author == rosa
    assert comment.author_name == "Abuela Rosa"
    posting.edit_comment(comment=comment, editor=rosa, body="Nadie nos preguntó nunca.", language="es")
    received = Received.objects.get()
    assert (received.email, received.code_hash) == ("", "")
    assert consistency.participation_differences(question.consultation) == []
    claimed = Act.objects.get(kind="claimed")
    assert "Rosa" not in claimed.actor_name
    posting.withdraw(comment=comment, author=rosa)
    assert consistency.differences(question) == []


def test_a_code_works_once(client, teresa, question):
    posted = post(question, teresa)
    first, second = make.person(), make.person()
    on_behalf.claim_with_code(user=first, number=posted.comment.pk, code=posted.code)
    with pytest.raises(on_behalf.WrongCode):
        on_behalf.claim_with_code(user=second, number=posted.comment.pk, code=posted.code)
    assert Comment.objects.get().author == first


@pytest.mark.parametrize(("number", "code"), [("1", "AAAA-AAAA-AAAA"), ("", ""), ("x", "\0"), ("9" * 30, "é" * 60)])
def test_a_wrong_code_claims_nothing(client, teresa, question, number, code):
    post(question, teresa)
    client.force_login(make.person())
    response = client.post(reverse("claim"), {"number": number, "code": code})
    assert response.status_code == 422
    assert Comment.objects.get().author is None


def test_a_code_belongs_to_its_number(teresa, question):
    one, other = post(question, teresa), post(question, teresa, body="Otra cosa.")
    with pytest.raises(on_behalf.WrongCode):
        on_behalf.claim_with_code(user=make.person(), number=other.comment.pk, code=one.code)
    with pytest.raises(on_behalf.WrongCode):
        on_behalf.claim_with_code(user=make.person(), number=make.comment(question).pk, code="")


def test_a_code_grows_too_old_and_is_renewed(client, teresa, question):
    posted = post(question, teresa)
    Received.objects.update(code_expires_at=timezone.now() - datetime.timedelta(days=1))
    rosa = make.person()
    with pytest.raises(on_behalf.CodeTooOld):
        on_behalf.claim_with_code(user=rosa, number=posted.comment.pk, code=posted.code)
    client.force_login(teresa)
    address = reverse("posted_for_somebody", args=[question.consultation.slug, posted.comment.pk])
    page = client.post(address, follow=True).text
    fresh = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)[0]
    with pytest.raises(on_behalf.WrongCode):
        on_behalf.claim_with_code(user=rosa, number=posted.comment.pk, code=posted.code)
    on_behalf.claim_with_code(user=rosa, number=posted.comment.pk, code=fresh)
    assert client.post(address).status_code == 422
    client.force_login(rosa)
    assert client.get(address).status_code == 403


def test_trying_codes_is_limited_and_keeps_what_was_typed(client, teresa, question, settings):
    posted = post(question, teresa)
    client.force_login(make.person())
    sent = {"number": posted.comment.pk, "code": "WRONG-CODE"}
    answers = [client.post(reverse("claim"), sent).status_code for _each in range(11)]
    assert answers[:10] == [422] * 10
    last = client.post(reverse("claim"), {"number": posted.comment.pk, "code": posted.code})
    assert answers[10] == last.status_code == 429
    assert "Retry-After" in last.headers
    assert posted.code in last.text
    assert Comment.objects.get().author is None


def test_confirming_the_address_makes_it_ones_own(client, teresa, question):
    posted = post(question, teresa, email="Rosa@Example.org")
    other = post(question, teresa, email="else@example.org")
    rosa = make.person(email="rosa@example.org")
    on_behalf.address_confirmed(rosa, rosa.email)
    assert Comment.objects.get(pk=posted.comment.pk).author == rosa
    assert Comment.objects.get(pk=other.comment.pk).author is None


def test_signing_up_with_the_address_is_enough(client, teresa, question, mailoutbox):
    posted = post(question, teresa, email="leila@example.org")
    client.post(reverse("account_signup"), test_signing_up.FORM)
    assert Comment.objects.get().author is None
    code = test_signing_up.code_in(mailoutbox[-1])
    client.post(reverse("account_email_verification_sent"), {"code": code})
    leila = User.objects.get(email="leila@example.org")
    assert Comment.objects.get().author == leila
    page = client.get(reverse("my_contributions")).text
    assert str(posted.comment.pk) in page


def test_whoever_has_confirmed_the_address_before_takes_it_without_a_code(client, teresa, question):
    rosa = make.person(email="rosa@example.org")
    posted = post(question, teresa, email="rosa@example.org")
    received = Received.objects.get()
    client.force_login(make.person())
    assert client.post(reverse("claim"), {"received": received.pk}).status_code == 403
    client.force_login(rosa)
    assert "This is mine" in client.get(reverse("claim")).text
    client.post(reverse("claim"), {"received": received.pk})
    assert Comment.objects.get().author == rosa
    again = client.post(reverse("claim"), {"received": received.pk}, follow=True)
    assert "claimed already" in again.text
    assert client.post(reverse("claim"), {"received": "x"}).status_code == 404
    assert posted.comment.pk


def test_an_unconfirmed_address_takes_nothing(client, teresa, question):
    stranger = make.person()
    EmailAddress.objects.create(user=stranger, email="rosa@example.org", verified=False, primary=False)
    post(question, teresa, email="rosa@example.org")
    client.force_login(stranger)
    assert "This is mine" not in client.get(reverse("claim")).text
    assert client.post(reverse("claim"), {"received": Received.objects.get().pk}).status_code == 403


def test_data_export_and_erasure(teresa, question):
    rosa = make.person(email="rosa@example.org")
    posted = post(question, teresa, email="rosa@example.org")
    kept = everything_about(rosa)["posted on behalf of the person"]
    assert [each["contribution"] for each in kept] == [posted.comment.pk]
    erase_account(rosa, keep_contributions=True)
    received = Received.objects.get()
    assert (received.email, received.code_hash) == ("", "")
    assert not User.objects.filter(email="rosa@example.org").exists()


def test_a_claimed_contribution_goes_with_the_account(teresa, question):
    posted = post(question, teresa)
    rosa = make.person()
    on_behalf.claim_with_code(user=rosa, number=posted.comment.pk, code=posted.code)
    erase_account(rosa, keep_contributions=False)
    comment = Comment.objects.get()
    assert (comment.state, comment.body, comment.author_name) == ("withdrawn", "", "")


def test_the_pack_holds_three_languages_in_one_page(client, consultation):
    page = client.get(reverse("pack", args=[consultation.slug])).text
    for expected in ("What matters most, part 1?", "Qu’est-ce qui compte le plus", "¿Qué es lo más importante"):
        assert expected in page
    for language in ("en", "fr", "es"):
        assert f'<section class="paper flow" lang="{language}"' in page
    assert client.get(reverse("pack", args=[make.consultation(state="draft").slug])).status_code == 404


def test_the_pack_says_what_is_closed(client, teresa, consultation, question):
    pack = reverse("pack", args=[consultation.slug])
    lines = client.get(pack).text.count('<ul class="lines"')
    consultation_acts.close_question(question=question, moderator=teresa)
    page = client.get(pack).text
    assert "This question is closed." in page
    assert page.count('<ul class="lines"') == lines - 3
    assert "Answers are welcome until" in page
    consultation_acts.close_consultation(consultation=consultation, moderator=teresa, reason="Enough.")
    page = client.get(pack).text
    assert "The consultation has closed on" in page
    assert "Answers are welcome until" not in page


def test_whoever_claims_a_contribution_follows_its_thread(teresa, question):
    posted = post(question, teresa)
    amina = make.person()
    on_behalf.claim_with_code(user=amina, number=posted.comment.pk, code=posted.code)
    make.comment(question, posted.comment)
    assert amina.notifications.filter(comment__parent=posted.comment).count() == 1
    assert amina.follows.filter(root=posted.comment).exists()


# Floods and pauses


def spoken(question, **more):
    return fields(question, origin="transcription", consent="on", **more)


def test_a_paused_focal_point_posts_for_nobody(client, teresa, consultation, question, address, nuru):
    comment = make.comment(question, author=nuru)
    consultation_acts.pause(
        comment=comment, moderator=teresa, duration=datetime.timedelta(days=2), reason="Read the code of conduct."
    )
    client.force_login(nuru)
    assert "Your participation is paused" in client.get(address).text
    response = client.post(address, spoken(question))
    assert response.status_code == 422
    for expected in ("Read the code of conduct.", "Nadie nos preguntó"):
        assert expected in response.text
    assert Comment.objects.get() == comment


def test_posting_for_others_has_a_limit_that_keeps_the_text(client, settings, question, address, nuru, teresa):
    settings.LIMITS = settings.LIMITS | {"post_for": rates.parse("2/h/person")}
    client.force_login(nuru)
    sent = [spoken(question, body=f"Lo que dijo, {number}.") for number in range(3)]
    assert [client.post(address, each).status_code for each in sent] == [302, 302, 429]
    refused = client.post(address, sent[2])
    assert "Retry-After" in refused.headers
    assert "Lo que dijo, 2." in refused.text
    # The same form again is no further contribution.
    assert client.post(address, sent[0]).status_code == 302
    client.force_login(teresa)
    letters = [fields(question, body=f"Carta, {number}.") for number in range(5)]
    assert {client.post(address, each).status_code for each in letters} == {302}


def test_one_address_is_written_to_a_few_times_a_day(
    client, settings, question, address, teresa, django_capture_on_commit_callbacks
):
    settings.LIMITS = settings.LIMITS | {"write_to": rates.parse("2/d/name")}
    client.force_login(teresa)
    with django_capture_on_commit_callbacks(execute=True):
        statuses = [
            client.post(address, fields(question, body=f"Carta, {number}.", email=email)).status_code
            for number, email in enumerate(["victim@example.org", "Victim@example.org", "victim@example.org"])
        ]
        assert statuses == [302, 302, 429]
        posted = Comment.objects.order_by("pk").first()
        renewed = client.post(reverse("posted_for_somebody", args=[question.consultation.slug, posted.pk]))
    assert renewed.status_code == 429
    assert len(mail.outbox) == 2
    assert client.post(address, fields(question, body="Sin dirección.")).status_code == 302


def test_the_same_text_of_the_same_person_is_recognised(client, question, address, nuru):
    client.force_login(nuru)
    client.post(address, spoken(question))
    again = client.post(address, spoken(question, body="Nadie  nos preguntó antes en nuestra LENGUA."))
    assert again.status_code == 422
    assert f"it is № {Comment.objects.get().pk}." in again.text
    assert client.post(address, spoken(question, name="Abuelo Juan")).status_code == 302


@pytest.mark.parametrize("body", ["Mire https://casino.example/ hoy.", " ".join(["palabra"] * 30)])
def test_what_looks_like_advertising_waits_when_a_focal_point_posts_it(
    client, question, address, nuru, teresa, body, django_capture_on_commit_callbacks
):
    client.force_login(nuru)
    if "https" not in body:
        client.post(address, spoken(question, body=body, name="Abuelo Juan"))
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(address, spoken(question, body=body, email="rosa@example.org"), follow=True)
    held = Comment.objects.latest("pk")
    assert held.state == Comment.State.HELD
    assert "Held for review" in page.text
    # Nobody's address gets a text that no moderator has seen.
    assert not mail.outbox
    assert post(question, teresa, body=body, origin="email").comment.state == Comment.State.PUBLISHED
