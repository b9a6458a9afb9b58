"""The public side of resources: the list, one of them, how to cite it, its files, and the calls."""

import datetime
import io
import json
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from PIL import Image

from accounts.models import User
from consultations import posting, states
from consultations.demo.reading import DemoProblem
from consultations.models import Comment
from hub.resources import citation, demo, facets, files, links, listing, reading
from hub.resources.addresses import normalise
from hub.resources.models import FacetCount, Link, ListEntry, Region, Resource
from hub.resources.permissions import EDITORS
from hub.resources.templatetags.resources import beginning
from tests import make
from tests.forms import fields_of

LANGUAGES = ["en", "fr", "es"]
State = Resource.State


def page(client, address, status=200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r"<h3[^>]*><a href=\"[^\"]*/resources/[^\"]*\"><bdi>(.*?)</bdi>", html)


def editor():
    made = make.person()
    made.groups.add(Group.objects.get(name=EDITORS))
    return made


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works(client, language):
    call = make.call(title_fr="Appel", title_es="Convocatoria")
    made = make.listed_resource(title_fr="Des papiers", title_es="Papeles", call=call)
    at = f"/{language}/resources/"
    assert f'href="{at}{made.slug}/"' in page(client, at)
    text = page(client, f"{at}{made.slug}/")
    assert {"en": made.title_en, "fr": "Des papiers", "es": "Papeles"}[language] in text
    assert f'href="{at}{made.slug}/"' in page(client, f"/{language}/calls/{call.slug}/")
    assert call.slug in page(client, f"/{language}/calls/")
    assert f'{at}"' in page(client, f"/{language}/")
    assert not client.get(at).cookies


# The order


def test_comprehensive_and_global_ones_come_first_then_the_newest(client):
    make.listed_resource(title_en="F", comprehensiveness="specific", scope="global")
    make.listed_resource(title_en="E", comprehensiveness="broad", scope="local")
    make.listed_resource(title_en="D", comprehensiveness="broad", scope="national", year=1999)
    make.listed_resource(title_en="C", comprehensiveness="broad", scope="national", year=2020)
    make.listed_resource(title_en="B", comprehensiveness="comprehensive", scope="regional", year=1950)
    make.listed_resource(title_en="A", comprehensiveness="comprehensive", scope="global", year=1900)
    html = page(client, "/en/resources/")
    assert titles(html) == ["A", "B", "C", "D", "E", "F"]
    assert "How the list is ordered" in html and "newest year comes first" in html


def test_pages_lead_forward_and_back_with_the_choice(client):
    for number in range(facets.SIZE * 2 + 3):
        make.listed_resource(title_en=f"R{number}", kind="report" if number % 2 else "video", year=1950 + number)
    make.listed_resource(title_en="Other", kind="portal")
    address, seen, backwards = "/en/resources/?kind=report&kind=video", [], []
    while address:
        html = page(client, address)
        seen += titles(html)
        last, address = address, next(iter(re.findall(r'rel="next" href="([^"]*)"', html)), "").replace("&amp;", "&")
    assert seen == [f"R{number}" for number in reversed(range(facets.SIZE * 2 + 3))]
    while last:
        html = page(client, last)
        backwards = titles(html) + backwards
        last = next(iter(re.findall(r'rel="prev" href="([^"]*)"', html)), "").replace("&amp;", "&")
    assert backwards == seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Le carnet coûte peu\u00a0; voici", "Le carnet coûte peu\u00a0; …"),
        ("One\n\ntwo\tthree", "One two three"),
        ("", ""),
        ("中" * 100, "中" * 35 + "…"),
    ],
)
def test_a_summary_is_shortened_without_breaking_what_belongs_together(text, shown):
    assert beginning(text, 4) == shown


# Facets


def counts_on(html: str) -> dict[str, str]:
    return dict(re.findall(r'value="([^"]*)"[^>]*><span>[^<]*\((\d+)\)', html))


def test_values_of_one_facet_are_alternatives_and_facets_must_all_hold(client):
    make.listed_resource(title_en="A", kind="report", objectives=[1, 2], regions=["africa"])
    make.listed_resource(title_en="B", kind="video", objectives=[2], regions=["asia", "africa"])
    make.listed_resource(title_en="C", kind="toolkit", objectives=[3], regions=["asia"], languages=["es"])
    found = lambda query: sorted(titles(page(client, f"/en/resources/?{query}")))  # noqa: E731
    assert found("kind=report&kind=video") == ["A", "B"]
    assert found("kind=report&kind=video&region=asia") == ["B"]
    assert found("objective=1&objective=3") == ["A", "C"]
    assert found("language=es") == ["C"]
    assert found("scope=global&year=2025&language=fr") == ["A", "B"]
    html = page(client, "/en/resources/?kind=report&kind=video&region=asia")
    assert 'name="kind" value="report" checked' in html
    # Counts of a facet leave its own choice aside: what one more of its values would give.
    counted = counts_on(html)
    assert (counted["toolkit"], counted["report"], counted["video"]) == ("1", "0", "1")
    assert (counted["africa"], counted["asia"]) == ("2", "1")
    assert "1 resource found" in html


def test_counts_are_those_of_the_list_whatever_is_chosen():
    for number, kind in enumerate(["report", "video", "video", "portal"]):
        make.listed_resource(kind=kind, objectives=[1, number + 2], languages=["en", "sw"][: 1 + number % 2])
    entries = list(ListEntry.objects.all())
    for query in ({}, {"kind": ("video",)}, {"kind": ("video", "portal"), "objective": ("4",)}, {"language": ("sw",)}):
        choice = facets.Choice(query)
        found = facets.counts(choice)
        assert found.total == sum(fits(entry, choice) for entry in entries)
        for name in facets.FACETS:
            left = [entry for entry in entries if fits(entry, choice.without(name))]
            for value, number in found.values[name].items():
                assert number == sum(fits(entry, facets.Choice({name: (value,)})) for entry in left), (query, name)


def fits(entry: ListEntry, choice: facets.Choice) -> bool:
    for name, values in choice.values.items():
        facet = facets.FACETS[name]
        own = getattr(entry, facet.column)
        if not {str(each) for each in (own if facet.is_list else [own])} & set(values):
            return False
    return True


def test_a_resource_taken_off_the_list_is_counted_nowhere(client):
    made = make.listed_resource()
    listing.take_off(made, editor(), "It is out of date.")
    assert not ListEntry.objects.exists()
    assert not FacetCount.objects.filter(resource_count__gt=0).exists()
    before = set(FacetCount.objects.filter(resource_count__gt=0).values_list("facet", "value", "resource_count"))
    listing.count_all()
    assert set(FacetCount.objects.values_list("facet", "value", "resource_count")) == before
    html = page(client, f"/en/resources/{made.slug}/", 410)
    assert "This resource was taken off the list" in html and made.title_en not in html and made.summary_en not in html
    page(client, f"/en/resources/{made.slug}/citation.bib", 404)


def test_a_resource_taken_off_by_mistake_is_listed_again_where_it_was(client):
    made = make.listed_resource()
    listing.take_off(made, editor(), "It is out of date.")
    with pytest.raises(listing.WordsMissing):
        listing.list_again(made, editor(), " ")
    listing.list_again(made, editor(), "That was a slip.")
    again = Resource.objects.get(pk=made.pk)
    assert (again.slug, again.listed_at) == (made.slug, made.listed_at)
    page(client, made.get_absolute_url())
    assert not listing.differences()


def test_a_text_that_was_not_sent_is_not_taken_up_as_if_it_were():
    made = make.resource(state="submitted")
    listing.request_changes(made, editor(), "Name the year.")
    listing.decline(made, editor(), "Too late.")
    assert listing.take_up_again(made, editor(), "We waited too little.").after == "changes_requested"


def test_where_nothing_is_found_it_is_said_what_to_loosen(client):
    make.listed_resource(kind="video", regions=["africa"])
    make.listed_resource(kind="report", regions=["europe"], scope="local")
    html = page(client, "/en/resources/?kind=video&region=europe")
    assert "No resource has all of this" in html
    assert '<a href="/en/resources/?region=europe">Region: Europe</a> (1 resource)' in html
    assert '<a href="/en/resources/?kind=video">Kind: Video</a> (1 resource)' in html
    # Leaving out one is not enough here.
    html = page(client, "/en/resources/?kind=video&region=europe&year=1901")
    assert '<a href="/en/resources/?kind=video">Kind: Video</a> (1 resource)' in html
    html = page(client, "/en/resources/?year=1901")
    assert '<a href="/en/resources/">All resources</a> (2 resources)' in html
    assert "Nothing is listed yet" not in html


def test_what_to_loosen_comes_before_the_choices(client):
    make.listed_resource(kind="video")
    html = page(client, "/en/resources/?kind=video&year=1990")
    assert '<details class="facets-fold">' in html and "No resource has all of this" in html


@pytest.mark.parametrize("place", ["after=999999999999999999", "before=0"])
def test_a_page_beyond_the_list_leads_back_to_it(client, place):
    make.listed_resource()
    assert "Go to the first page of the list" in page(client, f"/en/resources/?{place}")


def test_an_empty_list_says_so(client):
    assert "Nothing is listed yet" in page(client, "/en/resources/")


@pytest.mark.parametrize(
    "query",
    [
        "kind=%00",
        "kind=' OR 1=1 --&kind=%22%3E%3Cscript%3E",
        "objective=99999999999999999999&objective=-1&objective=x&objective=%D9%A3&objective=32768",
        "year=0000&year=9999&year=%C2%B2",
        "region=" + "a" * 5000,
        "&".join(f"kind=k{number}" for number in range(500)),
        "after=99999999999999999999999&before=-4",
        "after=1&before=1&kind=video",
        "after=%00",
        "kind=%ED%A0%80",
        "kind[]=video&facet=all&all=1",
    ],
)
def test_a_hostile_choice_is_left_out_or_finds_nothing(client, query):
    make.listed_resource(kind="video")
    html = page(client, f"/en/resources/?{query}")
    assert "<script>" not in html
    for each in ("/fr/resources/no-such/", "/en/calls/no/", "/en/resources/files/99999999999999999999/"):
        page(client, f"{each}?{query}", 404)


# One resource


def test_all_that_is_known_is_on_its_page(client):
    make.listed_resource(title_en="Neighbour", objectives=[4], regions=["asia"])
    make.listed_resource(title_en="Stranger", objectives=[23])
    made = make.listed_resource(
        kind="practice",
        objectives=[4, 7],
        authors="Amina Diarra\n\n  Inés Quiroga ",
        countries="GH,SN",
        practice={
            "implementer": "Two towns.",
            "began": 2021,
            "partners": "Neighbours.",
            "achieved": "Papers.",
            "learned": "Patience.",
            "repeating": "A booklet.",
        },
    )
    html = page(client, f"/en/resources/{made.slug}/")
    for text in (
        "Inés Quiroga",
        "Registries in Motion",
        "2025",
        "Senegal",
        "English, French",
        "4 ",
        "Africa",
        "Global",
    ):
        assert text in html
    for text in ("Two towns.", "Since 2021", "Neighbours.", "Papers.", "Patience.", "A booklet."):
        assert text in html
    assert made.address in html and "Cite this resource" in html
    assert titles(html) == ["Neighbour"]


def test_related_ones_share_most_objectives():
    first = make.listed_resource(objectives=[1, 2, 3], regions=["asia"])
    two = make.listed_resource(objectives=[1, 2], regions=["africa"])
    three = make.listed_resource(objectives=[1, 2, 3, 9], regions=["africa"])
    near = make.listed_resource(objectives=[3, 1], regions=["asia"])
    make.listed_resource(objectives=[20])
    # Three in common, or two and the region; the list's own order decides between equals.
    assert [each.resource_id for each in reading.related(first.entry)] == [near.pk, three.pk, two.pk]


def test_a_text_that_is_not_translated_is_marked_with_its_language(client):
    texts = {"title_en": None, "summary_en": None, "title_es": "Papeles", "summary_es": "Guía."}
    made = make.listed_resource(text_language="es", **texts)
    assert '<h1 lang="es"><bdi>Papeles' in page(client, f"/en/resources/{made.slug}/")
    assert "<h1><bdi>Papeles" in page(client, f"/es/resources/{made.slug}/")


def test_a_translated_title_names_the_original_and_a_practice_its_language(client):
    texts = {"title_fr": "Le reçu", "title_en": "The receipt", "summary_fr": "Un papier.", "summary_en": "A paper."}
    told = {"implementer": "Deux villes.", "began": 2021, "partners": "Voisins.", "achieved": "Des reçus."}
    told |= {"learned": "La patience.", "repeating": "Un carnet."}
    made = make.listed_resource(kind="practice", text_language="fr", practice=told, **texts)
    html = page(client, f"/en/resources/{made.slug}/")
    assert 'Original title: <bdi lang="fr">Le reçu</bdi>' in html
    assert "Original language: French" in html.split('id="practice"')[1].split("Deux villes.")[0]
    html = page(client, f"/fr/resources/{made.slug}/")
    assert "Titre original" not in html and "Langue originale" not in html


def test_from_whom_and_in_which_language_is_said_before_it_is_opened(client):
    make.listed_resource(title_en="Neighbour")
    made = make.listed_resource(publisher="Harbour Institute", languages=["fr"], scope="local", regions=["africa"])
    html = page(client, f"/en/resources/{made.slug}/")
    head = html.split("<h1")[1].split('id="open"')[0]
    assert all(word in head for word in ("Harbour Institute", "2025", "French"))
    assert "Open the resource (French)" in html
    places = [html.index(each) for each in ('id="open"', 'id="facts"', 'id="cite"', 'id="related"')]
    assert places == sorted(places)
    # The same words above it here and in the list.
    assert "Local · Africa</li>" in html and "Local · Africa</li>" in page(client, "/en/resources/")


def test_what_was_chosen_leads_to_what_was_found(client):
    make.call(title_en="Calling for papers")
    for year in range(2010, 2022):
        make.listed_resource(year=year)
    html = page(client, "/en/resources/")
    assert 'action="/en/resources/#results"' in html and html.count('id="results"') == 1
    assert "Calling for papers" in html and "Show 12 years" in html
    html = page(client, "/en/resources/?kind=toolkit&year=2010")
    assert "Calling for papers" not in html and "Each one was read by reviewers" not in html
    assert 'href="/en/resources/?kind=toolkit#results"' in html


HOSTILE = '</script><script>alert(1)</script> "quoted" {braces} \\ & 50% #1 $x_y^~ <!-- \u2028'


def test_what_people_type_does_no_harm_in_the_page_or_in_the_data(client):
    made = make.listed_resource(
        title_en=HOSTILE, summary_en=HOSTILE, authors=HOSTILE, publisher=HOSTILE, slug="hostile"
    )
    html = page(client, "/en/resources/hostile/")
    assert "<script>alert" not in html
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(data) == 1 and "<" not in data[0]
    described = json.loads(data[0])
    assert described["name"] == HOSTILE
    assert described["@type"] == "LearningResource"
    assert [each["name"] for each in described["author"]] == made.author_names
    assert described["@id"].endswith("/en/resources/hostile/")
    assert "<script>alert" not in page(client, "/en/resources/")


def test_only_who_published_it_is_known_to_be_no_person(client):
    made = make.listed_resource(authors="Tomasz Wilk\nHARBOUR  institute\n?", publisher="Harbour Institute")
    data = re.search(r'ld\+json">(.*?)</script>', page(client, f"/en/resources/{made.slug}/"), re.DOTALL)[1]
    assert [each["@type"] for each in json.loads(data)["author"]] == ["Person", "Organization", "Person"]
    made = make.listed_resource(authors="?", publisher="")
    assert '"@type": "Person"' in page(client, f"/en/resources/{made.slug}/")


def test_a_citation_in_bibtex_and_ris(client):
    made = make.listed_resource(
        title_en="Fees & receipts: 50 % of what?",
        kind="journal-article",
        authors="Wilk, Tomasz\nThe {Open} Door_Circle",
        publisher="Journal of Mobility",
        summary_en="One.\n\nTwo \\ three.",
    )
    response = client.get(f"/en/resources/{made.slug}/citation.bib")
    assert response.headers["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{made.slug}.bib"'
    text = response.content.decode()
    assert text.startswith(f"@article{{{made.slug},\n")
    assert "  title = {{Fees \\& receipts: 50 \\% of what?}}," in text
    assert "  author = {Wilk, Tomasz and {The \\textbraceleft{}Open\\textbraceright{} Door\\_Circle}}," in text
    assert "  journal = {Journal of Mobility}," in text
    assert "One. Two \\textbackslash{} three." in text
    assert balanced(text)
    response = client.get(f"/en/resources/{made.slug}/citation.ris")
    assert response.headers["Content-Type"] == "application/x-research-info-systems; charset=utf-8"
    lines = response.content.decode().split("\r\n")
    assert lines[0] == "TY  - JOUR" and lines[-2:] == ["ER  - ", ""]
    assert "AU  - Wilk, Tomasz" in lines and "AB  - One. Two \\ three." in lines
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])


@pytest.mark.parametrize(
    ("line", "in_bibtex", "in_ris"),
    [
        ("Prado, Lucía", "Prado, Lucía", "Prado, Lucía"),
        ("  Prado ,Lucía María ", "Prado, Lucía María", "Prado, Lucía María"),
        ("Lucía Prado", "{Lucía Prado}", "Lucía Prado"),
        ("Prado,", "{Prado,}", "Prado,"),
        (", Lucía", "{, Lucía}", ", Lucía"),
        (",", "{,}", ","),
        (
            "Office for Ports, Piers, and Quays",
            "{Office for Ports, Piers, and Quays}",
            "Office for Ports, Piers, and Quays",
        ),
        ("Sand and Sons, and AND", "Sand {and} Sons, {and} {AND}", "Sand and Sons, and AND"),
        ("O{pen, 50 %", r"O\textbraceleft{}pen, 50 \%", "O{pen, 50 %"),
    ],
)
def test_one_comma_parts_family_name_and_given_name(client, line, in_bibtex, in_ris):
    made = make.listed_resource(authors=f"{line}\nHarbour Institute")
    text = citation.bibtex(made)
    assert f"  author = {{{in_bibtex} and {{Harbour Institute}}}}," in text and balanced(text)
    assert f"AU  - {in_ris}\r\nAU  - Harbour Institute\r\n" in citation.ris(made)


def test_the_page_shows_authors_as_they_were_typed(client):
    made = make.listed_resource(authors="Prado, Lucía\nHarbour Institute, Ports, and Piers")
    text = page(client, f"/en/resources/{made.slug}/")
    assert "<bdi>Prado, Lucía</bdi>" in text and "<bdi>Harbour Institute, Ports, and Piers</bdi>" in text


@pytest.mark.parametrize(
    ("typed", "cited"),
    [
        ("https://a.example/x?utm_source=mail&b=2&UTM_Medium=x&a=%C3%A9#at", "https://a.example/x?b=2&a=%C3%A9#at"),
        ("https://a.example/x?utm_source=mail", "https://a.example/x"),
        ("https://a.example/x?%75tm_source=mail&utm_id", "https://a.example/x"),
        ("https://a.example/x?a=1&&b=;2&a=1", "https://a.example/x?a=1&&b=;2&a=1"),
        (
            "https://a.example/utm_source=1/?putm_x=1#utm_source=2",
            "https://a.example/utm_source=1/?putm_x=1#utm_source=2",
        ),
        ("https://a.example/x?", "https://a.example/x?"),
    ],
)
def test_addresses_are_cited_without_what_only_follows_readers(client, typed, cited):
    made = make.listed_resource(address=typed)
    assert f"  url = {{{cited}}}," in citation.bibtex(made)
    assert f"UR  - {cited}\r\n" in citation.ris(made)
    # The link on the page leads where the submitter said.
    assert f'href="{escape(typed)}"' in page(client, f"/en/resources/{made.slug}/")


@pytest.mark.parametrize("kind", Resource.Kind.values)
def test_every_kind_can_be_cited_whatever_its_words_are(kind):
    made = Resource(slug="x", kind=kind, title_en=HOSTILE, summary_en=HOSTILE, authors=HOSTILE, year=2020)
    text = citation.bibtex(made)
    assert balanced(text) and text.count("\n  ") == len(re.findall(r"^  \w+ = \{.*\},$", text, re.MULTILINE))
    assert citation.ris(made).count("\r\n") == citation.ris(made).count("  - ")
    assert json.loads(citation.schema_org(made, about=[], title=HOSTILE, summary=HOSTILE))["datePublished"] == "2020"


@pytest.mark.parametrize("words", ["A {report", "A report}", "$100 % } of {{ what", "\\{ \\\\} {"])
def test_lone_braces_leave_a_citation_whole(words):
    made = Resource(
        slug="x", kind="report", title_en=words, summary_en=words, authors=words, publisher=words, year=2020
    )
    text = citation.bibtex(made)
    assert balanced(text) and text.count("{") == text.count("}")
    assert f"\\textbrace{'left' if '{' in words else 'right'}{{}}" in text


def balanced(text: str) -> bool:
    """As BibTeX counts: a backslash before a brace changes nothing."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    return not depth


# Discussions that link to it


def citing(question, body: str) -> Comment:
    """A contribution with a link by a moderator, as nobody else's first one is published at once."""
    return make.comment(question, author=make.moderator(question.consultation), body=body)


def test_contributions_that_link_to_it_are_on_its_page(client, question, settings):
    made = make.listed_resource(address="https://www.example.org/Papers/?b=2&a=1")
    first = citing(question, f"See {settings.PORTAL_URL}/fr/resources/{made.slug}/#cite for this.")
    second = citing(question, "See http://example.org/Papers?a=1&b=2&utm_source=mail and more.")
    citing(question, "See https://example.org/Papers/other and https://example.org/.")
    html = page(client, f"/en/resources/{made.slug}/")
    assert "2 contributions link to this resource." in html
    assert html.index(f"/en/comments/{second.pk}/") < html.index(f"/en/comments/{first.pk}/")
    # What is edited, withdrawn or not public any more links no longer.
    posting.edit_comment(comment=second, editor=second.author, body="I was wrong.", language="en")
    assert "1 contribution links" in page(client, f"/en/resources/{made.slug}/")
    posting.withdraw(comment=first, author=first.author)
    html = page(client, f"/en/resources/{made.slug}/")
    assert "No contribution links" in html and f"/en/comments/{first.pk}/" not in html
    posting.edit_comment(comment=second, editor=second.author, body=f"<{made.address}>", language="en")
    assert "1 contribution links" in page(client, f"/en/resources/{made.slug}/")
    question.consultation.state = "draft"
    question.consultation.save()
    assert "No contribution links" in page(client, f"/en/resources/{made.slug}/")


def test_what_cited_it_before_it_was_listed_is_found(client, question):
    comment = citing(question, "Read https://example.org/early-bird today.")
    made = make.listed_resource(address="https://example.org/early-bird")
    assert f"/en/comments/{comment.pk}/" in page(client, f"/en/resources/{made.slug}/")


def test_links_of_contributions_from_before_are_kept_by_a_migration(question):
    made = make.listed_resource()
    comment = citing(question, f"See {made.address} and {made.address}.")
    citing(question, "No link.")
    Link.objects.all().delete()
    migration = import_module("hub.resources.migrations.0005_links_so_far")
    migration.keep(apps, None)
    migration.keep(apps, None)
    assert list(Link.objects.values_list("comment_id", "key")) == [(comment.pk, links.key_of(made.address))]


def test_a_held_contribution_is_found_once_it_is_published(question, client):
    made = make.listed_resource(address="https://example.org/held")
    comment = make.comment(question, body="See https://example.org/held")
    assert comment.state == Comment.State.HELD
    assert f"/en/comments/{comment.pk}/" not in page(client, made.get_absolute_url())
    states.approve(comment, timezone.now())
    assert f"/en/comments/{comment.pk}/" in page(client, made.get_absolute_url())


def test_many_contributions_are_counted_and_the_latest_shown(question):
    made = make.listed_resource()
    for _each in range(reading.MENTIONS + 2):
        citing(question, f"{made.address} and again {made.address}?utm_medium=x")
    found = reading.mentions(made, citation.page_of(made))
    assert (len(found.shown), found.count) == (reading.MENTIONS, reading.MENTIONS + 2)
    links.note(found.shown[0])
    assert Link.objects.count() == reading.MENTIONS + 2


@pytest.mark.parametrize(
    ("address", "normalised"),
    [
        ("https://www.Example.org/", "example.org"),
        ("http://example.org:80/index.html#top", "example.org"),
        ("https://example.org/A%7eb/?z=1&utm_source=x&a=2", "example.org/A~b?a=2&z=1"),
        ("https://user:secret@example.org/x", "example.org/x"),
        ("https://bücher.example/é", "xn--bcher-kva.example/%C3%A9"),
        ("https://example.org:8080/x", "example.org:8080/x"),
        ("http://[::1", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://example.org:99999/", ""),
        ("", ""),
    ],
)
def test_addresses_are_compared_by_what_makes_a_difference(address, normalised):
    assert normalise(address) == normalised


def test_no_address_is_too_strange_or_too_long():
    for address in ("https://" + "é" * 3000, "https://x/" + "é" * 5000, "https://x/%ff%00?%ff=%ff", "https://.../"):
        assert len(normalise(address)) <= 2000
        links.key_of(address)


# Files


def pdf(text=b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("Été (1).pdf", b"%PDF-1.4\n" + text + b"\nstartxref\n0\n%%EOF\n", "text/html")


def png() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return SimpleUploadedFile("chart.png", out.getvalue())


def fetched(client, address):
    """The answer and its content, read to the end as a browser does, which closes the file."""
    response = client.get(address)
    return response, b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_file_is_a_download_of_a_safe_type_from_its_own_path(client):
    made = make.resource(state=State.SUBMITTED)
    kept = files.keep(made, pdf(b"<html><script>alert(1)</script>"), "en")
    listing.list_resource(made, None)
    assert f"/en/resources/files/{kept.pk}/" in page(client, f"/en/resources/{Resource.objects.get().slug}/")
    response, content = fetched(client, f"/en/resources/files/{kept.pk}/")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
    assert "%C3%89t%C3%A9" in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert content.startswith(b"%PDF-1.4")
    page(client, f"/en/resources/files/{kept.pk}/image/", 404)


def test_an_image_is_shown_as_it_was_drawn_again(client):
    made = make.resource(state=State.SUBMITTED, kind="infographic")
    kept = files.keep(made, png())
    listing.list_resource(made, None)
    html = page(client, f"/en/resources/{Resource.objects.get().slug}/")
    assert f'src="/en/resources/files/{kept.pk}/image/" width="40" height="30"' in html
    response, _content = fetched(client, f"/en/resources/files/{kept.pk}/image/")
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    response, _content = fetched(client, f"/en/resources/files/{kept.pk}/")
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_a_file_whose_content_is_lost_is_not_found(client):
    made = make.resource(state=State.SUBMITTED)
    kept = files.keep(made, pdf())
    listing.list_resource(made, None)
    files.default_storage.delete(kept.stored)
    page(client, f"/en/resources/files/{kept.pk}/", 404)


# What is not listed


@pytest.mark.parametrize("state", [state for state in State.values if state != State.LISTED])
def test_what_is_not_listed_is_nowhere(client, question, state):
    submitter, stranger = make.person(), make.person()
    call = make.call()
    made = make.resource(
        state=state,
        slug="secret-plan",
        title_en="Secretplan",
        summary_en="Hidden words.",
        submitted_by=submitter,
        call=call,
        is_featured=True,
    )
    kept = files.keep(made, pdf())
    image = files.keep(made, png())
    make.listed_resource(objectives=[1])
    public = [
        "/en/",
        "/en/resources/",
        "/en/resources/?kind=toolkit&objective=1",
        f"/en/resources/{ListEntry.objects.get().resource.slug}/",
        "/en/calls/",
        f"/en/calls/{call.slug}/",
        "/en/search/?q=Secretplan",
        "/sitemap.xml",
    ]
    hidden = [
        *(f"/en/resources/{made.slug}/{rest}" for rest in ("", "citation.bib", "citation.ris")),
        f"/en/resources/{made.pk}/",
    ]
    downloads = [f"/en/resources/files/{kept.pk}/", f"/en/resources/files/{image.pk}/image/"]
    for reader in (None, stranger, submitter, editor(), make.admin()):
        client.logout()
        if reader:
            client.force_login(reader)
        for address in public:
            html = page(client, address).replace("Search: Secretplan", "").replace('value="Secretplan"', "")
            assert "secret-plan" not in html and "Hidden words" not in html, address
        for address in hidden:
            page(client, address, 404)
        # What was never sent is its submitter's alone.
        sees_all = reader is not None and reader is not stranger and state not in {State.DRAFT, State.WITHDRAWN}
        may = reader is submitter or sees_all
        for address in downloads:
            response, _content = fetched(client, address)
            assert response.status_code == (200 if may else 404), (address, reader)


def test_a_call_that_is_not_published_is_not_there(client):
    call = make.call(is_published=False, title_en="Not yet")
    made = make.listed_resource(call=call)
    page(client, f"/en/calls/{call.slug}/", 404)
    assert "Not yet" not in page(client, "/en/calls/") + page(client, "/en/resources/")
    assert "Not yet" not in page(client, f"/en/resources/{made.slug}/")


def test_calls_say_until_when_they_are_open(client):
    make.call(title_en="Open one")
    past = make.call(title_en="Past one", days=(-10, -1))
    make.call(title_en="Later one", days=(3, 4))
    coming = make.call(title_en="Coming one", days=(1, 5))
    make.call(title_en="Hidden one", days=(1, 5), is_published=False)
    html = page(client, "/en/calls/")
    assert html.index("Open one") < html.index("Coming one") < html.index("Past one")
    assert "Opens on" in html and html.index("Coming one") < html.index("Later one")
    assert "Hidden one" not in html and "Coming one" not in page(client, "/en/resources/")
    assert "Open one" in page(client, "/en/resources/") and "Past one" not in page(client, "/en/resources/")
    assert "Closed on" in page(client, past.get_absolute_url())
    assert "Opens on" in page(client, coming.get_absolute_url())


def test_search_engines_are_told_of_what_is_listed(client):
    made, call = make.listed_resource(), make.call()
    text = page(client, "/sitemap.xml")
    for language in LANGUAGES:
        assert f"/{language}/resources/{made.slug}/</loc>" in text
        assert f"/{language}/calls/{call.slug}/</loc>" in text


# Queries


def test_the_number_of_queries_stays_the_same(client, question):
    call = make.call()
    made = make.listed_resource(call=call)
    make.listed_resource()
    citing(question, made.address)
    addresses = [
        "/en/resources/",
        "/en/resources/?kind=toolkit&objective=1&year=2025",
        f"/en/resources/{made.slug}/",
        "/en/calls/",
        call.get_absolute_url(),
    ]
    before = [queries(client, address) for address in addresses]
    for number in range(30):
        make.listed_resource(call=call, objectives=[1, number % 23 + 1], countries="GH,SN", authors="A\nB")
        make.call()
        if number < 8:
            citing(question, f"{made.address} {number}")
    assert [queries(client, address) for address in addresses] == before
    assert before[0] <= 6 and before[2] <= 12, before


# Administration


@pytest.fixture
def staff(client):
    made = editor()
    made.is_staff = True
    made.save()
    client.force_login(made)
    return client


@pytest.mark.parametrize(
    ("state", "is_sent", "is_theirs"),
    [("draft", False, False), ("withdrawn", False, False), ("withdrawn", True, False), ("submitted", True, True)],
)
def test_what_was_never_sent_or_is_withdrawn_is_in_nobody_s_administration(staff, state, is_sent, is_theirs):
    made = make.resource(state=state, title_en="Secretplan", submitted_at=timezone.now() if is_sent else None)
    kept = files.keep(made, pdf())
    admin = Client()
    admin.force_login(make.admin())
    for client in (staff, admin):
        assert ("Secretplan" in page(client, "/admin/resources/resource/")) == is_theirs
        change = client.get(f"/admin/resources/resource/{made.pk}/change/", follow=True)
        assert ("Secretplan" in change.content.decode()) == is_theirs
        response, _content = fetched(client, f"/en/resources/files/{kept.pk}/")
        assert response.status_code == (200 if is_theirs else 404)


def test_editors_translate_feature_and_assign_to_a_call(staff):
    call, made = make.call(), make.listed_resource()
    address = f"/admin/resources/resource/{made.pk}/change/"
    html = page(staff, address)
    assert 'name="slug"' not in html and 'name="state"' not in html
    assert "resources" in page(staff, "/admin/") and made.title_en in page(staff, "/admin/resources/resource/")
    empty = {f"{each}-{part}": 0 for each in ("files", "state_changes") for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    fields = fields_of(staff.get(address), "resource_form")
    fields |= empty | {
        "title_en": made.title_en,
        "summary_en": "Better words.",
        "title_fr": "Des papiers",
        "summary_fr": "Pour les registres.",
        "is_featured": "on",
        "call": call.pk,
        "state": "draft",
    }
    assert staff.post(address, fields).status_code == 302
    made.refresh_from_db()
    assert (made.title_fr, made.is_featured, made.call) == ("Des papiers", True, call)
    assert (made.kind, made.state) == ("toolkit", "listed")
    answer = staff.post(address, fields | {"title_en": " "})
    assert "It can be corrected, not emptied." in answer.content.decode()
    assert staff.post(f"/admin/resources/resource/{made.pk}/delete/", {"post": "yes"}).status_code == 403


def test_editors_correct_what_is_listed(staff, client):
    made = make.listed_resource(kind="toolkit", year=2020, regions=["africa"], address="https://old.example.org/")
    address = f"/admin/resources/resource/{made.pk}/change/"
    fields = fields_of(staff.get(address), "resource_form")
    wrong = {"address": "http://10.0.0.1/", "year": "99", "regions": [], "kind": "practice"}
    html = staff.post(address, fields | wrong).content.decode()
    assert "not with numbers" in html and "four digits" in html and "Readers of the list need this." in html
    europe = Region.objects.get(slug="europe")
    right = {"address": "https://www.new.example.org/a/", "year": "2021", "regions": [europe.pk], "kind": "video"}
    answer = staff.post(address, fields | right)
    assert answer.status_code == 302, re.findall('<ul class="errorlist.*?</ul>', answer.content.decode())
    made.refresh_from_db()
    assert (made.address, made.normalised_address) == ("https://www.new.example.org/a/", "new.example.org/a")
    assert made.corrected_at and "Corrected on" in page(client, made.get_absolute_url())
    entry = ListEntry.objects.get(resource=made)
    assert (entry.year, entry.kind, entry.regions) == (2021, "video", ["europe"])
    assert not listing.differences()
    assert LogEntry.objects.filter(object_id=str(made.pk)).exists()


def test_nothing_that_is_reviewed_nor_one_s_own_is_changed_in_the_administration(staff):
    waiting, own = make.resource(state="in_review", title_en="As it was sent"), make.listed_resource()
    Resource.objects.filter(pk=own.pk).update(submitted_by=User.objects.get(pk=staff.session["_auth_user_id"]))
    html = page(staff, f"/admin/resources/resource/{waiting.pk}/change/")
    for name in ("title_en", "title_fr", "summary_en", "address", "is_featured", "year"):
        assert f'name="{name}"' not in html, name
    fields = fields_of(staff.get(f"/admin/resources/resource/{waiting.pk}/change/"), "resource_form")
    staff.post(f"/admin/resources/resource/{waiting.pk}/change/", fields | {"title_en": "Rewritten"})
    answer = staff.post(f"/admin/resources/resource/{own.pk}/change/", {"is_featured": "on"})
    assert answer.status_code == 403
    assert own.title_en in page(staff, f"/admin/resources/resource/{own.pk}/change/")
    waiting.refresh_from_db()
    own.refresh_from_db()
    assert waiting.title_en == "As it was sent" and not own.is_featured


def test_editors_make_calls(staff):
    fields = {
        "slug": "a-call",
        "title_en": "A call",
        "text_en": "Tell us.",
        "opens_at_0": "2027-01-01",
        "opens_at_1": "08:00",
        "closes_at_0": "2026-01-01",
        "closes_at_1": "08:00",
        "is_published": "on",
    }
    answer = staff.post("/admin/resources/call/add/", fields)
    assert "The deadline must be after the opening." in answer.content.decode()
    assert staff.post("/admin/resources/call/add/", fields | {"closes_at_0": "2027-02-01"}).status_code == 302
    page(staff, "/en/calls/a-call/")
    call = make.call()
    make.resource(call=call)
    assert staff.post(f"/admin/resources/call/{call.pk}/delete/", {"post": "yes"}).status_code == 403


def test_editors_find_what_is_theirs_in_the_administration_and_nothing_else(staff):
    theirs = {
        ("resources", "resource"): {"change"},
        ("resources", "call"): {"add", "change"},
        ("resources", "region"): {"change"},
        # Those about resources; see tests/hub/test_pages.py.
        ("pages", "contactmessage"): {"change"},
    }
    assert 'href="/admin/resources/call/add/"' in page(staff, "/admin/")
    for model in site._registry:
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        may = theirs.get((model._meta.app_label, model._meta.model_name), set())
        assert (f'href="{place}"' in page(staff, "/admin/")) == bool(may), place
        page(staff, place, 200 if may else 403)
        page(staff, f"{place}add/", 200 if "add" in may else 403)
        if may and (first := model.objects.first()):
            page(staff, f"{place}{first.pk}/change/")


def test_others_are_kept_out_of_the_administration(client):
    made = make.listed_resource()
    # An editor without staff status among them.
    for reader in (make.person(), editor(), make.person(is_staff=True)):
        client.force_login(reader)
        assert client.get(f"/admin/resources/resource/{made.pk}/change/").status_code in {302, 403}


# The demonstration


def test_the_demonstration_is_loaded_once(mailoutbox):
    made = demo.load()
    assert made["resources"] == Resource.objects.count() >= 8 and made["calls"] >= 1
    assert ListEntry.objects.count() == Resource.objects.listed().count() >= 8
    for resource in Resource.objects.listed():
        steps = list(resource.state_changes.all())
        assert steps[-1].at == resource.listed_at == resource.state_since
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert resource.listed_at < timezone.now()
    tomorrow = timezone.now().date() + datetime.timedelta(days=1)
    assert not demo.load() and not demo.load(today=tomorrow) and not mailoutbox


RESOURCE = """
[[resource]]
slug = "small"
kind = "video"
days = 9
decided_days = 1
written = "fr"
address = "https://example.org/small"
publisher = "X"
year = 2026
languages = ["fr"]
objectives = [1]
regions = ["africa"]
scope = "local"
comprehensiveness = "specific"
[resource.title]
fr = "Petit"
[resource.summary]
fr = "Tout petit."
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"video"', '"film"', "resource small: “kind” is 'film'"),
        ('written = "fr"', 'written = "es"', "not given in the language in which it was written"),
        ("objectives = [1]", "objectives = []", "it is not complete. Choose at least one objective."),
        ('"small"', '"mine"', "this slug is the address of a page"),
        ('scope = "local"', 'scope = "local"\nby = "nobody"', "“by” is 'nobody'"),
        ('scope = "local"', 'scope = "local"\ncolour = 1', "“colour” is unknown"),
        ("[[resource]]", "[[thing]]", "this table is unknown"),
        ('"video"', '"practice"', "Write who carried the practice out."),
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_loaded(tmp_path, monkeypatch, old, new, said):
    (tmp_path / "a.toml").write_text(RESOURCE)
    demo.load(tmp_path)
    Resource.objects.get().delete()
    assert old in RESOURCE
    (tmp_path / "a.toml").write_text(RESOURCE.replace(old, new, 1))
    with pytest.raises(DemoProblem) as problem:
        demo.load(tmp_path)
    assert str(problem.value).startswith("a.toml") and said in str(problem.value)
    assert not Resource.objects.exists()
    monkeypatch.setattr("hub.resources.demo.FOLDER", tmp_path)
    monkeypatch.setattr("hub.management.commands.load_demo.ROOMS", [lambda: demo.load(tmp_path)])
    with pytest.raises(CommandError, match=r"a\.toml"):
        call_command("load_demo")
