import itertools
from html.parser import HTMLParser

import pytest

from consultations import states, threads
from consultations.models import Comment
from consultations.threads import Reading
from tests import make


def shown(page: threads.Page) -> list[int]:
    return [step.comment.pk for step in page.steps]


def roots(page: threads.Page) -> list[int]:
    return [step.comment.pk for step in page.steps if step.comment.parent_id is None]


class Lists(HTMLParser):
    """The discussion's nested lists as nested Python lists of comment ids."""

    def __init__(self):
        super().__init__()
        self.outline, self.open, self.within = [], [], []

    def handle_starttag(self, tag, attributes):
        if tag in {"ol", "li", "article"}:
            classes = dict(attributes).get("class", "")
            if tag == "ol" and ("thread" in classes or "replies" in classes):
                new = []
                (self.open[-1] if self.open else self.outline).append(new)
                self.open.append(new)
                self.within.append("ol")
            elif self.open:
                self.within.append(tag)
                if tag == "article":
                    self.open[-1].append(int(dict(attributes)["id"].removeprefix("comment-")))

    def handle_endtag(self, tag):
        if self.within and tag in {"ol", "li", "article"}:
            assert self.within.pop() == tag
            if tag == "ol":
                self.open.pop()


def outline(html: str) -> list:
    parser = Lists()
    parser.feed(html)
    assert not parser.within
    return parser.outline[0] if parser.outline else []


def test_it_works(client, question):
    a = make.comment(question)
    b = make.comment(question)
    a1 = make.comment(question, a)
    a2 = make.comment(question, a)
    a11 = make.comment(question, a1)
    page = threads.page(question, Reading())
    assert shown(page) == [b.pk, a.pk, a1.pk, a11.pk, a2.pk]
    assert page.before is page.after is None
    html = client.get(question.get_absolute_url()).content.decode()
    assert outline(html) == [b.pk, a.pk, [a1.pk, [a11.pk], a2.pk]]


def test_oldest_first_turns_the_roots_alone(question):
    a, b = make.comment(question), make.comment(question)
    a1, a2 = make.comment(question, a), make.comment(question, a)
    assert shown(threads.page(question, Reading(oldest_first=True))) == [a.pk, a1.pk, a2.pk, b.pk]


@pytest.mark.parametrize("oldest_first", [False, True])
def test_pages_follow_each_other_both_ways_and_nothing_is_lost(question, oldest_first):
    author = make.person()
    made = [make.comment(question, author=author).pk for _ in range(threads.ROOTS * 2 + 3)]
    expected = made if oldest_first else made[::-1]
    reading = Reading(oldest_first=oldest_first)
    page, forward = threads.page(question, reading), []
    while True:
        forward.append(roots(page))
        if page.after is None:
            break
        page = threads.page(question, reading, after=page.after)
    assert list(itertools.chain(*forward)) == expected
    backward = [roots(page)]
    while page.before is not None:
        page = threads.page(question, reading, before=page.before)
        backward.insert(0, roots(page))
    assert backward == forward


def test_a_long_thread_shows_its_first_replies_and_leads_to_the_rest(client, question):
    root, author = make.comment(question), make.person()
    replies = [make.comment(question, root, author=author).pk for _ in range(threads.REPLIES + 6)]
    page = threads.page(question, Reading())
    assert shown(page) == [root.pk, *replies[: threads.REPLIES]]
    html = client.get(question.get_absolute_url()).content.decode()
    assert "Show the 6 other replies in this thread" in html
    whole = client.get(f"{question.get_absolute_url()}?thread={root.pk}").content.decode()
    assert outline(whole) == [root.pk, replies]


def test_a_thread_of_hundreds_is_paged_by_reply(question):
    root, author = make.comment(question), make.person()
    replies = [make.comment(question, root, author=author) for _ in range(threads.THREAD + 5)]
    first = threads.thread_page(root)
    assert shown(first) == [root.pk, *[reply.pk for reply in replies[: threads.THREAD]]]
    last = threads.thread_page(root, after=replies[threads.THREAD - 1])
    assert shown(last) == [root.pk, *[reply.pk for reply in replies[threads.THREAD :]]]
    assert last.before == replies[threads.THREAD].pk
    assert last.after is None


def test_every_comment_is_found_at_its_address(client, question):
    author = make.person()
    busy = make.comment(question, author=author)
    deep = busy
    for _level in range(12):
        deep = make.comment(question, deep, author=author)
    made = [make.comment(question, busy, author=author) for _ in range(threads.REPLIES + 5)]
    made += [busy, deep, *[make.comment(question, author=author) for _ in range(threads.ROOTS + 2)]]
    for comment in made:
        html = client.get(comment.get_discussion_url().split("#")[0]).content.decode()
        assert f'id="comment-{comment.pk}"' in html
        assert outline(html)


def test_a_window_into_the_middle_of_a_thread_is_well_formed(client, question):
    """It begins with a deep reply whose ancestors are on the page before."""
    author = make.person()
    root = make.comment(question, author=author)
    many = [make.comment(question, root, author=author).pk for _ in range(threads.REPLIES)]
    branch = make.comment(question, root, author=author)
    a = make.comment(question, branch, author=author)
    deep = make.comment(question, a, author=author)
    beside = make.comment(question, a, author=author)
    after = make.comment(question, branch, author=author)
    last = make.comment(question, root, author=author)
    html = client.get(f"{question.get_absolute_url()}?at={deep.pk}").content.decode()
    ids = [step.comment.pk for step in threads.page_around(deep, Reading()).steps]
    assert ids == [root.pk, *many[-3:], branch.pk, a.pk, deep.pk, beside.pk, after.pk, last.pk]
    assert outline(html)[0] == root.pk
    middle = client.get(f"{question.get_absolute_url()}?thread={root.pk}&after={a.pk}").content.decode()
    assert outline(middle)[0] == root.pk
    assert f"?at={a.pk}#comment-{a.pk}" in middle


def test_what_is_read_by_language_is_in_that_language(client, question):
    root = make.comment(question)
    french = make.comment(question, root, language="fr", body="Une réponse.")
    make.comment(question, root, language="es", body="Una respuesta.")
    html = client.get(f"{question.get_absolute_url()}?written=fr").content.decode()
    assert outline(html) == [french.pk]
    assert f"?at={root.pk}#comment-{root.pk}" in html
    assert "French (1)" in html


def test_only_answered_threads(question):
    answered, other = make.comment(question), make.comment(question)
    answer = make.comment(question, answered, author=make.moderator(question.consultation))
    assert shown(threads.page(question, Reading(answered=True))) == [answered.pk, answer.pk]
    assert other.pk in shown(threads.page(question, Reading()))


def test_a_removed_comment_leaves_its_place_and_its_replies(client, question):
    root = make.comment(question, body="An attack.")
    reply = make.comment(question, root)
    states.take_away(root, root.created_at, state=Comment.State.WITHDRAWN)
    html = client.get(question.get_absolute_url()).content.decode()
    assert outline(html) == [root.pk, [reply.pk]]
    assert "An attack." not in html
    assert "In reply to a withdrawn contribution" in html


def test_held_comments_are_seen_by_nobody_else(client, question):
    held = make.comment(question, body="Held words.")
    Comment.objects.filter(pk=held.pk).update(state=Comment.State.HELD)
    assert "Held words." not in client.get(question.get_absolute_url()).content.decode()
    assert client.get(held.get_absolute_url()).status_code == 404
    client.force_login(held.author)
    assert "Held for review" in client.get(held.get_absolute_url()).content.decode()


def test_a_long_text_is_folded_and_whole_at_its_address(client, question):
    body = "\n\n".join(
        f"Paragraph {number} says something that takes a line or two of text to say." for number in range(30)
    )
    comment = make.comment(question, body=body)
    html = client.get(question.get_absolute_url()).content.decode()
    assert '<details class="fold">' in html
    assert "Paragraph 29" in html
    assert '<details class="fold">' not in client.get(comment.get_absolute_url()).content.decode()
    assert "Paragraph 29" not in client.get(question.consultation.get_absolute_url()).content.decode()


def test_the_consultation_shows_questions_from_the_highest_number_down(client):
    consultation = make.consultation(questions=3)
    for question in consultation.questions.all():
        for _ in range(3):
            make.comment(question)
    html = client.get(consultation.get_absolute_url()).content.decode()
    places = [html.index(f'<section class="question gap-above" id="question-{number}"') for number in (3, 2, 1)]
    assert places == sorted(places)
    assert places[-1] < html.index('id="open-floor"')
    assert html.count("<article") == 4 * 2
