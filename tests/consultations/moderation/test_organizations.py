"""“Not yet confirmed” until somebody of the organization or State says so."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from consultations import permissions, posting
from consultations.models import Comment
from consultations.moderation import organizations
from consultations.moderation.acts import ActError
from consultations.moderation.models import Act, OrganizationFocalPoint
from consultations.posting import Voice
from tests import make

ORGANIZATION, STATE = Voice(Comment.Capacity.ORGANIZATION), Voice(Comment.Capacity.STATE)


@pytest.fixture
def focal_point():
    made = make.person(name="Lucía Ferrer", email="lucia@office.redpuertos.example")
    OrganizationFocalPoint.objects.create(user=made, organization="Red de Puertos", domain="redpuertos.example")
    return made


@pytest.fixture
def said(question):
    return in_its_name(question)


def in_its_name(question, **fields):
    author = make.person(organization="red de puertos", country="AR", group="civil-society")
    return make.comment(question, author=author, voice=ORGANIZATION, **fields)


def again(user):
    return User.objects.get(pk=user.pk)


def test_it_works(client, question, focal_point, said):
    assert said.confirmation == Comment.Confirmation.UNCONFIRMED
    assert "Not yet confirmed by the organization" in client.get(question.get_absolute_url()).text
    client.force_login(focal_point)
    address = reverse("my_organization")
    page = client.get(address).text
    assert f"№ {said.pk} by" in page
    client.post(address, {"comment": said.pk, "seen": 1, "action": "confirm"})
    said.refresh_from_db()
    assert said.confirmation == Comment.Confirmation.CONFIRMED
    page = client.get(question.get_absolute_url()).text
    assert "Confirmed by the organization" in page
    kept = Act.objects.get()
    assert (kept.kind, kept.comment_id) == ("confirmed", said.pk)
    assert (kept.before, kept.after) == ({"confirmation": "unconfirmed"}, {"confirmation": "confirmed"})


def test_disowning_takes_a_reason_and_is_said_plainly(client, question, focal_point, said):
    client.force_login(focal_point)
    address = reverse("my_organization")
    without = client.post(address, {"comment": said.pk, "seen": 1, "action": "disown", "reason": " "})
    assert without.status_code == 422
    assert "Write why your organization" in without.text
    client.post(address, {"comment": said.pk, "seen": 1, "action": "disown", "reason": "We have no such member."})
    assert "this was not said in its name" in client.get(question.get_absolute_url()).text
    assert Act.objects.get().reason == "We have no such member."
    client.post(address, {"comment": said.pk, "seen": 1, "action": "confirm"})
    said.refresh_from_db()
    assert said.confirmation == Comment.Confirmation.CONFIRMED


def test_who_needs_no_confirmation(question, focal_point):
    teresa = make.moderator(question.consultation)
    assert make.comment(question).confirmation == Comment.Confirmation.NOT_NEEDED
    assert make.comment(question, author=teresa).confirmation == Comment.Confirmation.NOT_NEEDED
    User.objects.filter(pk=focal_point.pk).update(organization="Red de Puertos")
    own = make.comment(question, author=again(focal_point), voice=ORGANIZATION)
    assert own.confirmation == Comment.Confirmation.CONFIRMED


def test_without_a_focal_point_it_is_not_yet_confirmed(question):
    assert in_its_name(question).confirmation == Comment.Confirmation.UNCONFIRMED


def test_a_state_is_confirmed_by_its_own_focal_point(question, focal_point):
    delegate = make.person(country="GH", group="member-states", organization="Mission")
    said = make.comment(question, author=delegate, voice=STATE)
    ghana = make.person(email="desk@mfa.gov.gh.example")
    OrganizationFocalPoint.objects.create(user=ghana, country="GH", domain="mfa.gov.gh.example")
    chile = make.person(email="desk@minrel.cl.example")
    OrganizationFocalPoint.objects.create(user=chile, country="CL", domain="minrel.cl.example")
    for stranger in (focal_point, chile):
        with pytest.raises(PermissionDenied):
            organizations.confirm(comment=said, user=stranger, seen=1)
    assert list(organizations.waiting_for(permissions.speaks_for(ghana))) == [said]
    organizations.confirm(comment=said, user=ghana, seen=1)
    said.refresh_from_db()
    assert said.confirmation == Comment.Confirmation.CONFIRMED


def test_others_confirm_nothing(client, question, said, participant):
    address = reverse("my_organization")
    assert client.get(address).status_code == 302
    for person in (participant, said.author, make.moderator(question.consultation), make.admin()):
        client.force_login(person)
        assert client.post(address, {"comment": said.pk, "seen": 1, "action": "confirm"}).status_code == 403
        assert "You are not a focal point" in client.get(address).text
    said.refresh_from_db()
    assert said.confirmation == Comment.Confirmation.UNCONFIRMED


def test_another_address_ends_the_role(said, focal_point):
    User.objects.filter(pk=focal_point.pk).update(email="lucia@evilredpuertos.example")
    with pytest.raises(PermissionDenied):
        organizations.confirm(comment=said, user=again(focal_point), seen=1)


def test_a_text_that_changed_meanwhile_is_not_confirmed_unread(client, said, focal_point):
    posting.edit_comment(comment=said, editor=said.author, body="Something else altogether.", language="en")
    client.force_login(focal_point)
    response = client.post(reverse("my_organization"), {"comment": said.pk, "seen": 1, "action": "confirm"})
    assert response.status_code == 422
    assert "was changed. Read it again" in response.text
    assert "Something else altogether." in response.text


def test_an_edit_after_the_confirmation_has_to_be_confirmed_anew(said, focal_point):
    organizations.confirm(comment=said, user=focal_point, seen=1)
    said.refresh_from_db()
    posting.edit_comment(comment=said, editor=said.author, body="Something else.", language="en")
    said.refresh_from_db()
    assert said.confirmation == Comment.Confirmation.UNCONFIRMED
    organizations.disown(comment=said, user=focal_point, seen=2, reason="No.")
    said.refresh_from_db()
    posting.edit_comment(comment=said, editor=said.author, body="Something else again.", language="en")
    said.refresh_from_db()
    assert said.confirmation == Comment.Confirmation.DISOWNED


def test_the_second_of_two_focal_points_is_told(said, focal_point):
    organizations.confirm(comment=said, user=focal_point, seen=1)
    with pytest.raises(ActError, match="confirmed"):
        organizations.confirm(comment=said, user=focal_point, seen=1)
    posting.withdraw(comment=said, author=said.author)
    with pytest.raises(ActError):
        organizations.disown(comment=said, user=focal_point, seen=1, reason="x")


@pytest.mark.parametrize("sent", [{}, {"comment": "x"}, {"comment": "999999"}, {"comment": "9" * 30}])
def test_a_contribution_that_does_not_exist(client, focal_point, sent):
    client.force_login(focal_point)
    assert client.post(reverse("my_organization"), sent).status_code == 404


def test_the_page_takes_as_many_queries_for_ten_as_for_one(client, question, focal_point, said):
    client.force_login(focal_point)
    address = reverse("my_organization")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _each in range(9):
        in_its_name(question)
    with CaptureQueriesContext(connection) as ten:
        client.get(address)
    assert len(ten) == len(one)


def test_an_admin_names_people_of_the_domain_alone(client):
    client.force_login(make.admin())
    address = reverse("admin:moderation_organizationfocalpoint_add")
    person = make.person(email="lucia@redpuertos.example")
    good = {"organization": "Red  de Puertos", "country": "", "domain": "@RedPuertos.example", "user": person.pk}
    for wrong in (
        {"user": make.person().pk},
        {"organization": ""},
        {"country": "AR"},
        {"domain": "example"},
        {"domain": "a b.example"},
    ):
        assert client.post(address, good | wrong).status_code == 200
        assert not OrganizationFocalPoint.objects.exists()
    assert client.post(address, good).status_code == 302
    named = OrganizationFocalPoint.objects.get()
    assert (named.organization, named.domain) == ("Red de Puertos", "redpuertos.example")


def test_the_database_wants_either_an_organization_or_a_state(participant):
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationFocalPoint.objects.create(user=participant, domain="x.example")
