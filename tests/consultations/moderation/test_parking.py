"""What is typed about contributions and consultations while the session ends stands in its form again."""

import re
import uuid

import pytest

from consultations import posting
from consultations.moderation import acts, consultation_acts
from consultations.moderation.models import OrganizationFocalPoint
from consultations.posting import Voice
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.make_cases import case_of, rule
from tests.forms import fields_sent_to

LONG = "It says <nothing> about the form.\n\nRead it “again”."
ABOUT_ONES_OWN = ["edit", "appeal", "place"]
OF_MODERATORS = ["desk", "moderate", "move", "on behalf", "announcement", "withdrawal", "question", "closing"]
EVERYTHING = [*ABOUT_ONES_OWN, *OF_MODERATORS, "organization"]


def announcement(consultation, moderator):
    texts = {"kind": "notice", "title_en": "Half way", "text_en": "More soon."}
    return consultation_acts.announce(
        consultation=consultation, moderator=moderator, submission_key=uuid.uuid4(), **texts
    )


def situation(name: str, question, teresa):
    """Who writes, on which page, to which address, into which field; and other fields of the form."""
    consultation = question.consultation
    here = consultation.get_absolute_url()
    if name in ABOUT_ONES_OWN:
        if name == "edit":
            comment, field = make.comment(question), "body"
        elif name == "appeal":
            comment, field = make_cases.hidden(question, teresa), "words"
        else:
            comment, field = make.comment(question), "words"
            posting.move_thread(root=comment, to=consultation.questions.get(number=None), moderator=teresa)
        address = f"/en/comments/{comment.pk}/{name}/"
        return comment.author, address, address, field, {"language": "en"}
    if name == "organization":
        focal_point = make.person(email="lucia@redpuertos.example")
        OrganizationFocalPoint.objects.create(
            user=focal_point, organization="Red de Puertos", domain="redpuertos.example"
        )
        author = make.person(organization="red de puertos", country="AR", group="civil-society")
        said = make.comment(question, author=author, voice=Voice("organization"))
        more = {"comment": said.pk, "seen": 1, "action": "disown"}
        return focal_point, "/en/me/organization/", "/en/me/organization/", "reason", more
    comment = make_cases.reported(question)
    case, more = f"/en/moderation/cases/{case_of(comment).pk}/?queue=report", {"act": "hide", "rule": rule().pk}
    if name == "desk":
        return teresa, "/en/moderation/?queue=report", case, "reason", more
    if name in {"moderate", "move"}:
        address = f"/en/comments/{comment.pk}/{name}/"
        return teresa, address, address, "reason", more
    if name == "on behalf":
        return teresa, f"{here}on-behalf/", f"{here}on-behalf/", "body", {"name": "Abuela Rosa", "origin": "letter"}
    if name == "announcement":
        return teresa, f"{here}announcements/new/", f"{here}announcements/new/", "text_en", {"title_en": "Half way"}
    if name == "withdrawal":
        address = f"{here}announcements/{announcement(consultation, teresa).pk}/withdraw/"
        return teresa, address, address, "reason", {}
    address = f"{here}manage/"
    return teresa, address, address, "reason", {"act": "question" if name == "question" else "close"}


def page(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.text


def plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("\r\n", "\n")


def sent_without_session(client, person, address, sent_to, typed):
    """The form is opened, the session ends, the form is sent. Returns the answer."""
    client.force_login(person)
    mark = re.search(r'name="whose" value="([^"]+)"', page(client, address))[1]
    client.logout()
    return client.post(sent_to, typed | {"whose": mark})


@pytest.mark.parametrize("name", EVERYTHING)
def test_it_works(client, question, teresa, name):
    person, address, sent_to, field, more = situation(name, question, teresa)
    asked = sent_without_session(client, person, address, sent_to, more | {field: LONG})
    assert asked.status_code == 302 and "Your text is kept" in page(client, asked["Location"])
    landed = client.post(asked["Location"], {"login": person.email, "password": make.PASSWORD})
    assert landed.status_code == 302 and landed["Location"] == address
    text = plain(page(client, address))
    assert f"{LONG}</textarea>" in text and "<title>Error" not in text
    if "rule" in more and name != "move":
        assert f'<option value="{rule().pk}" selected>' in text
    # Until it is sent or discarded.
    text = page(client, address)
    assert f"{LONG}</textarea>" in plain(text)
    client.post("/en/accounts/discard/", fields_sent_to(text, "/en/accounts/discard/"))
    assert f"{LONG}</textarea>" not in plain(page(client, address))


@pytest.mark.parametrize("name", EVERYTHING)
def test_nobody_else_is_given_it(client, question, teresa, name):
    person, address, sent_to, field, more = situation(name, question, teresa)
    asked = sent_without_session(client, person, address, sent_to, more | {field: "What only I know."})
    client.post(asked["Location"], {"login": make.admin().email, "password": make.PASSWORD})
    response = client.get(address)
    assert response.status_code in (200, 403) and "What only I know." not in response.text


@pytest.mark.parametrize("name", ["desk", "moderate"])
def test_a_decision_that_somebody_else_took_meanwhile_is_given_back_to_be_copied(client, question, teresa, noor, name):
    person, address, sent_to, field, more = situation(name, question, teresa)
    asked = sent_without_session(client, person, address, sent_to, more | {field: "A careful sentence."})
    comment = question.comments.get()
    acts.hide(comment=comment, moderator=noor, rule=rule(), reason="It attacks a person.")
    client.post(asked["Location"], {"login": person.email, "password": make.PASSWORD})
    text = page(client, address)
    assert "Meanwhile Noor Haddad has decided" in text and "A careful sentence.</textarea>" in text


def test_a_decision_about_nothing_is_no_error(client, teresa):
    for number in (0, 10**17):
        client.post(f"/en/moderation/cases/{number}/", {"act": "hide", "reason": "Of nothing.", "submission_key": "\0"})
    client.force_login(teresa)
    assert page(client, "/en/moderation/")
    assert page(client, "/en/moderation/")
