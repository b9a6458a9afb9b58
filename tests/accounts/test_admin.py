import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import User
from consultations.models import Moderator
from tests import make
from tests.forms import fields_of

PEOPLE = "/admin/accounts/user/"


@pytest.fixture
def admin(client):
    client.force_login(make.admin(name="Portal administration"))
    return client


def page_of(person) -> str:
    return f"{PEOPLE}{person.pk}/change/"


def test_it_works(admin, participant):
    """Give a role to somebody."""
    organizers = Group.objects.get(name="Organizers")
    sent = fields_of(admin.get(page_of(participant)), "user_form")
    response = admin.post(page_of(participant), sent | {"is_staff": "on", "groups": [str(organizers.pk)]})
    assert response.status_code == 302
    participant.refresh_from_db()
    assert participant.is_staff
    assert participant.has_perm("consultations.change_consultation")
    assert not participant.has_perm("consultations.add_terms")
    assert "Organizers" in admin.get(PEOPLE).content.decode()


def test_people_are_found_by_name_and_address(admin):
    wanted = make.person(name="Halima Odera", email="halima@example.org", organization="Harbour Circle")
    make.person()
    for words in ("odera", "halima@", "harbour"):
        assert list(admin.get(PEOPLE, {"q": words}).context["cl"].result_list) == [wanted]


def test_the_search_for_moderators_tells_people_of_one_name_apart(admin):
    for address in ("first@example.org", "second@example.org"):
        make.person(name="Inés Quiroga", email=address)
    asked = {"term": "quiroga", "app_label": "consultations", "model_name": "moderator", "field_name": "user"}
    found = admin.get("/admin/autocomplete/", asked).json()["results"]
    assert {each["text"] for each in found} == {
        "Inés Quiroga (first@example.org)",
        "Inés Quiroga (second@example.org)",
    }


def test_passwords_are_neither_shown_nor_searched(admin, participant):
    page = admin.get(page_of(participant)).content.decode()
    assert participant.password not in page
    assert 'name="password' not in page
    assert admin.get(PEOPLE, {"password__startswith": "md5"}).status_code in {302, 400}
    assert admin.get(f"{PEOPLE}{participant.pk}/password/").status_code == 403


def test_nobody_is_deleted_here(admin, participant):
    assert "under “Account”" in admin.get(page_of(participant)).content.decode()
    assert admin.post(f"{PEOPLE}{participant.pk}/delete/", {"post": "yes"}).status_code == 403
    admin.post(PEOPLE, {"action": "delete_selected", "_selected_action": [participant.pk], "post": "yes"})
    assert User.objects.filter(pk=participant.pk).exists()


def test_a_person_is_added_without_a_password(admin):
    sent = fields_of(admin.get(PEOPLE + "add/"), "user_form")
    new = {"email": "New.Person@example.org", "name": "New Person", "language": "fr"}
    assert admin.post(PEOPLE + "add/", sent | new).status_code == 302
    made = User.objects.get(email="new.person@example.org")
    assert not made.has_usable_password()
    assert made.language == "fr"
    again = admin.post(PEOPLE + "add/", sent | new)
    assert "There is an account with this e-mail address already." in again.content.decode()


def test_which_consultations_a_person_moderates(admin, question):
    moderator = make.moderator(question.consultation)
    page = admin.get(page_of(moderator)).content.decode()
    assert "Consultations that this person moderates" in page
    sent = fields_of(admin.get(page_of(moderator)), "user_form")
    admin.post(page_of(moderator), sent | {"moderator_set-0-DELETE": "on"})
    assert not Moderator.objects.exists()


def test_whoever_may_correct_names_gives_no_roles_away(client, participant):
    clerk = make.person(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    client.force_login(clerk)
    sent = fields_of(client.get(page_of(participant)), "user_form")
    client.post(page_of(participant), sent | {"name": "Corrected", "is_superuser": "on", "is_staff": "on"})
    participant.refresh_from_db()
    assert (participant.name, participant.is_superuser, participant.is_staff) == ("Corrected", False, False)
    assert client.post(page_of(make.admin()), {"name": "Taken over"}).status_code == 403


@pytest.mark.parametrize("role", ["is_active", "is_staff", "is_superuser"])
def test_the_last_administrator_keeps_what_it_takes(client, role):
    last = make.admin()
    # Neither of these could log in here and give roles.
    make.admin(is_active=False)
    User.objects.filter(pk=make.admin().pk).update(is_staff=False)
    client.force_login(last)
    sent = fields_of(client.get(page_of(last)), "user_form")
    without = {name: value for name, value in sent.items() if name != role}
    refused = client.post(page_of(last), without | {"name": "Typed meanwhile"})
    page = refused.content.decode()
    assert "Nobody else could log in here and give roles any more." in page
    assert "Typed meanwhile" in page
    last.refresh_from_db()
    assert getattr(last, role)
    make.admin()
    assert client.post(page_of(last), without).status_code == 302
    last.refresh_from_db()
    assert not getattr(last, role)


def test_log_in_tables_are_not_managed(admin):
    index = admin.get("/admin/").content.decode()
    for app in ("account/", "mfa/", "usersessions/"):
        assert f"/admin/{app}" not in index
    assert admin.get("/admin/mfa/authenticator/").status_code == 404


def test_logging_in_goes_through_the_portals_own_page(client):
    response = client.get("/admin/login/?next=/admin/")
    assert response.headers["Location"].startswith("/en/accounts/login/")
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302
