"""Messages from the moderators at the top of a consultation."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.models import Moderator
from consultations.moderation import consultation_acts
from consultations.moderation.acts import ActError
from consultations.moderation.models import Act, Announcement
from tests import make


@pytest.fixture
def consultation(question):
    return question.consultation


@pytest.fixture
def teresa(consultation):
    return make.moderator(consultation, name="Teresa Manalo")


@pytest.fixture
def address(consultation):
    return reverse("announce", args=[consultation.slug])


def fields(**more):
    return {
        "submission_key": str(uuid.uuid4()),
        "kind": "recap",
        "title_en": "The first week",
        "text_en": "Forty people wrote about **registers**.",
        "title_fr": "La première semaine",
        "text_fr": "Quarante personnes ont écrit.",
        "title_es": "La primera semana",
        "text_es": "Escribieron cuarenta personas.",
        "action": "publish",
    } | more


def announcement(consultation, moderator, **texts):
    texts = {"kind": "other", "title_en": "News", "text_en": "Some news."} | texts
    return consultation_acts.announce(
        consultation=consultation, moderator=moderator, submission_key=uuid.uuid4(), **texts
    )


def test_it_works(client, teresa, consultation, address):
    client.force_login(teresa)
    response = client.post(address, fields(), follow=True)
    assert "Your announcement is published." in response.text
    for expected in ("The first week", "<strong>registers</strong>", "Teresa Manalo", "Recap"):
        assert expected in response.text
    made = Announcement.objects.get()
    assert f'id="announcement-{made.pk}"' in response.text
    spanish = client.get(consultation.get_absolute_url().replace("/en/", "/es/")).text
    assert "Escribieron cuarenta personas." in spanish
    kept = Act.objects.get()
    assert (kept.kind, kept.after) == ("announced", {"announcement": made.pk, "kind": "recap"})


def test_a_missing_language_is_warned_of_and_the_text_kept(client, teresa, consultation, address):
    client.force_login(teresa)
    lacking = fields(title_fr="", text_fr="")
    response = client.post(address, lacking)
    assert response.status_code == 422
    assert "Not written in: French." in response.text
    assert "Escribieron cuarenta personas." in response.text
    assert not Announcement.objects.exists()
    client.post(address, lacking | {"is_incomplete": "on"})
    french = client.get(consultation.get_absolute_url().replace("/en/", "/fr/")).text
    assert '<h3 lang="en">The first week</h3>' in french


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_en": ""}, "Write a title for this text."),
        ({"text_es": " "}, "Write the text that belongs to this title."),
        ({"kind": "gossip"}, ""),
        ({"submission_key": "x"}, ""),
        ({"title_en": "x" * 201}, ""),
    ],
)
def test_what_is_wrong_is_said(client, teresa, address, wrong, said):
    client.force_login(teresa)
    response = client.post(address, fields(**wrong))
    assert response.status_code == 422
    assert said in response.text
    assert "Quarante personnes" in response.text
    assert not Announcement.objects.exists()


def test_one_language_at_least(client, teresa, address):
    client.force_login(teresa)
    empty = {f"{name}_{code}": "" for name in ("title", "text") for code in ("en", "fr", "es")}
    response = client.post(address, fields(**empty, is_incomplete="on"))
    assert "in one language at least" in response.text


def test_a_preview_publishes_nothing(client, teresa, address):
    client.force_login(teresa)
    response = client.post(address, fields(action="preview"))
    assert "Nobody else can see it yet." in response.text
    assert "<strong>registers</strong>" in response.text
    assert not Announcement.objects.exists()


def test_the_same_form_twice_makes_one_announcement(client, teresa, address):
    client.force_login(teresa)
    sent = fields()
    assert client.post(address, sent).headers["Location"] == client.post(address, sent).headers["Location"]
    assert Announcement.objects.count() == 1
    assert Act.objects.count() == 1


def test_who_may_announce_and_withdraw(client, consultation, teresa, address, participant):
    made = announcement(consultation, teresa)
    withdraw = reverse("withdraw_announcement", args=[consultation.slug, made.pk])
    for person in (participant, make.moderator(make.consultation())):
        client.force_login(person)
        for page in (address, withdraw):
            assert client.get(page).status_code == 403
            assert client.post(page, fields() | {"reason": "x"}).status_code == 403
    with pytest.raises(PermissionDenied):
        announcement(consultation, participant)
    draft = make.consultation(state="draft")
    Moderator.objects.create(consultation=draft, user=teresa)
    client.force_login(teresa)
    assert client.get(reverse("announce", args=[draft.slug])).status_code == 403
    elsewhere = announcement(make.consultation(), make.admin())
    assert client.get(reverse("withdraw_announcement", args=[consultation.slug, elsewhere.pk])).status_code == 404


def test_one_is_withdrawn_with_a_reason_once(client, teresa, consultation):
    made = announcement(consultation, teresa)
    client.force_login(teresa)
    address = reverse("withdraw_announcement", args=[consultation.slug, made.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "The date was wrong."})
    assert "Some news." not in client.get(consultation.get_absolute_url()).text
    again = client.post(address, {"reason": "Again"})
    assert again.status_code == 422
    assert "withdrawn already" in again.text
    assert "Again" in again.text
    with pytest.raises(ActError):
        consultation_acts.withdraw_announcement(announcement=made, moderator=teresa, reason="x")
    assert list(Act.objects.values_list("kind", flat=True)) == ["unannounced", "announced"]


def test_the_latest_is_shown_and_the_others_folded(client, teresa, consultation):
    for number in range(4):
        announcement(consultation, teresa, title_en=f"Message {number}")
    page = client.get(consultation.get_absolute_url()).text
    before, _fold, after = page.partition("Earlier messages")
    assert "Message 3" in before and "Message 2" not in before
    assert after.index("Message 2") < after.index("Message 1") < after.index("Message 0")


def test_a_long_message_begins_on_the_page_and_can_be_read_to_its_end(client, teresa, consultation):
    announcement(consultation, teresa, text_en="A **short** one.")
    assert "Read the whole message" not in client.get(consultation.get_absolute_url()).text
    announcement(
        consultation, teresa, text_en="Tea is *served* late. " + "We wait for letters. " * 20 + "The very end."
    )
    page = client.get(consultation.get_absolute_url()).text
    before, _fold, after = page.partition("Read the whole message")
    assert "Tea is served late. We wait" in before and "The very end." not in before
    assert "The very end." in after.partition("</details>")[0]


def test_the_name_of_the_author_stays_when_the_account_goes(client, teresa, consultation):
    announcement(consultation, teresa)
    teresa.delete()
    assert "Teresa Manalo" in client.get(consultation.get_absolute_url()).text


def test_followers_are_told(teresa, consultation, settings):
    settings.REACTIONS = settings.REACTIONS | {"announced": ["tests.consultations.moderation.test_announcing.hear"]}
    heard.clear()
    made = announcement(consultation, teresa)
    assert heard == [made]


heard = []


def hear(*, announcement):
    heard.append(announcement)
