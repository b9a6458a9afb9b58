"""What people type → clean HTML, rendered once, when it is written.

The marks themselves are described in `marks`. What this module promises beyond them: no word that was typed
is missing from what is shown, and nothing comes out but the few tags and attributes below.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import pairwise

import bleach

from accounts.typed import is_blank
from consultations.marks import marked, prepared
from consultations.typography import on_one_line

TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "table", "tbody", "tr", "td"}
ATTRIBUTES = {"a": ["href", "rel"], "ol": ["start"], "li": ["value"]}
PROTOCOLS = {"http", "https", "mailto"}

# How long contributions are folded: after FOLD_AFTER characters where a paragraph ends soon, within a longer
# one where a sentence ends; and never for the sake of fewer than FOLD_LEAST words.
FOLD_AFTER = 500
FOLD_LEAST = 80
FOLD_SOON = 800
FOLD_LATEST = 1500
FOLD_TAIL = 200


@dataclass(frozen=True)
class Rendered:
    """Clean HTML, the offset in it where the fold begins (None: nothing worth folding), and its words."""

    html: str
    fold_at: int | None
    words: int


# What is stored

CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]")
LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
# Windows quotation marks and dashes that arrive under the wrong name, as control characters.
MISNAMED = {code: character for code in range(0x80, 0xA0) if (character := bytes([code]).decode("cp1252", "ignore"))}
MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
PILED_MARKS = re.compile(f"([{MARKS}]{{3}})[{MARKS}]+")
OVERRIDES = re.compile("[\u202d\u202e]")
DIRECTIONS = re.compile("[\u202a\u202b\u202c\u2066-\u2069]")
POP = {"\u202c": "\u202a\u202b", "\u2069": "\u2066\u2067\u2068"}


def clean_source(text: str) -> str:
    """What is stored of a text: nothing visible is lost, and nothing in it can harm the page around it.

    Line breaks are \\n; control characters, lone surrogates, soft hyphens and trailing blanks are gone; letters
    are composed (NFC); more than three accents on one letter are cut; direction overrides are removed, and
    other direction marks balanced within each line. Joiners inside emoji and scripts stay.
    """
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = CONTROLS.sub("", LINE_BREAKS.sub("\n", text).translate(MISNAMED))
    text = PILED_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))
    text = OVERRIDES.sub("", text)
    return "\n".join(balanced(line).rstrip() for line in text.split("\n")).strip("\n")


def balanced(line: str) -> str:
    """The line with each direction mark that is opened in it closed in it, and none closed that was not opened."""
    if not DIRECTIONS.search(line):
        return line
    kept, opened = [], []
    for character in line:
        if character in POP:
            if not opened or opened[-1] not in POP[character]:
                continue
            opened.pop()
        elif DIRECTIONS.match(character):
            opened.append(character)
        kept.append(character)
    closing = {opener: pop for pop, openers in POP.items() for opener in openers}
    return "".join(kept) + "".join(closing[opener] for opener in reversed(opened))


# What is shown


def render(source: str) -> Rendered:
    """The clean HTML of a text that went through `clean_source`."""
    text = prepared(source)
    html = clean_html(marked(text))
    if not says_the_same(text, html):
        html = clean_html(as_typed(source))
    return Rendered(html=html, fold_at=fold_point(html), words=words(source))


def clean_html(html: str) -> str:
    # A cleaner of bleach must not be shared between threads, so each text gets its own.
    return bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS).strip()


def as_typed(source: str) -> str:
    """Paragraphs and line breaks only, for a text whose marks would swallow something."""
    paragraphs = re.split(r"\n\s*\n", source)
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>".replace("\n", "<br>\n") for paragraph in paragraphs)


WORD = re.compile(r"[^\W_]+")
LINKED_ITSELF = re.compile(r"\[([^\[\]\n]{1,500})\]\((?:mailto:|https?://)?\1\)", re.IGNORECASE)
MAIL_SCHEME = re.compile("mailto:", re.IGNORECASE)


def says_the_same(text: str, html: str) -> bool:
    """Are the words of the text, numbers and addresses included, those that the HTML shows, in the same order?"""
    shown = plain(html)
    typed = MAIL_SCHEME.sub("", LINKED_ITSELF.sub(r"\1", text))
    return WORD.findall(typed) == WORD.findall(MAIL_SCHEME.sub("", shown)) and is_blank(text) == is_blank(shown)


# A Chinese or Japanese character counts as a word, as word processors count them.
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
COUNTED = re.compile(f"[{IDEOGRAPHS}]|[^\\W_](?:(?![{IDEOGRAPHS}])[^\\W_]|[’'.,-])*")


def words(text: str) -> int:
    """How many words a reader would count, as the live count beside the form does."""
    return sum(1 for _ in COUNTED.finditer(text))


# Folding

TAG = re.compile(r"<(/?)([a-z]+)([^>]*)>")
VALUE = re.compile(r'(?:start|value)="(\d+)"')
RUNNING = {"p", "blockquote"}
CLOSED_WHOLE = [["ul"], ["ol"], ["table", "tbody"]]
# A full stop after a short word is more often an abbreviation (art., Sra., M.), so it needs four letters.
SENTENCE_END = re.compile(
    r"(?:(?<=[^\W_]{4})[.…]|[!?؟。！？])"
    r"(?:['’”»)\]]|&quot;|[ \u00a0\u202f]»)*"
    r"(?:\s+(?![a-zà-ÿ])|(?<=[。！？]))"
)
WORD_END = re.compile(r"\s+")


@dataclass(frozen=True)
class Cut:
    at: int  # offset in the HTML
    characters: int  # that a reader has read by then
    ends_block: bool


def fold_point(html: str) -> int | None:
    """Where the fold of a long text begins, by the rules above."""
    soft = block = None
    for cut in cuts(html, SENTENCE_END):
        if cut.characters >= FOLD_AFTER:
            if cut.ends_block:
                block = cut
                break
            soft = soft or cut
    if block is None:
        return None
    chosen = block
    if soft and block.characters > FOLD_SOON and block.characters - soft.characters >= FOLD_TAIL:
        chosen = soft
    if chosen.characters > FOLD_LATEST:
        # A page without a full stop.
        within = (cut for cut in cuts(html, WORD_END) if FOLD_SOON <= cut.characters < chosen.characters)
        chosen = next(within, chosen)
    _, rest = split_at_fold(html, chosen.at)
    return chosen.at if words(plain(rest)) >= FOLD_LEAST else None


def cuts(html: str, ends: re.Pattern) -> Iterator[Cut]:
    """The places where the HTML may be cut: after blocks, points and rows, and at `ends` in running text."""
    opened, characters, position = [], 0, 0
    for tag in TAG.finditer(html):
        segment, after = html[position : tag.start()], position
        if RUNNING.issuperset(opened) and opened:
            for end in ends.finditer(segment):
                characters += len(unescape(html[after : position + end.end()]))
                after = position + end.end()
                yield Cut(after, characters, ends_block=False)
        characters += len(unescape(html[after : tag.start()]))
        position = tag.end()
        closing, name, _ = tag.groups()
        if closing:
            opened.pop()
            if not opened or opened in CLOSED_WHOLE:
                yield Cut(position, characters, ends_block=not opened)
        elif name != "br":
            opened.append(name)


def split_at_fold(html: str, fold_at: int | None) -> tuple[str, str]:
    """What is shown at once and the rest, each balanced; the rest is "" when there is no fold.

    What is cut through (a paragraph in a quote, a numbered list) is closed in the first and opened anew in
    the second, numbers going on where they stopped.
    """
    if fold_at is None or not html[fold_at:].strip():
        return html, ""
    opened = []
    for tag in TAG.finditer(html, 0, fold_at):
        closing, name, attributes = tag.groups()
        value = VALUE.search(attributes)
        if closing:
            opened.pop()
        elif name != "br":
            if name == "li" and opened:
                opened[-1][1] = int(value[1] if value else opened[-1][1]) + 1
            opened.append([name, int(value[1]) if value and name == "ol" else 1])
    closings = "".join(f"</{name}>" for name, _ in reversed(opened))
    openings = "".join(f'<ol start="{number}">' if name == "ol" else f"<{name}>" for name, number in opened)
    return html[:fold_at] + closings, openings + html[fold_at:].lstrip()


# As plain text

BLOCKS = {"p", "ul", "ol", "li", "blockquote", "table", "tr"}
CLOSE_TOGETHER = {"li", "tr"}
SCHEME = re.compile(r"(?:mailto:|https?://)", re.IGNORECASE)
HREF = re.compile(r'href="([^"]*)"')


@dataclass
class Opened:
    """An element that is open while its text is read: what stands before its first line and its later ones."""

    name: str
    first: str = ""
    later: str = ""
    number: int = 1  # of the next point, in a numbered list


def plain(html: str, *, with_addresses: bool = True) -> str:
    """The text for mails and the like: “- ” and “1. ” before points, “> ” before quotes, addresses after links."""
    blocks: list[tuple[str, str]] = []
    opened: list[Opened] = []
    text: list[str] = []
    href, label_from = "", 0

    def end_block(empty_point: bool = False):
        lines = "".join(text).strip(" \n").rstrip("\t").split("\n")
        text.clear()
        if lines != [""] or empty_point:
            first = "".join(element.first for element in opened)
            for element in opened:
                element.first = element.later
            later = "".join(element.later for element in opened)
            kind = next((element.name for element in reversed(opened) if element.name in CLOSE_TOGETHER), "")
            blocks.append((kind, first + f"\n{later}".join(lines)))

    position = 0
    for tag in TAG.finditer(html):
        text.append(unescape(html[position : tag.start()].replace("\n", " ")))
        position = tag.end()
        closing, name, attributes = tag.groups()
        if name in BLOCKS:
            end_block(empty_point=bool(closing) and name == "li" and opened[-1].first != opened[-1].later)
            if closing:
                opened.pop()
            else:
                opened.append(element(name, attributes, opened))
        elif name == "br":
            text.append("\n")
            position += html.startswith("\n", position)
        elif name == "td" and closing:
            text.append("\t")
            position += html.startswith("\n", position)
        elif name == "a" and not closing:
            found = HREF.search(attributes)
            href, label_from = unescape(found[1]) if found else "", len(text)
        elif name == "a":
            shows_address = "".join(text[label_from:]) in {href, SCHEME.sub("", href, count=1)}
            if with_addresses and href and not shows_address:
                text.append(f" ({href})")
    text.append(unescape(html[position:]))
    end_block()

    shown = "".join(block for _, block in blocks[:1])
    for (kind_before, _), (kind, block) in pairwise(blocks):
        shown += ("\n" if kind == kind_before and kind in CLOSE_TOGETHER else "\n\n") + block
    return shown


def element(name: str, attributes: str, around: list[Opened]) -> Opened:
    value = VALUE.search(attributes)
    if name == "ol":
        return Opened(name, number=int(value[1]) if value else 1)
    if name == "blockquote":
        return Opened(name, first="> ", later="> ")
    if name == "li":
        items = around[-1]
        number = int(value[1]) if value else items.number
        items.number = number + 1
        mark = f"{number}. " if items.name == "ol" else "- "
        return Opened(name, first=mark, later=" " * len(mark))
    return Opened(name)


def excerpt(html: str, characters: int = 200) -> str:
    """The beginning of a text on one line, cut at a word, for lists, mails and descriptions of pages.

    It is plain text, not HTML, and carries no direction marks, so it can stand beside anything.
    """
    text = on_one_line(DIRECTIONS.sub("", plain(html, with_addresses=False)))
    if len(text) <= characters:
        return text
    start = text[: characters - 1]
    if not text[characters - 1].isspace() and " " in start[characters // 2 :]:
        start = start[: start.rindex(" ")]
    return start.rstrip(" \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}.,;:–—-(«“") + "…"
