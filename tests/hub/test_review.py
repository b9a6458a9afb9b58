import re

from django.core import mail

from hub.review.models import Invitation, Recommendation
from tests.hub import make_review

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
        assert "harbour.example" not in page(client, review)
        assert client.post(f"{review}declare/", {"is_free": "yes"}).status_code == 302
        assert "harbour.example" in page(client, review)
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
