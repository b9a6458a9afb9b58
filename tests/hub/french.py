"""The French texts of pages, and what of them lacks the no-break spaces of French."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# The title of a page may be that of a resource in another language, and cannot say so.
SILENT = {"script", "style", "code", "pre", "textarea", "title"}
INLINE = {"a", "abbr", "b", "bdi", "cite", "em", "i", "mark", "q", "small", "span", "strong", "time"}
# Times, ratios and addresses have no space before a colon; nor has what stands at the beginning, as in “:-)”.
WRONG = re.compile(
    r"\w[ \n]+[:;?!»](?=\s|$|[»\")])|[^\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}?!.…:/(\[«][;?!»](?=\s|$)"
    r"|[^\W\d_]:(?=\s|$)|«(?![\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}])"
)
# Contributions stand in their discussions as well: of the pages of single ones a few are enough.
SINGLE = re.compile(r"/fr/comments/\d+/")
FEW = 10
SPARED = re.compile(r"https?:\S+|\S+@\S+|\b\w+=\S*")


class French(HTMLParser):
    """The runs of text of a page that are in French, and its links."""

    def __init__(self):
        super().__init__()
        self.open, self.runs, self.links = [], [""], set()

    @property
    def language(self) -> str:
        return next((lang for _tag, lang in reversed(self.open) if lang is not None), "")

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href"):
            self.links.add(attrs["href"])
        if tag not in INLINE:
            self.runs.append("")
        if self.says(attrs.get("lang")):
            self.runs += [attrs[name] for name in ("title", "aria-label", "placeholder", "alt") if attrs.get(name)]
            self.runs.append("") if tag not in INLINE else None
        if tag not in VOID:
            self.open.append((tag, attrs.get("lang")))

    def handle_endtag(self, tag):
        while self.open:
            if self.open.pop()[0] == tag:
                break
        if tag not in INLINE:
            self.runs.append("")

    def handle_data(self, data):
        if self.says(None):
            self.runs[-1] += data

    def says(self, lang) -> bool:
        return (lang or self.language).startswith("fr") and not {tag for tag, _lang in self.open} & SILENT


def public_pages(client):
    """Each page that a visitor reaches by links, once, with its address. Queries that only narrow a list are left."""
    asked = [
        "search/?q=port",
        "search/?q=consulat",
        "search/?q=zzqx",
        "resources/?kind=video&region=africa&scope=local",
    ]
    asked += ["resources/?kind=practice", "experts/?language=fr&region=africa", "resources/?objective=4&objective=7"]
    waiting = ["/fr/", *(f"/fr/{place}" for place in asked)]
    seen, single = set(waiting), Counter()
    while waiting:
        address = waiting.pop()
        response = client.get(address, follow=True)
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        reader = French()
        reader.feed(response.text)
        yield address, reader
        for link in reader.links:
            target = urldefrag(urljoin(address, link)).url
            if target.startswith("/fr/") and "?" not in target and target not in seen:
                seen.add(target)
                if SINGLE.match(target):
                    kind = SINGLE.sub("", target)
                    single[kind] += 1
                    if single[kind] > FEW:
                        continue
                waiting.append(target)


def wrong_spaces(reader: French) -> list[str]:
    """What stands around each sign of the page that lacks its no-break space."""
    wrong = []
    for run in reader.runs:
        text = SPARED.sub("", run)
        wrong += [text[max(0, found.start() - 40) : found.end() + 20] for found in WRONG.finditer(text)]
    return wrong
