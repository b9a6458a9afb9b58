"""The light marks that people type or paste, and their HTML. Not yet cleaned: `markup.render` does that.

Written for people who have never heard of Markdown. What they type is shown as they typed it, unless it is
plainly one of these:

- an empty line between paragraphs; a single line break is kept as one;
- points that begin with “- ”, “* ” or a pasted bullet (•, ·, ▪, “o” and a tab, “– ” on two lines or more);
- points that begin with “1. ”: each keeps the number it was given. “1)”, “a)”, “(iv)” and “[1]” are left as
  typed, each in a paragraph of its own. “2026. ” is a year;
- “> ” before what is quoted, except before a number (“>5 years”); it ends where the mark does;
- *emphasis* and **strong**, never inside a word (chargé*e*s, 5*3*2, snake_case);
- [words](https://…), addresses that begin with http or www, and e-mail addresses;
- “# Title” is a strong paragraph, since contributions have no headings of their own;
- two lines or more with tabs, as Word and Excel paste them, are a table.

Everything else of Markdown is off, because it hides or swallows words: code, fences, raw HTML, entities,
escapes, images, rules, underlined headings, reference definitions, link titles, “+” as a bullet.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

REL = "nofollow ugc noopener"
BLANKS = r"[ \t\u00a0\u2000-\u200a\u202f\u3000]"

# Bullets as Word, Outlook and web pages paste them, by the level at which Word uses them. The private-use
# ones are what the Symbol and Wingdings fonts leave behind.
BULLETS = {
    "•‣⁃●➢➤►▶\uf0b7\uf0d8\uf0e8\uf0fc": "",
    "◦○◇\uf06f": "  ",
    "■□▪▫◆\uf0a7\uf076": "    ",
}
INDENTS = {bullet: indent for bullets, indent in BULLETS.items() for bullet in bullets}
BULLET = re.compile(rf"^({BLANKS}*)([{''.join(INDENTS)}]|[·∙]{BLANKS}|o(?:\t|{BLANKS}{{2}})){BLANKS}*(?=\S)")
DASH = re.compile(rf"^{BLANKS}*([–—]){BLANKS}+(?=\S)")
MARKER = re.compile(rf"^([ \t]*(?:[-*]|\d{{1,3}}\.)){BLANKS}+(?=\S)")

ITEM = re.compile(r"[ \t]*(?:[-*]|[1-9]\d{0,2}\.)[ \t]+\S")
ONLY_MARKS = re.compile(r"[\s*+-]*$")
ENUMERATED = re.compile(r"[ \t]*(?:\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})\)|\[\d{1,3}\])\s")
QUOTE = re.compile(r"[ \t]*>")
QUOTE_BEGINS = re.compile(r"[ \t]*(?:>[ \t]?)+(?![ \t]*[\d=>])[ \t]*\S")
HEADING = re.compile(r"#{1,6}[ \t]+(?=[^\s#])")
# A line longer than this was not broken by hand: what follows is the next paragraph, as Word pastes them.
UNBROKEN = 120

# Deeper marks are shown as typed. A list in a list counts twice.
DEEPEST_LIST = 8
DEEPEST_QUOTE = 4
# What is larger was not made to be read in a contribution; its lines are shown with wide gaps.
MOST_COLUMNS = 6
MOST_ROWS = 300

OUTSIDE = r"""\s<>"“”«»‹›|\\^`{}"""
ADDRESS = re.compile(
    rf"(?<![\w@/.])(?P<web>(?:https?://|www\.)[^\W_][^{OUTSIDE}/?#\[\]]{{0,250}}(?:[/?#][^{OUTSIDE}]{{0,2000}})?)"
    r"|(?<![\w.+@/-])(?P<mail>[\w.+-]{1,64}@[^\W_][\w-]{0,62}(?:\.[\w-]{1,63}){1,8})",
    re.IGNORECASE,
)
INSIDE = r"[^\s<>\"()\[\]\\]"
LINK = re.compile(
    r"\[(?P<label>[^\[\]\n]{1,500})\]"
    rf"\((?P<href>(?:https?://[^\W_]|mailto:|/(?!/)){INSIDE}{{0,2000}}(?:\({INSIDE}{{0,200}}\){INSIDE}{{0,200}}){{0,5}})\)",
    re.IGNORECASE,
)


def marked(source: str) -> str:
    """The HTML of a text that went through `prepared`."""
    rows = sum("\t" in line for line in source.split("\n"))
    return PARSER.render(source, {"tables": rows <= MOST_ROWS})


def prepared(source: str) -> str:
    """The text with pasted bullets as hyphens, and an empty line wherever a reader sees a new paragraph."""
    return "\n".join(separated(hyphenated(source.split("\n"))))


def hyphenated(lines: list[str]) -> Iterator[str]:
    full = [number for number, line in enumerate(lines) if line.strip()]
    dashes = {number: match[1] for number in full if (match := DASH.match(lines[number]))}
    # One dash may be a dialogue or an aside, two in a row are a list.
    listed = {
        number
        for pair in pairwise(full)
        if dashes.get(pair[0]) and dashes.get(pair[0]) == dashes.get(pair[1])
        for number in pair
    }
    for number, line in enumerate(lines):
        if match := BULLET.match(line):
            indent = INDENTS.get(match[2], "  " if match[2].startswith("o") else "")
            line = " " * len(match[1]) + indent + "- " + line[match.end() :]
        elif number in listed:
            line = DASH.sub("- ", line)
        yield MARKER.sub(r"\1 ", line)


def separated(lines: Iterator[str]) -> Iterator[str]:
    before, quoted, levels = "", False, []
    for typed in lines:
        line, item = typed, is_item(typed)
        quote = bool(QUOTE.match(line)) if quoted else bool(QUOTE_BEGINS.match(line))
        leaves_list = bool(levels) and bool(line) and not item and not line[0].isspace()
        if leaves_list:
            levels.clear()
        if item or (levels and line):
            line = placed(line, item, levels)
        unbroken = len(before) > UNBROKEN and not (item or quote or "\t" in line)
        table_begins = is_row(line) and not is_row(before)
        if before and line and (quoted != quote or leaves_list or unbroken or table_begins or ENUMERATED.match(line)):
            yield ""
        yield line
        before, quoted = line, quote


def placed(line: str, item: bool, levels: list[tuple[int, int]]) -> str:
    """The line of a list, indented as Markdown wants it: people indent by any number of blanks, or by tabs.

    `levels` holds for each list that is open how far its points were typed from the margin, and how far the text
    of the last one is now.
    """
    text = line.lstrip()
    typed = len(line[: len(line) - len(text)].replace("\t", "    "))
    while levels and typed < levels[-1][0] + (0 if item else 1) and len(levels) > (0 if item else 1):
        levels.pop()
    if not item:
        return " " * levels[-1][1] + text
    if levels and (typed < levels[-1][0] + 2 or len(levels) == DEEPEST_LIST // 2):
        typed, _ = levels.pop()
    indent = levels[-1][1] if levels else 0
    levels.append((typed, indent + text.index(" ") + 1))
    return " " * indent + text


def is_item(line: str) -> bool:
    return bool(ITEM.match(line)) and not ONLY_MARKS.match(line)


def line_of(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def list_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Markdown's lists, without “+”, years, “1)” and lines that hold nothing but marks."""
    if state.level >= DEEPEST_LIST or not is_item(line_of(state, start)):
        return False
    return list_block(state, start, end, silent)


def quote_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Markdown's quotes, but “>5 years” and a lone “>” stay text."""
    if state.level >= DEEPEST_QUOTE or not QUOTE_BEGINS.match(line_of(state, start)):
        return False
    return blockquote(state, start, end, silent)


def heading_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    match = HEADING.match(line_of(state, start))
    if not match:
        return False
    if not silent:
        state.line = start + 1
        # Not called a paragraph, which a list would run together with the next.
        state.push("title_open", "p", 1)
        title = line_of(state, start)[match.end() :]
        before_closing = title.rstrip("#")
        if before_closing[-1:].isspace():
            title = before_closing.rstrip()
        push_inline(state, title).meta["strong"] = True
        state.push("title_close", "p", -1)
    return True


def table_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Lines with tabs, as Word and Excel paste rows."""
    if not state.env["tables"] or state.level:
        return False
    if not all(line < end and is_row(whole_line(state, line)) for line in (start, start + 1)):
        return False
    if not silent:
        stop = start + 2
        while stop < end and is_row(whole_line(state, stop)):
            stop += 1
        rows = [whole_line(state, line).split("\t") for line in range(start, stop)]
        used = [any(row[column : column + 1] not in ([], [""]) for row in rows) for column in range(MOST_COLUMNS)]
        state.line = stop
        state.push("table_open", "table", 1)
        state.push("tbody_open", "tbody", 1)
        for row in rows:
            state.push("tr_open", "tr", 1)
            for column in (column for column, is_used in enumerate(used) if is_used):
                state.push("td_open", "td", 1)
                push_inline(state, row[column].strip() if column < len(row) else "")
                state.push("td_close", "td", -1)
            state.push("tr_close", "tr", -1)
        state.push("tbody_close", "tbody", -1)
        state.push("table_close", "table", -1)
    return True


def whole_line(state: StateBlock, number: int) -> str:
    """The line with the tabs before it, which stand for empty cells."""
    return state.src[state.bMarks[number] : state.eMarks[number]]


def is_row(line: str) -> bool:
    if line.count("\t") >= MOST_COLUMNS or "\t" not in line.strip():
        return False
    return not (ENUMERATED.match(line) or is_item(line) or QUOTE.match(line))


def push_inline(state: StateBlock, content: str) -> Token:
    token = state.push("inline", "", 0)
    token.content, token.children = content, []
    return token


def addresses(state: StateInline) -> dict[int, tuple[int, str]]:
    """Where each bare address in the text begins → where it ends and its link."""
    found = state.env.setdefault("addresses", {})
    if state.src not in found:
        found[state.src] = {}
        for match in ADDRESS.finditer(state.src):
            text = trimmed(match[0])
            if match["mail"]:
                href = "mailto:" + text
            else:
                href = text if text[:4].lower() == "http" else "http://" + text
            found[state.src][match.start()] = (match.start() + len(text), href)
    return found[state.src]


def trimmed(address: str) -> str:
    """The address without the punctuation of the sentence around it."""
    while address[-1] in ".,;:!?…'’\"*_)]-":
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def text_rule(state: StateInline, silent: bool) -> bool:
    """All up to the next mark or address. A tab stays a visible gap."""
    starts = addresses(state)
    stop = state.pos
    while stop < state.posMax and state.src[stop] not in "\n*_[" and stop not in starts:
        stop += 1
    if stop == state.pos:
        return False
    state.append_pending(state.src[state.pos : stop].replace("\t", "\u2003"))
    state.pos = stop
    return True


def address_rule(state: StateInline, silent: bool) -> bool:
    if state.linkLevel or state.pos not in addresses(state):
        return False
    end, href = addresses(state)[state.pos]
    state.push("link_open", "a", 1).attrs = {"href": href, "rel": REL}
    state.push("text", "", 0).content = state.src[state.pos : end]
    state.push("link_close", "a", -1)
    state.pos = end
    return True


def link_rule(state: StateInline, silent: bool) -> bool:
    match = LINK.match(state.src, state.pos, state.posMax)
    if not match or not any(character.isalnum() for character in match["label"]):
        return False
    whole_end = state.posMax
    state.push("link_open", "a", 1).attrs = {"href": match["href"], "rel": REL}
    state.linkLevel += 1
    state.pos, state.posMax = match.span("label")
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.push("link_close", "a", -1)
    state.pos, state.posMax = match.end(), whole_end
    return True


def emphasis_rule(state: StateInline, silent: bool) -> bool:
    """Markdown's emphasis, but never inside a word, and longer runs (a form's “____”) are text."""
    marker = state.src[state.pos]
    if marker not in "*_":
        return False
    scanned = state.scanDelims(state.pos, False)
    if scanned.length > 3:
        state.append_pending(marker * scanned.length)
    else:
        for _ in range(scanned.length):
            state.push("text", "", 0).content = marker
            state.delimiters.append(
                Delimiter(
                    marker=ord(marker),
                    length=scanned.length,
                    token=len(state.tokens) - 1,
                    end=-1,
                    open=scanned.can_open,
                    close=scanned.can_close,
                )
            )
    state.pos += scanned.length
    return True


def strong_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.meta.get("strong"):
            token.children = [Token("strong_open", "strong", 1), *token.children, Token("strong_close", "strong", -1)]


def typed_numbers(state: StateCore) -> None:
    """Points keep the numbers that people gave them, where counting on would change them."""
    expected = []
    for token in state.tokens:
        if token.type == "ordered_list_open":
            expected.append(token.attrs.get("start", 1))
        elif token.type == "ordered_list_close":
            expected.pop()
        elif token.type == "list_item_open" and token.info:
            number = int(token.info)
            if number != expected[-1]:
                token.attrs["value"] = number
            expected[-1] = number + 1


def parser() -> MarkdownIt:
    # Nesting is bounded by DEEPEST_LIST and DEEPEST_QUOTE; at its own bound the parser drops what is inside.
    md = MarkdownIt("zero", {"breaks": True, "maxNesting": 100})
    md.enable(["blockquote", "list", "newline", "emphasis"])
    md.block.ruler.at("blockquote", quote_rule, {"alt": ["paragraph", "blockquote", "list"]})
    md.block.ruler.at("list", list_rule, {"alt": ["paragraph", "blockquote"]})
    md.block.ruler.before("paragraph", "strong_heading", heading_rule, {"alt": ["paragraph", "blockquote"]})
    md.block.ruler.before("paragraph", "rows", table_rule, {"alt": ["paragraph"]})
    md.inline.ruler.at("text", text_rule)
    md.inline.ruler.at("emphasis", emphasis_rule)
    md.inline.ruler.after("text", "address", address_rule)
    md.inline.ruler.after("address", "worded_link", link_rule)
    md.core.ruler.push("strong_headings", strong_headings)
    md.core.ruler.push("typed_numbers", typed_numbers)
    # The rules are compiled by the first text, which must not happen in two threads at once.
    md.render("- text", {"tables": True})
    return md


PARSER = parser()
