import datetime
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from accounts import rates
from consultations import posting
from consultations.models import Comment, Consultation, Terms
from hub.experts.models import Expert
from hub.resources import listing
from hub.resources.models import GuidingPrinciple, Practice, Region, Resource
from hub.review.models import Criterion
from hub.search import asking, finding, words
from hub.search.indexing import PLAIN, spaced, without_signs
from hub.search.models import Entry, Word
from hub.search.sentences import START, STOP, in_its_sentence, marked
from tests import make


def search(client, q, language="en", **more):
    return client.get(f"/{language}/search/", {"q": q} | more)


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def comments_in(response) -> list[int]:
    """The contributions that were found, in the order of the page."""
    return [int(pk) for pk in re.findall(r"#comment-(\d+)\"", text_of(response))]


def test_it_works(client, question):
    found = make.comment(question, body="Nobody counts the person. No service owns her trombone as a whole.")
    make.comment(question, body="A queue at the counter.")
    response = search(client, "trombones")
    assert comments_in(response) == [found.pk]
    text = text_of(response)
    assert '<h1 class="search-title">Search: 1 result for “trombones”</h1>' in text
    assert f'href="{question.get_absolute_url()}?at={found.pk}#comment-{found.pk}"' in text
    assert "<mark>trombone</mark> as a whole." in text
    assert not response.cookies


def test_the_box_alone_says_how_to_search(client):
    for language in ("en", "fr", "es"):
        response = client.get(f"/{language}/search/")
        assert 'type="search"' in text_of(response)
    assert 'href="/en/search/" aria-current="page"' in text_of(client.get("/en/search/"))


# Languages


@pytest.mark.parametrize(
    ("language", "body", "typed"),
    [
        ("fr", "Les données sont rares.", ["données", "donnees", "DONNÉES", "donnée", "DONNEE"]),
        ("es", "La migración cambia.", ["migración", "migracion", "MIGRACION", "migraciones"]),
        ("en", "The data are counted.", ["data", "DATA", "counting"]),
        ("und", "Três semanas à espera.", ["três", "tres", "ESPERA"]),
    ],
)
def test_each_text_is_found_by_its_own_dictionary_with_accents_or_without(client, question, language, body, typed):
    found = make.comment(question, body=body, language=language)
    for words_typed in typed:
        assert comments_in(search(client, words_typed)) == [found.pk], words_typed


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fr", ["réfugié", "réfugiée", "réfugiés", "réfugiées", "refugie", "REFUGIEES", "RÉFUGIÉES", "Refugies"]),
        ("fr", ["arrivé", "arrivées", "arriver", "arrivee", "ARRIVE"]),
        ("fr", ["irrégulier", "irrégulières", "irreguliere", "IRREGULIERS"]),
        ("es", ["inmigración", "inmigraciones", "inmigracion", "inmigrar", "INMIGRACIÓN"]),
        ("es", ["niño", "niños", "nino", "NIÑA"]),
        ("es", ["tecnología", "tecnologias", "tecnológico"]),
    ],
)
def test_every_form_of_a_word_finds_every_other_with_accents_or_without(client, question, language, forms):
    made = {make.comment(question, body=f"Ici {form}, texto.", language=language).pk for form in forms}
    other = make.comment(question, body="Ici, texto.", language=language)
    for form in forms:
        response = search(client, form, written=language)
        assert set(comments_in(response)) == made, form
        for each in forms:
            assert f"Ici <mark>{each}</mark>, texto." in response.text, (form, each)
        assert comments_in(search(client, f"texto -{form}", written=language)) == [other.pk], form
        assert set(comments_in(search(client, f'"Ici {form} texto"', written=language))) == made, form
        assert not comments_in(search(client, f'"{form} ici"', written=language)), form


@pytest.mark.parametrize(
    ("language", "body", "typed"),
    [
        ("fr", "Un accès à la terre.", ["accès à la terre", "“acces a la terre”", "les terres", "même à terre"]),
        ("es", "La tierra.", ["también la tierra", "tambien más tierra", "sí, tierra"]),
    ],
)
def test_words_that_say_nothing_are_left_out_with_accents_or_without(client, question, language, body, typed):
    found = make.comment(question, body=body, language=language)
    for words_typed in typed:
        assert comments_in(search(client, words_typed, written=language)) == [found.pk], words_typed
    for words_typed in ("à", "a", "À", "también"):
        assert not comments_in(search(client, words_typed, written=language)), words_typed


def test_hyphens_and_addresses_stay_as_they_are_when_words_are_marked():
    query = asking.understand("cote-d'ivoire refugiees").queries["fr"]
    text = "La Côte-d’Ivoire et https://example.org/a-b?c=1 – l’an 2024, <b>aux</b> réfugié·e·s, x@example.org."
    marks = text.replace("Côte-d’Ivoire", "[Côte]-d’[Ivoire]").replace("réfugié", "[réfugié]")
    found = marked([("fr", text, query), ("fr", "", query), ("fr", "Rien.", query)])
    assert [each.replace(START, "[").replace(STOP, "]") for each in found] == [marks, "", "Rien."]


def test_other_scripts_are_found(client, question):
    for body in ("Документы о миграции.", "وثائق الهجرة", "μετανάστευση και εργασία"):
        found = make.comment(question, body=body, language="und")
        assert comments_in(search(client, body.split()[0])) == [found.pk]


@pytest.mark.parametrize(
    ("body", "found", "missed"),
    [
        (
            "移民政策很重要。每个人都知道。",
            ["移民政策", "政策", "“移民”", "很重要 移民", "移民 OR 無", "移"],
            ["民移", "策移民", "-移民 政策"],
        ),
        ("移民の権利はとても大切です。", ["権利", "とても大切", "移民の権利"], ["利権"]),
        ("นโยบายการย้ายถิ่นมีความสำคัญ", ["การย้ายถิ่น", "นโยบาย"], ["ถิ่นย้าย"]),
        ("ＷＴＯ和政策，“工人”、ＩＬＯ！", ["wto", "ilo", "工人", "ＷＴＯ", "政策 ILO"], ["工人政策"]),
        ("这是WTO的政策", ["WTO", "wto的", "WTO 政策"], ["政策的"]),
        ("العمال، والهجرة؛", ["العمال", "والهجرة"], ["عمل"]),
    ],
)
def test_words_are_found_in_scripts_without_blanks_and_beside_their_signs(client, question, body, found, missed):
    made = make.comment(question, body=body, language="und")
    make.comment(question, body="人。", language="und")
    for typed in found:
        response = search(client, typed)
        assert comments_in(response) == [made.pk], typed
        assert re.sub("</?mark>", "", body)[:6] in re.sub("</?mark>", "", response.text), typed
    for typed in missed:
        assert not comments_in(search(client, typed)), typed


def test_phrases_without_blanks_are_marked_in_their_sentence(client, question):
    make.comment(question, body="民为本。移民政策很重要。每个人都知道。", language="und")
    assert "… <mark>移民政策</mark>很重要。" in text_of(search(client, "移民政策"))
    assert "这是 <mark>移民政策</mark>" not in text_of(search(client, "政策"))
    assert "移民<mark>政策</mark>很重要。" in text_of(search(client, "政策"))


def test_what_is_written_in_three_languages_is_found_once_in_the_readers(client):
    make.consultation(title_en="Migration data", title_fr="Migration et données", title_es="Migración y datos")
    text = text_of(search(client, "migration", "fr", kind="consultation"))
    assert text.count('<li class="flow">') == 1
    assert "<mark>Migration</mark> et données" in text


# Who sees what


@pytest.mark.parametrize("state", ["held", "hidden", "withdrawn"])
def test_what_readers_may_not_see_is_not_found(client, question, state):
    comment = make.comment(question, body="An unmistakable sentence.")
    assert comments_in(search(client, "unmistakable"))
    Comment.objects.filter(pk=comment.pk).update(state=state)
    client.force_login(comment.author)
    assert not comments_in(search(client, "unmistakable"))
    assert not Entry.objects.filter(kind="comment", object_id=comment.pk).exists()
    Comment.objects.filter(pk=comment.pk).update(state="published")
    assert comments_in(search(client, "unmistakable"))


def test_unpublished_consultations_are_found_by_nobody(client, question):
    make.comment(question, body="An unmistakable sentence.")
    consultation = question.consultation
    Consultation.objects.filter(pk=consultation.pk).update(state="draft", title_en="Unmistakable title")
    for user in (None, make.admin()):
        if user:
            client.force_login(user)
        assert "No results" in text_of(search(client, "unmistakable"))
    Consultation.objects.filter(pk=consultation.pk).update(state="published")
    assert "2 results" in text_of(search(client, "unmistakable"))


def test_names_are_found_unless_they_are_not_shown(client, question):
    amina = make.person(name="Amina Diarra", organization="Red de Puertos", shows_profile=False)
    comment = make.comment(question, author=amina)
    assert comments_in(search(client, "diarra")) == [comment.pk]
    assert not comments_in(search(client, "Puertos"))
    Comment.objects.filter(pk=comment.pk).update(author_name="")
    assert not comments_in(search(client, "diarra"))


def test_the_index_follows_every_change(client, question):
    comment = make.comment(question, body="The first harbour.")
    posting.edit_comment(comment=comment, editor=comment.author, body="The second station.", language="en")
    assert not comments_in(search(client, "harbour"))
    assert comments_in(search(client, "station")) == [comment.pk]
    Consultation.objects.filter(pk=question.consultation_id).update(title_fr="Gares et quais")
    assert "Gares" in text_of(search(client, "quai", "fr"))
    comment.versions.all().delete()
    Comment.objects.filter(pk=comment.pk).delete()
    assert not Entry.objects.filter(kind="comment").exists()


def test_resources_are_found_as_long_as_they_are_listed(client):
    resource = listed_resource(title_en="Papers that travel", title_es="Papeles que viajan")
    text = text_of(search(client, "travelling papers"))
    assert f'href="/en/resources/{resource.slug}/"' in text
    assert "toolkit" in text and "<mark>Papers</mark> that <mark>travel</mark>" in text
    assert "Papeles" in text_of(search(client, "viaje", "es"))
    Resource.objects.filter(pk=resource.pk).update(state="withdrawn")
    client.force_login(make.admin())
    assert "No results" in text_of(search(client, "travelling papers"))


@pytest.mark.parametrize(
    ("language", "typed", "title", "address"),
    [
        ("en", "peer review", "Peer review", "/en/peer-review/"),
        ("fr", "evaluation par les pairs", "Évaluation par les pairs", "/fr/peer-review/"),
        ("es", "revisión por pares", "Revisión por pares", "/es/peer-review/"),
        ("en", "conflicts of interest", "Peer review", "/en/peer-review/"),
        ("en", "code of conduct", "Code of conduct and use of contributions", "/en/code-of-conduct/"),
        ("fr", "règles de conduite", "Règles de conduite et utilisation des contributions", "/fr/code-of-conduct/"),
    ],
)
def test_pages_about_how_things_are_done_are_found(client, language, typed, title, address):
    hit = f'<h2><a href="{address}">{title}</a></h2>'

    def found(**more):
        return hit in re.sub("</?mark>", "", text_of(search(client, typed, language, **more)))

    assert found() and found(kind="page")
    assert not found(until="2020-01-01") and not found(kind="comment")


def test_the_code_of_conduct_in_force_is_found_and_criteria_in_use(client):
    fields = {"conduct_en": "Unmistakable words.", "use_of_contributions_en": "Use."}
    terms = Terms.objects.create(version="x", in_force_from=timezone.now() + datetime.timedelta(days=9), **fields)
    assert "No results" in text_of(search(client, "unmistakable"))
    Terms.objects.filter(pk=terms.pk).update(in_force_from=timezone.now() - datetime.timedelta(minutes=9))
    assert "<mark>Unmistakable</mark> words." in text_of(search(client, "unmistakable"))
    criterion = Criterion.objects.create(slug="c", name_en="Candour", question_en="Is it candid?", weak_en="No")
    assert 'href="/en/peer-review/#criterion-c"' in text_of(search(client, "candour"))
    Criterion.objects.filter(pk=criterion.pk).update(is_in_use=False)
    assert "No results" in text_of(search(client, "candour"))


def test_resources_are_found_by_their_countries_in_any_language(client):
    listed_resource(title_en="Papers that travel", summary_en="A guide", authors="Tui Vale", countries=["LK", "DE"])
    assert "A <mark>guide</mark>. Authors: Tui Vale. Countries" in text_of(search(client, "guide"))
    for typed in ("Sri Lanka", "germany", "Allemagne", "Alemania"):
        assert "Papers that travel" in text_of(search(client, typed)), typed
    assert "… Countries or areas: Germany; <mark>Sri</mark> <mark>Lanka</mark>." in text_of(search(client, "Sri Lanka"))
    assert "Papers that travel" not in text_of(search(client, "Nepal"))
    Resource.objects.update(countries=["NP"])
    assert "Papers that travel" in text_of(search(client, "Nepal"))
    assert "Papers that travel" not in text_of(search(client, "Sri Lanka"))


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        *[("en", "toolkit"), ("fr", "boîte à outils"), ("es", "guía práctica")],
        *[("en", "Africa"), ("fr", "Afrique"), ("es", "África")],
        *[("en", "trafficking"), ("fr", "traite"), ("es", "trata")],
        *[("en", "objective 10"), ("fr", "objectif 10"), ("es", "objetivo 10")],
        *[("en", "gender-responsive"), ("en", "toolkit Africa trafficking")],
    ],
)
def test_resources_are_found_by_the_names_of_what_the_list_is_narrowed_by(client, language, typed):
    principle = GuidingPrinciple.objects.get(name_en__startswith="Gender")
    told = {"kind": "toolkit", "objectives": [10], "regions": ["africa"], "state": "submitted"}
    made = make.resource(title_en="Papers that travel", **told)
    made.principles.set([principle])
    listing.list_resource(made, None)
    assert "/papers-that-travel" in text_of(search(client, typed, language))


def test_resources_are_found_by_what_was_corrected(client):
    made = make.listed_resource(title_en="Papers that travel", regions=["africa"])
    made.regions.set(Region.objects.filter(slug="europe"))
    listing.correct(made)
    assert "papers-that-travel" in text_of(search(client, "Europe"))
    assert "Regions: <mark>Europe</mark>." in text_of(search(client, "Europe"))
    assert "papers-that-travel" not in text_of(search(client, "Africa"))


def test_calls_are_found_once_they_are_published(client):
    call = make.call(title_en="Voices from the quay", text_en="Tell us how people arrive.", is_published=False)
    assert "No results" in text_of(search(client, "quay"))
    call.is_published = True
    call.save()
    text = text_of(search(client, "quay", kind="call"))
    assert f'href="{call.get_absolute_url()}"' in text and "Voices from the <mark>quay</mark>" in text
    assert "Call for submissions" in text and "Calls (1)" in text


def test_experts_are_found_by_their_country_if_they_show_it(client):
    fields = {"state": "listed", "name": "Tui Vale", "about": "Registers.", "text_language": "fr", "country": "BO"}
    expert = Expert.objects.create(user=make.person(), **fields)
    assert "No results" in text_of(search(client, "Bolivia"))
    Expert.objects.filter(pk=expert.pk).update(shows_country=True)
    for typed in ("Bolivia", "Bolivie"):
        assert "Tui Vale" in text_of(search(client, typed))


def test_practices_are_found_by_all_that_they_tell(client):
    resource = listed_resource(kind="practice", title_fr="Guichets", title_en="Counters", text_language="fr")
    practice = Practice.objects.create(
        resource=resource, achieved="Des files plus courtes", learned="Il faut du temps."
    )
    response = search(client, "files courtes", "fr")
    assert "Des <mark>files</mark> plus <mark>courtes</mark>." in text_of(response)
    Practice.objects.filter(pk=practice.pk).update(partners="La mairie de Port-Brume", achieved="")
    assert "Guichets" in text_of(search(client, "mairie", "fr"))
    assert "Guichets" not in text_of(search(client, "courtes", "fr"))
    Resource.objects.filter(pk=resource.pk).update(kind="report")
    assert "Guichets" not in text_of(search(client, "mairie", "fr"))
    Resource.objects.filter(pk=resource.pk).update(kind="practice", state="withdrawn")
    Practice.objects.update(repeating="Partout.")
    assert "Guichets" not in text_of(search(client, "mairie", "fr"))


def listed_resource(**fields) -> Resource:
    values = {"slug": "papers-that-travel", "state": "listed", "year": 2025, "kind": "toolkit", "scope": "global"}
    values |= {"comprehensiveness": "broad", "listed_at": timezone.now()}
    return Resource.objects.create(**values | fields)


@pytest.mark.parametrize("typed", ["{}", "#{}", "№ {}", "№\N{NO-BREAK SPACE}{}", "no. {}", "n° {}", "Nº {}", " {} "])
def test_a_contribution_is_found_by_its_number_before_others(client, question, typed):
    found = make.comment(question, body="A harbour.")
    other = make.comment(question, body=f"In room {found.pk}, no. {found.pk}, n° {found.pk}, nº {found.pk}.")
    title = make.consultation(title_en=f"Room no. {found.pk}, n° {found.pk}, nº {found.pk}")
    response = search(client, typed.format(found.pk))
    assert comments_in(response) == [found.pk, other.pk]
    assert response.text.index(f"#comment-{found.pk}") < response.text.index(title.get_absolute_url())
    assert "Contributions (2)" in response.text
    assert comments_in(search(client, typed.format(found.pk), kind="consultation")) == []
    assert comments_in(search(client, typed.format(found.pk), written="fr")) == []
    for state in ("held", "hidden", "withdrawn"):
        Comment.objects.filter(pk=found.pk).update(state=state)
        assert comments_in(search(client, typed.format(found.pk))) == [other.pk]


def test_a_number_that_is_none_of_a_contribution_is_looked_for_in_texts(client, question):
    found = make.comment(question, body="In 987654321 rooms.")
    assert comments_in(search(client, "987654321")) == [found.pk]
    for typed in ("0", "9" * 18, "9" * 30, "-1", "12 13"):
        text_of(search(client, typed))


# Narrowing


def test_by_kind_language_consultation_and_date(client, question):
    english = make.comment(question, body="Une migration, or one migration.")
    french = make.comment(question, body="La migration.", language="fr")
    elsewhere = make.comment(make.consultation().questions.get(number=1), body="Another migration.")
    old = datetime.datetime(2020, 2, 3, tzinfo=datetime.UTC)
    Comment.objects.filter(pk=elsewhere.pk).update(created_at=old)
    make.consultation(title_en="Migration")
    assert set(comments_in(search(client, "migration"))) == {english.pk, french.pk, elsewhere.pk}
    assert not comments_in(search(client, "migration", kind="consultation"))
    assert comments_in(search(client, "migration", written="fr")) == [french.pk]
    slug = question.consultation.slug
    assert set(comments_in(search(client, "migration", consultation=slug))) == {english.pk, french.pk}
    assert comments_in(search(client, "migration", since="2020-02-03", until="2020-02-03")) == [elsewhere.pk]
    assert comments_in(search(client, "migration", until="2020-02-02")) == []
    assert elsewhere.pk in comments_in(search(client, "migration", until="9999-12-31"))
    assert "Write the date" in text_of(search(client, "migration", since="3.2.2020"))
    for nonsense in ({"kind": "x"}, {"written": "x"}, {"consultation": "x"}, {"page": "²"}, {"page": "-1"}):
        assert len(comments_in(search(client, "migration", **nonsense))) == 3


def test_narrowing_stays_in_the_address(client, question):
    make.comment(question, body="La migration.", language="fr")
    text = text_of(search(client, "migration", written="fr"))
    assert 'href="?q=migration&amp;kind=comment&amp;written=fr"' in text
    assert 'hreflang="es" href="http://127.0.0.1:8000/es/search/?q=migration&amp;written=fr"' in text


def test_pages_of_results_are_linked_and_hold_each_once(client, question):
    made = {make.comment(question, body=f"A harbour, {number}.").pk for number in range(25)}
    first = search(client, "harbour")
    assert 'rel="next"' in text_of(first) and 'rel="prev"' not in text_of(first)
    second = search(client, "harbour", page=2)
    assert 'rel="prev"' in text_of(second) and 'rel="next"' not in text_of(second)
    assert len(comments_in(first)) == 20
    assert set(comments_in(first)) | set(comments_in(second)) == made
    beyond = search(client, "harbour", page=9)
    assert comments_in(beyond) == comments_in(second) and 'rel="prev"' in beyond.text


def test_many_results_are_counted_up_to_a_bound(client, question, monkeypatch):
    for _each in range(4):
        make.comment(question, body="A harbour.")
    monkeypatch.setattr(finding, "MOST", 3)
    text = text_of(search(client, "harbour"))
    assert "Search: more than 3 results for “harbour”" in text
    assert "Contributions (3+)" in text


# Order


def test_titles_come_before_texts_and_new_before_old(client, question):
    old, new = (make.comment(question, body="A harbour.") for _each in range(2))
    Comment.objects.filter(pk=old.pk).update(created_at=datetime.datetime(2016, 1, 1, tzinfo=datetime.UTC))
    make.consultation(title_en="The harbour")
    response = search(client, "harbour")
    assert comments_in(response) == [new.pk, old.pk]
    text = text_of(response)
    assert text.index("The <mark>harbour</mark>") < text.index(f"#comment-{new.pk}")


def test_the_readers_language_comes_before_another_that_has_the_stem(client, question):
    other = make.comment(question, body="Partir, partir, toujours partir.", language="fr")
    own = make.comment(question, body="Hace dos años la partera dijo que no.", language="es")
    old = timezone.now() - datetime.timedelta(days=365)
    Comment.objects.filter(pk=own.pk).update(created_at=old)
    assert comments_in(search(client, "partera", "es")) == [own.pk, other.pk]


# Slips of the pen


def test_a_slip_of_the_pen_is_put_right_by_one_click(client, question):
    make.comment(question, author=make.person(name="Halima Odera"))
    make.consultation(title_en="Recruitment costs", title_fr="Frais de recrutement équitable")
    words.learn.func()
    text = text_of(search(client, "recruitmnet costs"))
    assert 'Did you mean <a href="?q=recruitment+costs">recruitment costs</a>?' in text
    assert ">Halima Odera</a>?" in text_of(search(client, "Halima Oderra"))
    assert "équitable" in text_of(search(client, "equitabel", "fr"))
    assert "Did you mean" not in text_of(search(client, "zzzzqqq"))
    # Short words, and words that only have a root in common with one of another language, are no slips.
    assert "Did you mean" not in text_of(search(client, "of recruteur"))
    assert Word.objects.filter(word="équitable", plain="equitable").exists()


def test_a_word_of_the_page_s_language_is_suggested_first(client, question):
    make.consultation(title_en="Migration", title_es="Migración", title_fr="Migrations")
    words.learn.func()
    assert suggested(search(client, "migraxion")) == "migration"
    assert ">migración</a>" in text_of(search(client, "migraxion", "es"))


def suggested(response) -> str:
    found = re.search("Did you mean <a href[^>]*>(.*?)</a>", text_of(response))
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("review", "reveiw", 1),
        ("migrant", "migrnat", 1),
        ("odera", "oderra", 1),
        ("porta", "portabel", 3),
        ("", "ab", 2),
    ],
)
def test_letters_that_changed_places_are_one_slip(one, other, slips):
    assert words.slips_between(one, other) == words.slips_between(other, one) == slips


def test_what_is_suggested_finds_something_that_anybody_may_see(client):
    hidden = make.consultation(title_en="Unmistakable")
    make.consultation(title_en="Recruitment harbours")
    words.learn.func()
    assert suggested(search(client, "unmistakabel")) == "unmistakable"
    Consultation.objects.filter(pk=hidden.pk).update(state="draft")
    assert not suggested(search(client, "unmistakabel"))
    assert suggested(search(client, "recruitmnet")) == "recruitment"
    assert not suggested(search(client, "recruitmnet", kind="expert"))
    assert not suggested(search(client, "recruitmnet", written="fr"))
    assert not suggested(search(client, "recruitmnet zzzzqqq"))


def test_only_words_that_nothing_has_are_put_right(client, question):
    make.consultation(title_en="Recruitment harbours")
    make.comment(question, body="The recruiting of a harbourmaster, counted, between us.")
    words.learn.func()
    for typed in ("harbourmaster", "harbourmasters", "recruits", "harbourmaster zzzzqqq", "betweens harbours"):
        assert not suggested(search(client, typed)), typed
    for typed in ("recruitmnet@example.org", "recruitmnet.org", "https://recruitmnet", "recruitmnet2", "-recruitmnet"):
        assert not suggested(search(client, typed)), typed
    assert suggested(search(client, "“Recruitmnet harbours” -guichet")) == "“Recruitment harbours” -guichet"
    assert suggested(search(client, "reccruitmnet")) == "recruitment"
    assert suggested(search(client, "Harbours and RECRUITMNET")) == "Harbours and RECRUITMENT"


# Bad input


@pytest.mark.parametrize(
    "typed",
    ["'", '"', '"open', "%", "_", "((", ")", "\\", "\u202e", "* & |", "-", "-a", "a", "!", ":*", "&", "<->", "\0", "ß",
     "a\0b", "the", "-harbour", "OR", "or or or", "' OR 1=1 --", "<script>", "$query$", "{0}", "%s", "😀", "\ud83d",
     "x" * 200, "\ue000\ue001", "a:b", "harbour:*", "''''", "é" * 100, "\u2066\u202eabc", "1", "1.5e9", "http://[::1"],
)  # fmt: skip
def test_anything_gets_a_clear_page(client, question, typed):
    make.comment(question, body="A harbour with <b>marks</b> & 'quotes', 100 %.")
    for language in ("en", "fr", "es"):
        response = client.get(f"/{language}/search/?q={quote(typed, errors='surrogatepass')}")
        assert response.status_code == 200
        assert "<script>" not in response.content.decode()


def test_ten_thousand_letters_are_too_many(client):
    text = text_of(search(client, "a" * 10_000))
    assert "Nothing was searched" in text
    assert not re.search(f'value="a{{{300}}}', text), "the box keeps what may be searched, to begin from"


def test_what_people_typed_is_never_markup(client, question):
    make.comment(question, body="A harbour <img src=x> & \ue000more\ue001.")
    text = text_of(search(client, "harbour"))
    assert "&lt;img src=x&gt; &amp; more" in text


def test_too_much_at_once_is_said(client, question, monkeypatch):
    monkeypatch.setattr(finding, "OF_ONE_KIND", "(SELECT '{kind}', 1, pg_sleep(1)::text, now(), 1.0)")
    monkeypatch.setattr(finding, "BEST_FIRST", "{each}")
    monkeypatch.setattr(finding, "PATIENCE_MS", 10)
    assert "Add a rarer word" in text_of(search(client, "harbour"))
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_too_often_is_refused_with_the_words_in_the_box(client, settings):
    settings.LIMITS = settings.LIMITS | {"search_as_visitor": rates.parse("1/m/address")}
    search(client, "harbour")
    response = search(client, "harbour lights", written="fr")
    assert response.status_code == 429
    assert response["Retry-After"]
    assert "Try again in 1 minute." in response.text
    assert 'value="harbour lights"' in response.text and '<option value="fr" selected>' in response.text


def test_people_who_are_logged_in_have_a_limit_of_their_own(client, settings, participant):
    settings.LIMITS = settings.LIMITS | {"search_as_visitor": (), "search": rates.parse("1/m/person")}
    for person, expected in ((participant, (200, 429)), (make.person(), (200, 429))):
        client.force_login(person)
        assert tuple(search(client, "harbour").status_code for _each in range(2)) == expected
    client.logout()
    assert search(client, "harbour").status_code == 200


# Sentences


def test_a_hit_stands_in_its_sentence():
    text = f"One. {'Words ' * 20}here. The {START}harbour{STOP} is deep. It was dug in 1901. {'After ' * 40}"
    assert in_its_sentence(text).startswith("… The <mark>harbour</mark> is deep. It was dug in 1901.")
    long = f"{'before ' * 80}{START}harbour{STOP} {'after ' * 80}"
    shown = in_its_sentence(long)
    assert shown.startswith("… before") and shown.endswith("after …") and "<mark>harbour</mark>" in shown
    assert len(shown) < 400
    assert in_its_sentence("x" * 5000 + START + "y" * 500 + STOP).count("</mark>") == 1
    assert in_its_sentence("") == ""


# Queries


def test_a_search_asks_the_same_number_of_queries_whatever_is_found(client, question):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            search(client, "harbour")
        return len(captured)

    for _each in range(3):
        make.comment(question, body="A harbour.")
    make.consultation(title_en="The harbour")
    queries()
    before = queries()
    for _each in range(5):
        another = make.consultation(title_en="The harbour", summary_en="By the harbour.")
        make.comment(another.questions.get(number=1), body="A harbour.")
    assert queries() == before <= 16


@pytest.mark.parametrize("typed", ["receipt", "“receipt”", "«one line»", "accès", "acces", "maison", "frontera"])
def test_words_beside_signs_are_found_and_the_signs_are_shown(client, question, typed):
    english = make.comment(question, body="They call it “receipt”—one line… and no more.")
    french = make.comment(question, language="fr", body="L’accès à la «\N{NO-BREAK SPACE}maison\N{NO-BREAK SPACE}».")
    spanish = make.comment(question, language="es", body="¿Frontera? ¡Ninguna frontera!")
    expected = {"receipt": english, "“receipt”": english, "«one line»": english, "frontera": spanish}.get(typed, french)
    response = search(client, typed)
    assert comments_in(response) == [expected.pk]
    text = re.sub("</?mark>", "", response.text)
    shown = {english: "“receipt”—one line…", french: "maison\N{NO-BREAK SPACE}»", spanish: "¿Frontera?"}
    assert shown[expected] in text
    assert "<mark>" in response.text


@pytest.mark.parametrize(
    "text", ["plain words", "l’été — « où » ?", "№ 12", "移民、政策", "ｆｕｌｌ", "ไทย", "".join(PLAIN)]
)
def test_texts_lose_the_same_signs_in_the_database_and_outside(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_plain(%s)", [text])
        assert cursor.fetchone() == (spaced(without_signs(text)),)


# What cannot be done is said


def test_a_page_beyond_the_last_shows_the_last_one(client, question):
    made = make.comment(question, body="Uranium.")
    for page in ("2", "99", "12345678"):
        response = search(client, "uranium", page=page)
        assert comments_in(response) == [made.pk]
        assert "There are not so many pages of results" in response.text
    assert "so many pages" not in search(client, "uranium").text
    assert "so many pages" not in search(client, "nothinglikeit", page="1").text


def test_filters_that_do_not_exist_are_told_and_left_out(client, question):
    made = make.comment(question, body="Uranium.")
    for name, told in (
        ("written", "no such language"),
        ("consultation", "no such consultation"),
        ("kind", "no such kind of result"),
    ):
        response = search(client, "uranium", **{name: "bogus"})
        assert comments_in(response) == [made.pk]
        assert response.text.count(told) == 1, name
        assert "There is no such" not in search(client, "uranium").text
    response = search(client, "uranium", since="2026-02-02", until="2026-02-01")
    assert comments_in(response) == [made.pk]
    assert "This date is before the first one" in response.text
    assert 'value="2026-02-02"' in response.text


def test_a_dash_that_a_phone_writes_is_a_minus(client, question):
    kept = make.comment(question, body="Passport of a child.")
    make.comment(question, body="Passport of a worker.")
    for dash in "-–−":
        assert comments_in(search(client, f"passport {dash}worker")) == [kept.pk], dash
        assert comments_in(search(client, f"passport {dash}“a worker”")) == [kept.pk], dash
    both = search(client, "passport – worker")
    assert len(comments_in(both)) == 1 and kept.pk not in comments_in(both)


@pytest.mark.parametrize(
    ("page", "word", "finds"),
    [
        ("fr", "passport ou visa", "both"),
        ("fr", "passport OU visa", "both"),
        ("fr", "passport OR visa", "both"),
        ("fr", "“the passport” ou “the visa”", "both"),
        ("fr", "«the passport»  ou visa ou nothing", "both"),
        ("fr", "“passport ou visa”", "neither"),
        ("fr", "ou passport ou", "neither"),
        ("fr", "passport où visa", "neither"),
        ("es", "passport o visa", "both"),
        ("es", "visa u passport", "both"),
        ("es", "“passport o visa”", "neither"),
        ("es", "passport ou visa", "neither"),
        ("en", "passport ou visa", "neither"),
        ("en", "passport o visa", "neither"),
        ("en", "passport or visa", "both"),
    ],
)
def test_or_is_written_in_the_language_of_the_page(client, question, page, word, finds):
    first = make.comment(question, body="The passport of a child.")
    second = make.comment(question, body="The visa of a child.")
    response = client.get(f"/{page}/search/", {"q": word})
    wanted = {first.pk, second.pk} if finds == "both" else set()
    assert set(comments_in(response)) == wanted
    assert escape(" ".join(word.split())) in response.text


@pytest.mark.parametrize("page", ["fr", "es"])
@pytest.mark.parametrize(
    "typed", ["ou", "o", "ou ou ou", "o u o", 'a ou "', '" ou b', "- ou -", "x ou", "移民 ou 無 o"]
)
def test_or_alone_or_in_odd_places_is_no_error(client, question, page, typed):
    assert client.get(f"/{page}/search/", {"q": typed}).status_code == 200


def test_a_letter_is_looked_for_with_or_in_the_language_of_the_page(client, question):
    found = {make.comment(question, body=body, language="und").pk for body in ("移民政策", "無")}
    assert set(comments_in(client.get("/fr/search/", {"q": "移民 ou 無"}))) == found


def test_words_that_cannot_be_searched_are_told_in_the_language_concerned(client, question):
    assert "only leaves out texts" in search(client, "-passport").text
    assert "only leaves out texts" in search(client, "–passport -worker").text
    assert "There is no word in this" in search(client, "...").text
    assert "too common in this language to be searched for: English" in search(client, "the").text
    assert "too common in this language to be searched for: French" in search(client, "été", written="fr").text
    assert "too common" not in search(client, "the passport").text
    assert "too common" not in search(client, "été").text
