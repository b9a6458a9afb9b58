import threading
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.administrators import LastAdministrator
from accounts.erasure import erase_account
from accounts.models import StakeholderGroup, User
from consultations import drafts, posting
from consultations.models import Comment, CommentVersion, Draft, LanguageCount, Participation
from tests import make

Capacity = Comment.Capacity


@pytest.fixture
def leila():
    return make.person(
        name="Leïla Benkacem", email="leila@example.org", country="DZ", organization="Institut", group="academia"
    )


def log_in(client, person):
    client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})


def delete(client, **fields):
    log_in(client, User.objects.get(email="leila@example.org"))
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    return client.post(reverse("delete_account"), {"contributions": "keep", "confirmed": "on"} | fields, follow=True)


def test_it_works(client, leila, question, mailoutbox):
    comment = make.comment(question, author=leila, body="The paper is short.")
    make.comment(question, comment, body="And yet it counts.")
    drafts.save(author=leila, question=question, typed=drafts.Typed(body="Not yet said"))
    Authenticator.objects.create(user=leila, type="recovery_codes", data={})
    elsewhere = Client()
    log_in(elsewhere, leila)
    mailoutbox.clear()
    answer = delete(client)
    assert "Your account is deleted." in answer.content.decode()
    assert not User.objects.filter(email="leila@example.org").exists()
    assert not Draft.objects.exists() and not Authenticator.objects.exists()
    assert not Session.objects.exists() and elsewhere.get(reverse("profile")).status_code == 302
    page = client.get(question.get_absolute_url()).content.decode()
    assert "The paper is short." in page and "Former participant" in page and "Leïla" not in page
    [mail] = mailoutbox
    assert mail.to == ["leila@example.org"] and "Former participant" in mail.body


def test_the_page_says_what_becomes_of_submissions(client, leila):
    page = delete(client, confirmed="").content.decode()
    assert "those that were listed or declined stay, without your name" in page
    assert "of one that was in review its title stays" in page


def test_the_sessions_own_page_asks_who_it_is(client, leila):
    log_in(client, leila)
    answer = client.post(reverse("delete_account"), {"contributions": "keep", "confirmed": "on"})
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.filter(pk=leila.pk).exists()


@pytest.mark.parametrize(
    ("fields", "link"),
    [({"confirmed": ""}, "#id_confirmed"), ({"contributions": "sell"}, "#id_contributions")],
)
def test_nothing_happens_without_an_explicit_yes(client, leila, fields, link):
    answer = delete(client, **fields)
    page = answer.content.decode()
    assert answer.status_code == 422 and "<title>Error:" in page and f'href="{link}"' in page
    assert User.objects.filter(pk=leila.pk).exists()


def test_what_stays_says_nothing_of_the_person(leila, question):
    academia = StakeholderGroup.objects.get(slug="academia")
    as_person = make.comment(question, author=leila)
    as_organization = make.comment(question, author=leila, voice=posting.Voice(Capacity.ORGANIZATION))
    question.consultation.allows_pseudonyms = True
    question.consultation.save()
    hidden_name = make.comment(question, author=leila, voice=posting.Voice(pseudonym="Safran"))
    erase_account(leila, keep_contributions=True)
    for comment in (as_person, as_organization, hidden_name):
        comment.refresh_from_db()
        assert comment.author is None and comment.group == academia and comment.body
    assert (as_person.author_name, as_person.organization, as_person.country.code) == ("", "", "")
    assert (as_organization.author_name, as_organization.organization) == ("", "Institut")
    assert hidden_name.author_name == "Safran"
    question.refresh_from_db()
    assert question.comment_count == 3
    assert Participation.objects.get().user is None


def test_words_withdrawn_earlier_are_gone_too(leila, question):
    comment = make.comment(question, author=leila)
    posting.withdraw(comment=comment, author=leila)
    erase_account(leila, keep_contributions=True)
    comment.refresh_from_db()
    assert (comment.body, comment.html) == ("", "") and not CommentVersion.objects.exists()


def test_withdrawn_contributions_are_really_gone(client, leila, question):
    comment = make.comment(question, author=leila, body="The paper is short.")
    posting.edit_comment(comment=comment, editor=leila, body="The paper is shorter.", language="en")
    reply = make.comment(question, comment, body="And yet it counts.")
    nested = make.comment(question, reply, author=leila, body="Does it?", language="fr")
    page = delete(client, contributions="withdraw").content.decode()
    assert "Your account is deleted." in page
    for each in (comment, nested):
        each.refresh_from_db()
        assert each.state == Comment.State.WITHDRAWN and each.author is None
        assert not (each.body or each.html or each.author_name or each.organization or each.country)
    assert list(CommentVersion.objects.values_list("comment", flat=True)) == [reply.pk]
    question.refresh_from_db()
    assert question.comment_count == 1
    assert dict(LanguageCount.objects.values_list("language", "comment_count")) == {"en": 1, "fr": 0}
    assert [row.user_id for row in Participation.objects.all()] == [reply.author_id]
    page = client.get(question.get_absolute_url()).content.decode()
    assert "And yet it counts." in page and "The paper is" not in page and "Does it?" not in page
    assert f'id="comment-{comment.pk}"' in page


def test_all_of_it_or_nothing(leila, question, settings):
    comment = make.comment(question, author=leila)
    settings.PERSONAL_DATA = [*settings.PERSONAL_DATA, f"{__name__}.Refuses"]
    with pytest.raises(ZeroDivisionError):
        erase_account(leila, keep_contributions=False)
    comment.refresh_from_db()
    assert comment.state == Comment.State.PUBLISHED and comment.author == leila


class Refuses:
    def erase(self, user, *, keep_contributions):
        raise ZeroDivisionError


def test_the_last_administrator_stays(client, leila):
    leila.is_superuser = leila.is_staff = True
    leila.save()
    with pytest.raises(LastAdministrator):
        erase_account(leila, keep_contributions=True)
    assert "You are the only administrator." in delete(client).content.decode()
    make.admin()
    assert "Your account is deleted." in delete(client).content.decode()


@pytest.mark.django_db(transaction=True)
def test_people_who_write_at_the_same_time_are_not_stopped():
    consultation = make.consultation(questions=2)
    first, second = consultation.questions.filter(number__isnull=False).order_by("number")
    leaving = [make.person(), make.person()]
    staying = [make.person() for _ in range(4)]
    # Each of those who leave began threads and answered in the other's, in opposite order.
    roots = [make.comment(question, author=leaving[n % 2]) for n, question in enumerate([first, second, second, first])]
    for n, root in enumerate(reversed(roots)):
        make.comment(root.question, root, author=leaving[n % 2])
    failures = []

    def run(job):
        try:
            job()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    jobs = [partial(erase_account, person, keep_contributions=False) for person in leaving]
    jobs += [partial(make.comment, question, author=person) for person in staying for question in (second, first)]
    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert not User.objects.filter(pk__in=[person.pk for person in leaving]).exists()
    for question in (first, second):
        question.refresh_from_db()
        assert question.comment_count == 4 == Comment.objects.published().filter(question=question).count()
    assert Comment.objects.filter(author=None, state=Comment.State.WITHDRAWN, body="").count() == 8
