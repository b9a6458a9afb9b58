from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from consultations import synthesis
from consultations.consistency import differences, participation_differences
from consultations.models import Comment, CommentVersion, Consultation, DiscussionSpace, Question
from tests import make


def synthesized(slug="trial", size=300, **options) -> Question:
    synthesis.synthesize(slug, size, **options)
    return Question.objects.select_related("consultation").get(consultation__slug=slug, number=1)


def what_was_said(question):
    """All that a discussion of one size and seed always has, in which numbers and times are relative."""
    places = {pk: place for place, pk in enumerate(question.comments.order_by("pk").values_list("pk", flat=True))}
    return [
        (comment.author_name, comment.language, comment.body, comment.state, [places[pk] for pk in comment.path])
        for comment in question.comments.order_by("pk")
    ]


def test_it_works(client):
    question = synthesized(size=40)
    assert question.comments.count() == 40
    assert question.consultation.is_open
    page = client.get(question.get_absolute_url())
    assert page.status_code == 200
    assert page.content.count(b'<article class="comment') >= 10


def test_everything_kept_agrees_with_the_comments():
    question = synthesized(size=800)
    assert differences(question) == []
    assert participation_differences(question.consultation) == []
    assert CommentVersion.objects.filter(comment__question=question).count() == 800
    latest = question.comments.latest("pk")
    assert question.latest_comment_at == latest.created_at
    assert question.comment_count == question.comments.published().count() < 800


def test_one_seed_always_makes_the_same_discussion():
    one, same = synthesized("one", seed=7), synthesized("same", seed=7)
    assert what_was_said(one) == what_was_said(same)
    assert what_was_said(one) != what_was_said(synthesized("other", seed=8))


def test_a_discussion_looks_like_one_of_people():
    comments = list(synthesized(size=2000).comments.all())
    threads = sorted(Counter(comment.root_id for comment in comments).values())
    languages = Counter(comment.language for comment in comments)
    assert threads[-1] > 20 * threads[len(threads) // 2]
    assert max(len(comment.path) for comment in comments) >= 6
    assert languages["en"] > languages["fr"] > languages["und"] > 0
    assert 60 < sum(comment.words for comment in comments) / len(comments) < 200
    assert {comment.state for comment in comments} == {"published", "withdrawn"}
    assert any(comment.by_moderator for comment in comments)
    assert any(comment.asks_moderators for comment in comments)
    assert {comment.capacity for comment in comments} == set(Comment.Capacity.values)


def test_people_can_go_on_writing_in_it():
    question = synthesized(size=30)
    parent = question.comments.published().order_by("pk").last()
    reply = make.comment(question, parent)
    assert reply.path == [*parent.path, reply.pk]
    assert differences(question) == []


def test_the_same_again_does_nothing():
    question = synthesized(size=30)
    before = what_was_said(question)
    assert synthesis.synthesize("trial", 30) is False
    assert what_was_said(question) == before


@pytest.mark.parametrize(("size", "seed"), [(31, 1), (30, 2)])
def test_another_size_or_seed_is_refused_unless_it_may_replace(size, seed):
    first = synthesized(size=30)
    with pytest.raises(CommandError, match="Add --replace"):
        call_command("synthesize_discussion", slug="trial", comments=size, seed=seed)
    assert first.comments.count() == 30
    call_command("synthesize_discussion", slug="trial", comments=size, seed=seed, replace=True)
    assert Comment.objects.count() == size
    assert differences(synthesized(size=size, seed=seed)) == []


def test_a_consultation_of_people_is_never_replaced():
    comment = make.comment(make.question())
    slug = comment.question.consultation.slug
    with pytest.raises(CommandError, match="a consultation of people"):
        call_command("synthesize_discussion", slug=slug, comments=5, replace=True)
    assert list(Comment.objects.all()) == [comment]


@pytest.mark.parametrize(("slug", "size"), [("two words", 5), ("", 5), ("trial", 0), ("trial", -1)])
def test_what_cannot_be_made_is_said(slug, size):
    with pytest.raises(CommandError):
        call_command("synthesize_discussion", slug=slug, comments=size)
    assert not Consultation.objects.exists()


def test_it_is_refused_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production mode"):
        call_command("synthesize_discussion", slug="trial", comments=5)
    assert not DiscussionSpace.objects.exists()
