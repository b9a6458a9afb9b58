"""Stand-in until the real module lands."""
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Rendered:
    html: str
    fold_at: int | None
    words: int


def clean_source(text):
    return text.replace("\0", "").strip()


def is_blank(text):
    return not text.strip()


def render(text):
    return Rendered("".join(f"<p>{escape(p)}</p>" for p in text.split("\n\n")), None, len(text.split()))


def split_at_fold(html, at):
    return html, ""
