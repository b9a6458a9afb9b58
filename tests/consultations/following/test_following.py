"""Following and unfollowing: buttons for people who are logged in, a link for others."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from consultations.following import follows
from consultations.following.models import Follow
from consultations.models import Comment, Consultation
from tests import make


def address(what, thing) -> str:
    return reverse("follow", args=[what, thing.pk])


@pytest.fixture
def root(question):
    return make.comment(question)


def test_it_works(client, participant, question):
    client.force_login(participant)
    here = question.get_absolute_url()
    assert "Follow this question" in client.get(here).content.decode()
    response = client.post(address("question", question), {"next": here}, follow=True)
    assert response.redirect_chain == [(here, 302)]
    html = response.content.decode()
    assert "You follow this now." in html
    assert "Stop following this question" in html
    assert "Follow this consultation" in html
    client.post(address("question", question), {"action": "unfollow", "next": here})
    assert not Follow.objects.filter(user=participant).exists()


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_each_thing_has_its_page_in_each_language(client, participant, question, root, language):
    client.force_login(participant)
    for what, thing in [("consultation", question.consultation), ("question", question), ("thread", root)]:
        html = client.get(address(what, thing).replace("/en/", f"/{language}/")).content.decode()
        assert f'lang="{language}"' in html
        assert "<form" in html


def test_following_twice_and_unfollowing_twice_is_all_right(participant, question, root):
    for thing in (question.consultation, question, root):
        follows.follow(participant, thing)
        follows.follow(participant, thing)
    assert Follow.objects.filter(user=participant).count() == 3
    for thing in (question.consultation, question, root):
        follows.unfollow(participant, thing)
        follows.unfollow(participant, thing)
    assert not Follow.objects.filter(user=participant).exists()


def test_the_database_wants_exactly_one_thing(participant, question):
    for things in ({}, {"question": question, "consultation": question.consultation}):
        with pytest.raises(IntegrityError, match="follows_exactly_one_thing"), transaction.atomic():
            Follow.objects.create(user=participant, **things)


def test_one_follows_the_thread_in_which_one_wrote_and_nothing_else(question, root):
    author = make.person()
    make.comment(question, make.comment(question, root), author=author)
    follow = Follow.objects.get(user=author)
    assert (follow.root, follow.question, follow.consultation) == (root, None, None)
    assert Follow.objects.get(user=root.author).root == root


def test_a_held_contribution_is_followed_once_it_is_published(participant):
    question = make.consultation(holding=Consultation.Holding.EVERYBODY).questions.get(number=1)
    make.comment(question, author=participant)
    assert not Follow.objects.exists()


def test_visitors_get_a_link_to_log_in_and_come_back(client, participant, question, root):
    for page in (question.get_absolute_url(), question.consultation.get_absolute_url(), root.get_absolute_url()):
        response = client.get(page)
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.content.decode()
    link = address("thread", root)
    assert f'href="{link}"' in client.get(question.get_absolute_url()).content.decode()
    response = client.get(link)
    assert response.headers["Location"] == f"/en/accounts/login/?next={link}"
    assert client.post(link).headers["Location"].startswith("/en/accounts/login/")
    assert not Follow.objects.exclude(user=root.author).exists()


def test_a_thread_is_followed_from_the_page_of_a_reply(client, participant, question, root):
    client.force_login(participant)
    reply = make.comment(question, root)
    assert address("thread", root) in client.get(reply.get_absolute_url()).content.decode()
    assert client.post(address("thread", root)).headers["Location"] == root.get_discussion_url()
    assert client.get(root.get_discussion_url().partition("#")[0]).content.decode().count("You follow this now.") == 1
    assert Follow.objects.filter(user=participant, root=root).exists()


def test_what_one_may_not_read_cannot_be_followed(client, participant, question, root):
    client.force_login(participant)
    reply = make.comment(question, root)
    draft = make.consultation(state=Consultation.State.DRAFT)
    Comment.objects.filter(pk=root.pk).update(state=Comment.State.HELD)
    for what, pk in [
        ("consultation", draft.pk),
        ("question", draft.questions.first().pk),
        ("thread", root.pk),
        ("thread", reply.pk),
        ("thread", 10**17),
        ("question", 0),
    ]:
        for method in (client.get, client.post):
            assert method(f"/en/me/following/{what}/{pk}/").status_code == 404, (what, pk)
    for absurd in ("thread/999999999999999999999/", "thread/-1/", "person/1/", "thread/x/"):
        assert client.get(f"/en/me/following/{absurd}").status_code == 404


def test_it_never_leads_to_another_site(client, participant, question):
    client.force_login(participant)
    response = client.post(address("question", question), {"next": "https://elsewhere.example/"})
    assert response.headers["Location"] == question.get_absolute_url()


def test_the_buttons_of_a_page_share_one_query(client, participant, question, django_assert_max_num_queries):
    client.force_login(participant)
    make.comment(question)
    client.get(question.get_absolute_url())

    def count() -> int:
        with django_assert_max_num_queries(30) as captured:
            client.get(question.get_absolute_url())
        return len(captured)

    one = count()
    for _each in range(8):
        make.comment(question)
    assert count() == one
