"""How to cite a listed resource: in a sentence, in BibTeX, in RIS, and as schema.org data."""

import json
import re
from urllib.parse import unquote_plus

from django.conf import settings
from django.utils.translation import gettext as _

from consultations.typography import in_a_row
from hub.resources import addresses, titles
from hub.resources.models import Resource

Kind = Resource.Kind
BIBTEX = {Kind.JOURNAL_ARTICLE: "article", Kind.REPORT: "techreport", Kind.WORKING_PAPER: "techreport"}
RIS = {
    Kind.JOURNAL_ARTICLE: "JOUR",
    Kind.REPORT: "RPRT",
    Kind.WORKING_PAPER: "RPRT",
    Kind.POLICY_BRIEF: "RPRT",
    Kind.VIDEO: "VIDEO",
    Kind.INFOGRAPHIC: "FIGURE",
}
SCHEMA = {
    Kind.POLICY_BRIEF: "Report",
    Kind.WORKING_PAPER: "ScholarlyArticle",
    Kind.JOURNAL_ARTICLE: "ScholarlyArticle",
    Kind.REPORT: "Report",
    Kind.PORTAL: "WebSite",
    Kind.TOOLKIT: "LearningResource",
    Kind.INFOGRAPHIC: "ImageObject",
    Kind.VIDEO: "VideoObject",
    Kind.PRACTICE: "CreativeWork",
}
# What BibTeX reads as its own marks. It counts braces behind a backslash, too, so that these are named.
ESCAPED = str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    | {c: f"\\{c}" for c in "$&#%_"}
)


def own_title(resource: Resource) -> str:
    """The title in the language in which it was submitted, or the first one that there is."""
    codes = [resource.text_language, *(code for code, _name in settings.LANGUAGES)]
    return next(filter(None, (getattr(resource, f"title_{code}") for code in codes)), "")


def own_summary(resource: Resource) -> str:
    codes = [resource.text_language, *(code for code, _name in settings.LANGUAGES)]
    return next(filter(None, (getattr(resource, f"summary_{code}") for code in codes)), "")


def address_of(resource: Resource) -> str:
    """Where the resource itself is; its page in the portal when it has no address of its own."""
    return resource.address or page_of(resource)


def cited_address(resource: Resource) -> str:
    """The same without parameters that only follow readers; every other character as it was typed."""
    address, mark, place = address_of(resource).partition("#")
    page, asks, query = address.partition("?")
    kept = [each for each in query.split("&") if not addresses.is_tracking(unquote_plus(each.partition("=")[0]))]
    return f"{page}{asks if kept else ''}{'&'.join(kept)}{mark}{place}"


def page_of(resource: Resource) -> str:
    return settings.PORTAL_URL + resource.get_absolute_url()


def sentence(resource: Resource) -> str:
    """“Authors (year). Title. Publisher.”"""
    by = in_a_row(resource.author_names) or resource.publisher
    parts = [
        _("%(authors)s (%(year)s).") % {"authors": by, "year": resource.year},
        f"{own_title(resource).rstrip('.')}.",
    ]
    if resource.publisher and resource.author_names:
        parts.append(f"{resource.publisher.rstrip('.')}.")
    return " ".join(parts)


def one_line(text: str) -> str:
    return " ".join(text.split())


def family_and_given(name: str) -> tuple[str, str] | None:
    """Both parts of a line such as “Prado, Lucía”; nothing of any other, which is a name as a whole."""
    parts = [one_line(part) for part in name.split(",")]
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None


def bibtex_author(name: str) -> str:
    """In braces the name stays whole. “and” without them would begin another author."""
    if not (parts := family_and_given(name)):
        return f"{{{one_line(name).translate(ESCAPED)}}}"
    return ", ".join(re.sub(r"(?i)(?<!\S)and(?!\S)", r"{\g<0>}", part.translate(ESCAPED)) for part in parts)


def ris_author(name: str) -> str:
    return ", ".join(family_and_given(name) or [name])


def bibtex(resource: Resource) -> str:
    fields = {
        "title": f"{{{one_line(own_title(resource)).translate(ESCAPED)}}}",
        "author": " and ".join(bibtex_author(name) for name in resource.author_names),
        "year": str(resource.year),
        "url": one_line(cited_address(resource)).replace("{", "%7B").replace("}", "%7D"),
        "language": ", ".join(resource.languages),
        "abstract": one_line(own_summary(resource)).translate(ESCAPED),
    }
    publisher = {"article": "journal", "techreport": "institution"}.get(BIBTEX.get(resource.kind), "organization")
    fields[publisher] = one_line(resource.publisher).translate(ESCAPED)
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{BIBTEX.get(resource.kind, 'misc')}{{{resource.slug},", *lines, "}", ""])


def ris(resource: Resource) -> str:
    """RIS, whose lines end with carriage return and line feed."""
    tags = [("TY", RIS.get(resource.kind, "ELEC")), ("TI", own_title(resource))]
    tags += [("AU", ris_author(name)) for name in resource.author_names]
    tags += [
        ("PY", str(resource.year)),
        ("PB", resource.publisher),
        ("LA", ", ".join(resource.languages)),
        ("UR", cited_address(resource)),
        ("AB", own_summary(resource)),
        ("ID", resource.slug),
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", ""])


# Within a script element only these could end it or begin another.
SCRIPT_SAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def kind_of_author(name: str, resource: Resource) -> str:
    """Of names alone only one is known to be no person's: that of the organization which published it."""
    folded = titles.fold(name)
    return "Organization" if folded and folded == titles.fold(resource.publisher) else "Person"


def schema_org(resource: Resource, *, about: list[str], title: str, summary: str) -> str:
    """JSON-LD for search engines, safe within a script element: data that no browser runs."""
    described = {
        "@context": "https://schema.org",
        "@type": SCHEMA[resource.kind],
        "@id": page_of(resource),
        "name": title,
        "description": one_line(summary),
        "url": cited_address(resource),
        "datePublished": str(resource.year),
        "inLanguage": [code for code in resource.languages if code != "und"],
        "author": [{"@type": kind_of_author(name, resource), "name": name} for name in resource.author_names],
        "publisher": {"@type": "Organization", "name": resource.publisher} if resource.publisher else None,
        "about": about,
        "spatialCoverage": [country.name for country in resource.countries],
    }
    filled = {name: value for name, value in described.items() if value}
    return json.dumps(filled, ensure_ascii=False).translate(SCRIPT_SAFE)
