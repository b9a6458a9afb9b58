import json
import re

from django.urls import reverse

from accounts.models import User
from consultations.moderation.models_more import OrganizationFocalPoint
from tests import make

FORM = {"name": "Amina Diarra", "country": "ML", "organization": "", "group": "", "language": "en"}


def test_it_works(client, participant):
    client.force_login(participant)
    answer = client.get(reverse("profile"))
    page = answer.content.decode()
    assert "Your name is always shown." in page and 'value="Amina Diarra"' in page
    for name in ("my_contributions", "account_change_password", "account_email", "usersessions_list", "mfa_index",
                 "download_my_data", "delete_account", "account_logout"):  # fmt: skip
        assert f'"{reverse(name)}"' in page
    answer = client.post(reverse("profile"), FORM | {"organization": "Coopérative de Ségou"}, follow=True)
    assert "Your changes are saved." in answer.content.decode()
    participant.refresh_from_db()
    assert (participant.country.code, participant.organization) == ("ML", "Coopérative de Ségou")
    assert participant.shows_profile is False


def test_whoever_chooses_another_language_reads_on_in_it(client, participant):
    client.force_login(participant)
    answer = client.post(reverse("profile"), FORM | {"language": "es"})
    assert answer.headers["Location"] == "/es/accounts/profile/"


def test_errors_keep_what_was_written(client, participant):
    client.force_login(participant)
    answer = client.post(reverse("profile"), FORM | {"name": " ", "organization": "Coopérative", "language": "xx"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "<title>Error: Your profile" in page
    assert 'href="#id_name"' in page and 'href="#id_language"' in page and 'value="Coopérative"' in page
    assert "Choose English, French or Spanish." in page
    # The head still says who is logged in.
    assert re.search(r'<a href="/en/accounts/profile/"[^>]*>Amina Diarra</a>', page)


def test_earlier_contributions_are_not_changed(client, participant, question):
    comment = make.comment(question, author=participant)
    client.force_login(participant)
    client.post(reverse("profile"), FORM | {"name": "Another Name"})
    comment.refresh_from_db()
    assert comment.author_name == "Amina Diarra"


def test_strangers_log_in_first(client):
    for name in ("profile", "download_my_data", "delete_account"):
        answer = client.get(reverse(name))
        assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


def test_everything_about_oneself_in_one_file(client, participant, question):
    comment = make.comment(question, author=participant, body="Onze cases, à la main.")
    make.comment(question, body="Somebody else's words.")
    client.post(reverse("account_login"), {"login": participant.email, "password": make.PASSWORD})
    answer = client.get(reverse("download_my_data"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    answer = client.post(answer.headers["Location"], {"password": make.PASSWORD})
    assert answer.headers["Location"] == reverse("download_my_data")
    assert "Download" in client.get(reverse("download_my_data")).content.decode()
    answer = client.post(reverse("download_my_data"))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    text = answer.content.decode()
    assert "Onze cases, à la main." in text and "Somebody else" not in text
    assert participant.password not in text
    kept = json.loads(text)
    assert kept["profile"]["name"] == "Amina Diarra"
    assert kept["e-mail addresses"][0]["address"] == participant.email
    assert len(kept["logged in on"]) == 1
    [contribution] = kept["contributions"]
    assert contribution["number"] == comment.pk
    assert contribution["address"].endswith(comment.get_absolute_url())
    assert [version["text"] for version in contribution["versions"]] == ["Onze cases, à la main."]


def test_html_in_a_profile_is_text(client):
    person = make.person(name="<script>alert(1)</script>", organization='"><img src=x>')
    client.force_login(person)
    page = client.get(reverse("profile")).content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page
    assert User.objects.count() == 1


def test_what_is_for_focal_points_is_offered_to_them_alone(client, participant):
    client.force_login(participant)
    address = reverse("my_organization")
    assert address not in client.get(reverse("profile")).text
    OrganizationFocalPoint.objects.create(user=participant, organization="Union", domain="example.org")
    assert f'href="{address}"' in client.get(reverse("profile")).text


def test_my_contributions_begin_with_drafts_and_end_with_claiming(client, participant, question):
    root = make.comment(question)
    reply = make.comment(question, root, author=participant)
    client.force_login(participant)
    page = client.get(reverse("my_contributions")).text
    assert page.index("My drafts") < page.index("What I posted") < page.index(f'href="{reverse("claim")}"')
    # Each of the two on a line of its own, without a sign that leads to nothing.
    [meta] = re.findall(r'<p class="meta">([^\n]*?)</p>', page)
    assert "In reply to" not in meta and not meta.rstrip().endswith("·")
    assert f"In reply to {root.author_name}, №\u00a0{root.pk}" in page and f"№\u00a0{reply.pk}" in page
