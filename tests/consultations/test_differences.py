"""What changed between two versions, in words and in bounded time."""

import random
import time

import pytest

from consultations.differences import Piece, difference
from tests import make

LONG = 20_000


def texts_of(pieces: list[Piece]) -> tuple[str, str]:
    before = "".join(piece.text for piece in pieces if piece.change != "ins")
    after = "".join(piece.text for piece in pieces if piece.change != "del")
    return before, after


def test_it_works():
    assert difference("A form with eleven fields.", "A form with twelve fields.") == [
        Piece("", "A form with "),
        Piece("del", "eleven"),
        Piece("ins", "twelve"),
        Piece("", " fields."),
    ]


def test_changed_words_side_by_side_are_one_change():
    pieces = difference("We saw one two there.", "We saw three four there.")
    assert [piece.change for piece in pieces] == ["", "del", "ins", ""]
    assert "one two" in pieces[1].text
    assert "three four" in pieces[2].text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", "All new."),
        ("All gone.", ""),
        ("One.\n\nTwo.", "One.\n\nTwo.\n\nThree."),
        ("a\nb\nc", "c\nb\na"),
        ("Ñandú, œuvre", "Ñandúes, œuvres"),
        ("<b>&amp;", "<i>&amp;"),
    ],
)
def test_both_texts_can_be_read_out_of_the_difference(before, after):
    assert texts_of(difference(before, after)) == (before, after)


def test_any_two_texts_can_be_read_out_of_the_difference():
    chance = random.Random(7)
    for _round in range(200):
        before, after = ("".join(chance.choices("ab \n.", k=chance.randrange(60))) for _text in range(2))
        assert texts_of(difference(before, after)) == (before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * (LONG // 2), "b " * (LONG // 2)),
        ("a b " * (LONG // 4), "b a " * (LONG // 4)),
        ("a\n" * (LONG // 2), "a\n\n" * (LONG // 3)),
        ("x" * LONG, "y" * LONG),
        (". " * (LONG // 2), " ." * (LONG // 2)),
        (" ".join(map(str, range(4_000))), " ".join(map(str, range(4_000, 0, -1)))),
    ],
)
def test_the_worst_texts_stay_bounded(before, after):
    # The work of this thread, a tenth of this on any machine; without a bound it is minutes.
    begun = time.thread_time()
    pieces = difference(before, after)
    assert time.thread_time() - begun < 5
    assert texts_of(pieces) == (before, after)


def test_a_word_changed_in_a_long_text_is_found():
    words = [f"word{number % 700}" for number in range(2_500)]
    changed = [*words[:1_200], "changed", *words[1_201:]]
    pieces = difference("\n".join(map(" ".join, zip(*[iter(words)] * 10, strict=True))), " ".join(changed))
    assert texts_of(pieces)[1] == " ".join(changed)
    paragraphs = "\n\n".join(map(" ".join, zip(*[iter(words)] * 100, strict=True)))
    assert [piece.change for piece in difference(paragraphs, paragraphs.replace("word450 ", "another ", 1))] == [
        "",
        "del",
        "ins",
        "",
    ]


def test_the_page_marks_what_was_added_and_removed_in_words(client, question):
    from consultations import posting

    comment = make.comment(question, body="A form with <eleven> fields.")
    posting.edit_comment(comment=comment, editor=comment.author, body="A form with twelve fields.", language="en")
    page = client.get(comment.get_absolute_url()).content.decode()
    assert "?changes=2#version-2" in page
    html = client.get(f"{comment.get_absolute_url()}?changes=2").content.decode()
    assert "&lt;eleven&gt;" in html.split("<del>")[1].split("</del>")[0]
    assert "removed:" in html.split("<del>")[1]
    assert "twelve" in html.split("<ins>")[1].split("</ins>")[0]
    assert "added:" in html.split("<ins>")[1]
    for nonsense in ("1", "3", "x", "9" * 30, ""):
        assert client.get(f"{comment.get_absolute_url()}?changes={nonsense}").status_code == 200
