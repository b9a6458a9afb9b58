import datetime
import itertools
import json
import re
from importlib import import_module
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import rates
from accounts.erasure import erase_account
from accounts.export import everything_about
from consultations.models import Objective
from hub.resources import drafting, duplicates, listing, outside, submitting, titles
from hub.resources.models import Call, GuidingPrinciple, Region, Resource
from hub.resources.permissions import EDITORS
from tests import make
from tests.forms import FormReader, fields_sent_to
from tests.hub import make_files

LANGUAGES = ["en", "fr", "es"]
ADDRESS = "https://reports.example.org/ports?id=7"
STEPS = {
    "what": {
        "kind": "report",
        "title": "Port towns and their newcomers",
        "address": ADDRESS,
        "publisher": "Institute of Ports",
        "authors": "Leïla Benkacem\r\nJoaquín Beltrán\r\n",
        "year": "2024",
        "languages": ["en", "fr"],
    },
    "about": {
        "summary": "What towns do when people arrive.\r\n\r\nFor mayors.",
        "text_language": "en",
        "scope": "regional",
        "comprehensiveness": "broad",
        "countries": ["GH", "SN"],
    },
    "practice": {
        "implementer": "The town of Puerto Claro",
        "began": "2019",
        "ended": "2022",
        "partners": "Four associations",
        "achieved": "Two thousand registered",
        "learned": "Ask at the quay",
        "repeating": "Two people and a boat",
    },
}


@pytest.fixture(autouse=True)
def files_go_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def amina(client):
    made = make.person(name="Amina Diarra")
    client.force_login(made)
    return made


def editor():
    made = make.person()
    made.groups.add(Group.objects.get_or_create(name=EDITORS)[0])
    return made


def typed(step: str) -> dict:
    lists = {
        "objectives": [str(Objective.objects.get(number=1).pk)],
        "principles": [str(GuidingPrinciple.objects.first().pk)],
        "regions": [str(Region.objects.get(slug="africa").pk)],
    }
    return STEPS[step] | (lists if step == "about" else {})


def draft(user, *, kind="report", is_complete=True, **fields) -> Resource:
    """A draft with everything that is needed to send it."""
    made = submitting.begin(user, text_language="en", kind=kind, title_en="Port towns", **fields)
    if is_complete:
        values = {"publisher": "Institute", "year": 2024, "languages": ["en"], "address": ADDRESS}
        drafting.save(made, "what", values, version(made, "what"))
        values = {"summary": "For mayors.", "scope": "regional", "comprehensiveness": "broad"}
        values |= {"objectives": [Objective.objects.get(number=1).pk]}
        values |= {"regions": [Region.objects.get(slug="africa").pk]}
        drafting.save(made, "about", values, version(made, "about"))
    made.refresh_from_db()
    return made


def listed(**fields) -> Resource:
    made = draft(make.person())
    Resource.objects.filter(pk=made.pk).update(**fields)
    submitting.submit(made, made.submitted_by)
    listing.list_resource(made, editor())
    return Resource.objects.get(pk=made.pk)


def version(resource: Resource, step: str) -> str:
    return drafting.version_of(drafting.values_of(Resource.objects.get(pk=resource.pk), step))


def address_of(resource: Resource, step="", language="en") -> str:
    return f"/{language}/resources/mine/{resource.pk}/" + (f"{step}/" if step else "")


def send(client, resource, step, action="next", **fields):
    return client.post(address_of(resource, step), {"version": version(resource, step), "action": action} | fields)


def page(client, address, status=200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def step_form(html: str) -> dict:
    reader = FormReader(None)
    reader.feed(html)
    return reader.fields


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works(client, language):
    address = f"/{language}/resources/submit/?call=ports"
    assert client.get(address)["Location"].endswith(f"?next=/{language}/resources/submit/%3Fcall%3Dports")
    client.force_login(make.person())
    for place in ("submit", "mine"):
        assert f'<html lang="{language}">' in page(client, f"/{language}/resources/{place}/")


@pytest.mark.parametrize("kind", ["report", "practice"])
def test_from_the_first_click_to_the_editors(client, amina, kind):
    response = client.post("/en/resources/submit/", {"kind": kind, "title": "Port towns", "address": ""})
    resource = Resource.objects.get()
    assert response["Location"] == address_of(resource, "what")
    steps = ["what", "about", "practice", "send"] if kind == "practice" else ["what", "about", "send"]
    for step, following in itertools.pairwise(steps):
        assert page(client, address_of(resource, step)).count("What reviewers ask") == 2
        response = send(client, resource, step, **(typed(step) | ({"kind": kind} if step == "what" else {})))
        assert response["Location"] == address_of(resource, following), response.content.decode()
    text = page(client, address_of(resource, "send"))
    assert "What is still missing" not in text and "Institute of Ports" in text and "Ghana; Senegal" in text
    assert send(client, resource, "send", "send").status_code == 422, "the relation is missing"
    assert send(client, resource, "send", "send", relation="made")["Location"] == address_of(resource)
    resource.refresh_from_db()
    assert (resource.state, resource.relation) == ("submitted", "made")
    assert resource.author_names == ["Leïla Benkacem", "Joaquín Beltrán"]
    assert resource.normalised_address == "reports.example.org/ports?id=7"
    assert resource.summary_en == "What towns do when people arrive.\n\nFor mayors."
    if kind == "practice":
        assert (resource.practice.began, resource.practice.learned) == (2019, "Ask at the quay")
    text = page(client, address_of(resource))
    assert "With the editors since" in text and "You sent it to the editors." in text and "It is sent." in text


def test_what_is_missing_leads_to_its_field(client, amina):
    resource = draft(amina, is_complete=False)
    text = page(client, address_of(resource, "send"))
    assert f'href="{address_of(resource, "about")}#id_summary"' in text
    assert 'id="id_summary"' in page(client, address_of(resource, "about"))
    assert 'id="id_languages"' in page(client, address_of(resource, "what"))
    response = send(client, resource, "send", "send", relation="made")
    assert response.status_code == 422
    assert "Write the summary." in response.content.decode() and "It is not sent yet" in response.content.decode()
    resource.refresh_from_db()
    assert (resource.state, resource.relation) == ("draft", "made")


@pytest.mark.parametrize(("relation", "number"), [("made", 9), ("", 10)])
def test_all_that_is_missing_is_said_once_and_leads_to_its_field(client, amina, relation, number):
    resource = draft(amina, is_complete=False)
    text = send(client, resource, "send", "send", relation=relation).content.decode()
    box = text.split('role="alert"')[1].split("</div>")[0]
    assert f"{number} answers are missing:" in box and box.count("<li><a href=") == number
    assert ('href="#id_relation"' in box) == (not relation)
    assert text.count("Write the summary.") == 1 and "What is still missing" not in text


def test_the_steps_say_how_many_answers_they_need(client, amina):
    resource = draft(amina, is_complete=False)
    text = page(client, address_of(resource, "what"))
    assert "1. What it is (4 answers missing)" in text and "2. What it is about (5 answers missing)" in text
    assert "missing" not in page(client, address_of(draft(amina), "what"))


def test_every_button_saves_and_leads_where_it_says(client, amina):
    resource = draft(amina)
    about = typed("about")
    for action, place in {"back": "what", "leave": "", "next": "send", "save": "about", "nonsense": "about"}.items():
        response = send(client, resource, "about", action, **(about | {"summary": f"After {action}."}))
        assert response["Location"] == address_of(resource, place), action
        resource.refresh_from_db()
        assert resource.summary_en == f"After {action}."


def test_a_step_is_kept_however_little_of_it_there_is(client, amina):
    resource = draft(amina, is_complete=False)
    assert send(client, resource, "about", summary="Only this.").status_code == 302
    resource.refresh_from_db()
    assert resource.summary_en == "Only this." and resource.scope == "" and resource.text_language == "en"


def test_what_is_wrong_is_told_and_the_rest_is_saved(client, amina):
    resource = draft(amina, is_complete=False)
    response = send(
        client,
        resource,
        "what",
        kind="poem",
        title="x" * 251,
        address="http://192.168.0.1/",
        publisher="Institute\u202e \0of\nPorts",
        year="last",
        languages=["en", "tlh"],
    )
    assert response.status_code == 422
    text = response.content.decode()
    for said in ("Choose one of the list.", "Shorten this to 250 characters", "not with numbers", "four digits"):
        assert said in text
    for kept in ("x" * 251, "http://192.168.0.1/", 'value="last"'):
        assert kept in text
    resource.refresh_from_db()
    assert (resource.publisher, resource.year, resource.address, resource.kind) == (
        "Institute of Ports",
        None,
        "",
        "report",
    )


def test_years_of_a_practice_that_contradict_each_other(client, amina):
    resource = draft(amina, kind="practice")
    assert send(client, resource, "practice", began="2010", ended="2012").status_code == 302
    for began, ended in (("2015", "2014"), ("2015", "x"), ("2015", "2014")):
        response = send(client, resource, "practice", began=began, ended=ended, learned=f"Much {began}")
        assert response.status_code == 422
        resource = Resource.objects.get(pk=resource.pk)
        assert (resource.practice.began, resource.practice.ended) == (2010, 2012)
        assert resource.practice.learned == "Much 2015"


def test_texts_move_with_their_language(client, amina):
    resource = draft(amina)
    send(client, resource, "about", **(typed("about") | {"text_language": "fr", "summary": "Pour les maires."}))
    resource.refresh_from_db()
    assert (resource.title_en, resource.title_fr) == (None, "Port towns")
    assert (resource.summary_en, resource.summary_fr) == (None, "Pour les maires.")
    assert "Port towns" in page(client, address_of(resource, "what"))
    assert not [lack for lack in page(client, address_of(resource, "send")).split() if lack == "title."]


@pytest.mark.parametrize("step", ["what", "about", "practice", "send"])
def test_hostile_values_are_no_error_of_ours(client, amina, step):
    resource = draft(amina, kind="practice")
    names = [*drafting.FIELDS[step], "answer", "version", "remove", "upload", "action"]
    for value in ("\0", "'\"<script>", "9" * 50, "\ud7ff" * 6_000, "-1", "٢٠٢٤", "\u200b", "a\r\n\t" * 300):
        response = client.post(address_of(resource, step), dict.fromkeys(names, value))
        assert response.status_code in {302, 409, 422}, value
        response = client.post(
            address_of(resource, step), dict.fromkeys(names, value) | {"version": version(resource, step)}
        )
        assert response.status_code in {302, 422}, value
        assert client.post(address_of(resource, step) + "save/", dict.fromkeys(names, value)).status_code in {200, 409}
        page(client, address_of(resource, step))
        page(client, address_of(resource))


# Calls


def call(days=5, **fields) -> Call:
    now = timezone.now()
    return Call.objects.create(
        **{
            "slug": "ports",
            "title_en": "Ports",
            "text_en": "Tell us.",
            "is_published": True,
            "opens_at": now - datetime.timedelta(days=9),
            "closes_at": now + datetime.timedelta(days=days),
        }
        | fields
    )


def test_a_call_is_kept_from_the_link_to_the_end(client, amina):
    ports = call()
    assert "You submit under this call" in page(client, "/en/resources/submit/?call=ports")
    client.post("/en/resources/submit/?call=ports", {"kind": "report", "title": "Port towns", "call": "ports"})
    assert Resource.objects.get().call == ports


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("nothing", "is not known here"),
        ("hidden", "is not known here"),
        ("closed", "This call closed on"),
        ("coming", "This call opens on"),
        ("x" * 5_000, "is not known here"),
        ("\0no\0", "is not known here"),
    ],
)
def test_a_call_that_is_not_open_is_left_out_and_the_form_says_so(client, amina, slug, said):
    call(-1, slug="closed")
    call(slug="hidden", is_published=False)
    call(slug="coming", opens_at=timezone.now() + datetime.timedelta(days=1))
    text = page(client, f"/en/resources/submit/?call={quote(slug)}")
    assert "You submit under this call" not in text and said in text
    assert "Ports</a>" in text or slug not in {"closed", "coming"}
    typed = {"kind": "report", "title": "Port towns", "call": slug}
    asked = client.post("/en/resources/submit/", typed)
    assert asked.status_code == 409 and said in asked.text and "Port towns" in asked.text
    assert not Resource.objects.exists()
    again = fields_sent_to(asked.text, "/en/resources/submit/")
    assert "call" not in again
    assert client.post("/en/resources/submit/", again).status_code == 302
    assert Resource.objects.get().call is None


def test_a_draft_and_the_list_name_the_call_and_say_whether_it_is_open(client, amina):
    ports = call()
    resource = draft(amina, call=ports)
    places = ["/en/resources/mine/", address_of(resource), *(address_of(resource, step) for step in ("what", "about"))]
    for place in places:
        text = page(client, place)
        assert f'<a href="{ports.get_absolute_url()}">Ports</a>' in text and "· until" in text, place
    Call.objects.update(closes_at=timezone.now() - datetime.timedelta(minutes=1))
    for place in [*places, address_of(resource, "send")]:
        assert page(client, place).count("The deadline of the call has passed") == 1, place
    Call.objects.update(is_published=False)
    for place in [*places, address_of(resource, "send")]:
        text = page(client, place)
        assert text.count("The call has been withdrawn") == 1 and ports.get_absolute_url() not in text, place


def test_after_the_deadline_it_can_be_sent_without_the_call(client, amina):
    resource = draft(amina, call=call(-1))
    assert "Send without the call" in page(client, address_of(resource, "send"))
    response = send(client, resource, "send", "send", relation="made")
    assert response.status_code == 422 and "The deadline of this call has passed" in response.content.decode()
    assert send(client, resource, "send", "send_alone", relation="made").status_code == 302
    resource.refresh_from_db()
    assert (resource.state, resource.call) == ("submitted", None)


def test_send_alone_takes_nothing_from_an_open_call(client, amina):
    resource = draft(amina, call=call())
    send(client, resource, "send", "send_alone", relation="made")
    resource.refresh_from_db()
    assert (resource.state, resource.call.slug) == ("submitted", "ports")


# Known already


SAME = [
    "http://www.reports.example.org/ports/?id=7",
    "https://REPORTS.example.org:443/ports?utm_source=x&id=7#page=3",
    "reports.example.org/ports?id=7",
]


@pytest.mark.parametrize("address", SAME)
def test_a_listed_address_is_warned_of_and_no_obstacle(client, amina, address):
    known = listed()
    resource = draft(amina, is_complete=False)
    Resource.objects.filter(pk=resource.pk).update(title_en="Something else")
    send(client, resource, "what", **(typed("what") | {"address": address, "title": "Another name"}))
    text = page(client, address_of(resource, "what"))
    assert "The same address:" in text and f'href="{known.get_absolute_url()}"' in text
    resource.refresh_from_db()
    assert resource.normalised_address == known.normalised_address


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_similar_title_in_any_language_is_warned_of(client, amina, language):
    known = listed()
    Resource.objects.filter(pk=known.pk).update(**{f"title_{language}": "Las ciudades portuarias y quienes llegan"})
    mine = draft(amina, is_complete=False)
    Resource.objects.filter(pk=mine.pk).update(title_en="Las Ciudades portuarias y quienes llegan (2024)")
    assert "A similar title:" in page(client, address_of(mine, "what"))
    Resource.objects.filter(pk=mine.pk).update(title_en="Las ciudades y la pesca")
    assert "A similar title:" not in page(client, address_of(mine, "what"))


SAME_TITLES = [
    ("المدن الساحلية والوافدون", " المُدُن السّاحِليّة  والوافدون. "),
    ("Портовые города и приезжие", "ПОРТОВЫЕ ГОРОДА И ПРИЕЗЖИЕ"),
    ("港口城市与新来者", "港口城市　与新来者"),
    ("पत्तन नगर और प्रवासी", "पत्तन नगर, और प्रवासी"),
    ("Πόλεις λιμάνια και μετανάστες", "ΠΟΛΕΙΣ ΛΙΜΑΝΙΑ ΚΑΙ ΜΕΤΑΝΑΣΤΕΣ"),
]


@pytest.mark.parametrize(
    ("theirs", "typed_title"), SAME_TITLES, ids=["Arabic", "Cyrillic", "Chinese", "Devanagari", "Greek"]
)
def test_the_same_title_is_known_in_every_script(client, amina, theirs, typed_title):
    other, mine = draft(make.person()), draft(amina, is_complete=False)
    drafting.save(other, "what", {"title": theirs}, version(other, "what"))
    send(client, mine, "what", **(typed("what") | {"title": typed_title, "address": ""}))
    assert "A similar title:" not in page(client, address_of(mine, "what")), "nobody has listed it"
    submitting.submit(other, other.submitted_by)
    listing.list_resource(Resource.objects.get(pk=other.pk), editor())
    known = Resource.objects.get(pk=other.pk)
    text = page(client, address_of(mine, "what"))
    assert "A similar title:" in text and f'href="{known.get_absolute_url()}"' in text
    send(client, mine, "what", **(typed("what") | {"title": typed_title[:6], "address": ""}))
    assert "A similar title:" not in page(client, address_of(mine, "what"))


@pytest.mark.parametrize(
    ("theirs", "mine", "is_alike"),
    [
        ("Port towns: how those who arrive find a room", "Port towns", True),
        ("Port towns", "Port towns – how those who arrive find a room", True),
        ("Villes de port : guide à l’intention des maires", "villes de port", True),
        ("Port towns: how those who arrive find a room", "Port towns: a history of trade and of ships", False),
    ],
)
def test_a_title_without_its_subtitle_is_known_on_the_next_page(client, amina, theirs, mine, is_alike):
    known = listed(title_en=theirs, title_keys=titles.keys_of([theirs]))
    begun = draft(amina, is_complete=False)
    answer = send(client, begun, "what", action="next", **(typed("what") | {"title": mine, "address": ""}))
    text = page(client, answer.headers["Location"])
    assert (f'href="{known.get_absolute_url()}"' in text) == is_alike


def test_titles_without_a_letter_are_not_the_same(client, amina):
    first, second = draft(amina, is_complete=False), draft(amina, is_complete=False)
    for each, title in ((first, "???"), (second, "!!!")):
        drafting.save(each, "what", {"title": title}, version(each, "what"))
    assert duplicates.known(Resource.objects.get(pk=second.pk), amina) == []


def test_titles_written_before_keys_were_kept_get_them():
    kept = listed()
    Resource.objects.update(title_en="Портовые города", title_keys=[])
    import_module("hub.resources.migrations.0009_title_keys_so_far").keep(apps, None)
    changed = Resource.objects.get(pk=kept.pk)
    assert changed.title_keys == titles.keys_of(["портовые города!"]) != []


@pytest.mark.parametrize("state", [state for state in Resource.State.values if state != "listed"])
def test_what_others_submitted_and_nobody_listed_cannot_be_guessed(client, amina, state):
    theirs = draft(make.person())
    Resource.objects.filter(pk=theirs.pk).update(state=state, title_en="A secret plan for harbours")
    mine = draft(amina)
    Resource.objects.update(title_keys=titles.keys_of(["A secret plan for harbours"]))
    Resource.objects.filter(pk=mine.pk).update(title_en="A secret plan for harbours")
    mine.refresh_from_db()
    assert mine.normalised_address == theirs.normalised_address
    assert duplicates.known(mine, amina) == []
    assert "Is it this one?" not in page(client, address_of(mine, "what"))


def test_ones_own_are_told(client, amina):
    first, second = draft(amina), draft(amina)
    text = page(client, address_of(second, "what"))
    assert "(one of your submissions)" in text and f'href="{address_of(first)}"' in text


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/x",
        "http://localhost:8000",
        "http://LOCALHOST.",
        "http://printer",
        "http://printer.local/",
        "http://wiki.corp",
        "http://a.home.arpa",
        "http://db.internal:5432",
        "http://127.0.0.1/",
        "http://127.1",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1",
        "http://017700000001",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[fe80::1%25eth0]/",
        "http://[::1",
        "http://10.0.0.8/",
        "http://172.16.3.4/",
        "http://192.168.1.1./",
        "http://169.254.169.254/latest/meta-data/",
        "http://93.184.216.34/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/",
        "http://%31%32%37.0.0.1/",
        "http://loc%61lhost/",
        "http://ｌocalhost/",
        "http://user:password@example.org/",
        "http://example.org@127.0.0.1/",
        "http://example.org\\@localhost/",
        "http://exa mple.org/",
        "http://example.org:99999/",
        "http://example.org:x/",
        "http:///path",
        "http://",
        "http://-.org/",
        "http://a..org/",
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "//example.org/",
        "mailto:a@example.org",
        "https://example.org/\u202egpj.exe",
        "https://example.org/" + "x" * 2_000,
    ],
)
def test_addresses_that_lead_elsewhere_are_refused_in_words(address):
    with pytest.raises(outside.AddressRefused) as refusal:
        outside.public(address)
    assert str(refusal.value).endswith(".")


INSIDE = [
    *("router.localnet", "kubernetes.default.svc.cluster", "wiki.intern", "mail.domain", "printer.WORKGROUP."),
    *("nip.io", "10.0.0.1.nip.io", "app.7f000001.nip.io", "8-8-8-8.sslip.io", "www.xip.io", "xn--nxasmq6b.nip.io"),
    *("localtest.me", "a.localtest.me", "lvh.me", "a.b.lvh.me", "fritz.box", "FRITZ.box", "nas.fritz.box"),
    *("127.0.0.1.example.org", "10-0-0-1.example.org", "a.192-168-1.1.example.org", "ip-172-16-254-3.example.org"),
    *("x-169-254-169-254-y.example.org", "1.2.10.0.0.1.example.org", "100.64.0.1.example.org", "0.0.0.0.example.org"),
    *("１２７．0．0．1.example.org", "127。0。0。1。example.org"),
]


@pytest.mark.parametrize("host", INSIDE)
def test_names_that_lead_into_a_network_are_refused(client, amina, host):
    resource = draft(amina, is_complete=False)
    for address in (f"https://{host}/x", f"http://{host}:8080"):
        response = send(client, resource, "what", **(typed("what") | {"address": address}))
        assert response.status_code == 422 and "works inside a network only" in response.content.decode()
    resource.refresh_from_db()
    assert resource.address == ""


@pytest.mark.parametrize(
    "host",
    [
        *("zip.io", "snip.io", "mynip.io", "lvh.me.example.org", "nip.io.example.org", "fritz.box.example.org"),
        *("domain.org", "intern.example", "8-8-8-8.example.org", "93.184.216.34.example.org", "10-0-0.example.org"),
        *("999-10-300-1.example.org", "2024-10-11.example.org", "1000-10-0-12345.example.org"),
    ],
)
def test_names_that_only_look_like_it_are_taken(host):
    assert outside.public(f"https://{host}/x") == f"https://{host}/x"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        (" example.org/a ", "https://example.org/a"),
        ("HTTP://Example.ORG:8080/", "HTTP://Example.ORG:8080/"),
        ("https://café.example/étude", "https://café.example/étude"),
        ("https://例え.テスト/", "https://例え.テスト/"),
        ("https://local.example.org", "https://local.example.org"),
        ("https://4.example.org/1.2.3.4", "https://4.example.org/1.2.3.4"),
        ("", ""),
    ],
)
def test_addresses_of_the_public_web_are_taken(address, kept):
    assert outside.public(address) == kept


# Files


def attach(client, resource, upload, action="upload", **fields):
    return send(client, resource, "what", action, **(typed("what") | {"upload": upload} | fields))


def test_a_file_is_added_downloaded_and_removed(client, amina):
    resource = draft(amina)
    assert attach(client, resource, make_files.pdf("Étude/../plan.pdf")).status_code == 302
    file = resource.files.get()
    assert file.name == "plan.pdf" and default_storage.exists(file.stored)
    text = page(client, address_of(resource, "what"))
    assert "plan.pdf" in text and "The file is added." in text
    downloaded = client.get(file.get_absolute_url())
    assert downloaded["Content-Disposition"].startswith("attachment")
    assert b"".join(downloaded.streaming_content).startswith(b"%PDF")
    response = send(client, resource, "what", "", **(typed("what") | {"remove": str(file.pk), "title": "New"}))
    assert response.status_code == 302 and not resource.files.exists()
    resource.refresh_from_db()
    assert resource.title_en == "New", "that button saves too"


def test_the_file_of_a_draft_is_for_its_submitter_only_and_once_sent_for_editors(client, amina):
    resource = draft(amina)
    attach(client, resource, make_files.pdf())
    address = resource.files.get().get_absolute_url()
    people = ((amina, True, True), (editor(), False, True), (make.admin(), False, True), (make.person(), False, False))
    for state in ("draft", "submitted"):
        Resource.objects.filter(pk=resource.pk).update(state=state)
        for user, before, after in (*people, (None, False, False)):
            client.logout()
            if user:
                client.force_login(user)
            may = before if state == "draft" else after
            response = client.get(address)
            assert response.status_code == (200 if may else 404)
            if may:
                assert b"".join(response.streaming_content)


BAD_FILES = {
    "a page that calls itself a PDF": ("report.pdf", b"<!doctype html><script>alert(1)</script>", "whatever its name"),
    "a PDF that is cut off": ("report.pdf", b"%PDF-1.7\n1 0 obj", "damaged"),
    "a program that calls itself a PDF": ("report.pdf", b"MZ\x90\0" * 99, "whatever its name"),
    "an SVG": ("map.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "whatever its name"),
    "an SVG named PNG": ("map.png", b"<?xml version='1.0'?><svg/>", "whatever its name"),
    "an HTML page": ("page.html", b"<html><body>x</body></html>", "whatever its name"),
    "a bomb": ("report.docx", lambda: make_files.docx(**{"word/media.bin": b"\0" * 30_000_000}), "unpacks"),
    "a DOCM": ("report.docx", lambda: make_files.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
    "a bomb that lies about its size": (
        "report.docx",
        lambda: make_files.lying(make_files.docx(**{"word/media.bin": b"\0" * 30_000_000}), 30_000_000, 1_000),
        "damaged",
    ),
    "macros under another name": (
        "report.docx",
        lambda: make_files.docx(
            **{
                "[Content_Types].xml": make_files.described(make_files.WORD, "application/vnd.ms-office.vbaProject"),
                "word/notes.bin": b"x",
            }
        ),
        "macros",
    ),
    "macros written with character references": (
        "report.docx",
        lambda: make_files.docx(
            **{
                "[Content_Types].xml": make_files.described(
                    make_files.WORD, "application/vnd.ms-office.&#118;&#x62;aPr&#111;ject"
                )
            }
        ),
        "macros",
    ),
    "macros described in another encoding": (
        "report.docx",
        lambda: make_files.docx(
            **{
                "[Content_Types].xml": make_files.described(make_files.WORD, "application/vnd.ms-word.vbaData+xml")
                .decode()
                .replace("UTF-8", "UTF-16")
                .encode("utf-16")
            }
        ),
        "macros",
    ),
    "macros that only the text points at": (
        "report.docx",
        lambda: make_files.docx(**{"word/_rels/document.xml.rels": make_files.related(make_files.VBA)}),
        "macros",
    ),
    "macros that only slides point at": (
        "slides.pptx",
        lambda: make_files.pptx(**{"PPT/_rels/presentation.xml.RELS": make_files.related("x", make_files.VBA)}),
        "macros",
    ),
    "a description with entities": (
        "report.docx",
        lambda: make_files.docx(
            **{
                "[Content_Types].xml": b'<!DOCTYPE Types [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                + make_files.described(make_files.WORD).partition(b"?>")[2]
            }
        ),
        "damaged",
    ),
    "a description that is no XML": (
        "report.docx",
        lambda: make_files.docx(**{"[Content_Types].xml": make_files.WORD.encode()}),
        "damaged",
    ),
    "a description in an encoding that nobody knows": (
        "report.docx",
        lambda: make_files.docx(
            **{"[Content_Types].xml": make_files.described(make_files.WORD).replace(b"UTF-8", b"nonsense")}
        ),
        "damaged",
    ),
    "two descriptions": (
        "report.docx",
        lambda: make_files.docx(**{"[content_types].XML": make_files.described(make_files.WORD)}),
        "damaged",
    ),
    "a description without end": (
        "report.docx",
        lambda: make_files.docx(**{"word/_rels/document.xml.rels": make_files.related(*map(str, range(99_999)))}),
        "unpacks",
    ),
    "a bomb that lies about what it is packed in": ("report.docx", make_files.bomb_with_padding, "unpacks"),
    "an ODT with macros": (
        "report.odt",
        lambda: make_files.archive(
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "content.xml": b"<office:document-content/>",
                "Basic/Standard/Module1.xml": b"x",
            }
        ),
        "macros",
    ),
    "an archive": ("report.docx", lambda: make_files.archive({"a.txt": b"x"}), "whatever its name"),
    "an image that is cut off": ("photo.png", lambda: make_files.png(64)[:60], "damaged"),
    "an empty file": ("report.pdf", b"", "empty"),
    "one of 21 MB": ("report.pdf", lambda: make_files.PDF + b" " * 21 * 1024 * 1024, "larger than 20 MB"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_files_are_refused_and_what_was_typed_is_kept(client, amina, kind):
    name, content, said = BAD_FILES[kind]
    resource = draft(amina)
    content = content() if callable(content) else content
    response = attach(client, resource, make_files.upload(name, content), "next", title="Typed along", year="x")
    assert response.status_code == 422
    text = response.content.decode()
    assert said in text and "Typed along" in text and 'value="x"' in text
    resource.refresh_from_db()
    assert resource.title_en == "Typed along" and not resource.files.exists()


def test_what_hangs_behind_an_image_is_not_shown(client, amina):
    resource = draft(amina)
    attach(client, resource, make_files.upload("map.png", make_files.png() + b"<script>alert(1)</script>" * 99))
    file = resource.files.get()
    image = client.get(f"{file.get_absolute_url()}image/")
    assert image["Content-Type"] == "image/png"
    assert b"script" not in b"".join(image.streaming_content)


def test_no_more_than_the_largest_file_is_written_of_a_larger_one(client, amina, monkeypatch):
    monkeypatch.setattr("hub.uploads.KEPT_BYTES", 3_000_000)
    monkeypatch.setattr("hub.resources.files.LARGEST", 3_000_000)
    written = []
    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk",
        lambda handler, data, start: written.append(len(data)),
    )
    resource = draft(amina)
    response = attach(client, resource, make_files.upload("report.pdf", make_files.PDF + b" " * 9_000_000))
    assert "larger than 20 MB" in response.content.decode() and "Institute of Ports" in response.content.decode()
    assert sum(written) == 3_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_far_more_than_anything_is_refused_before_it_is_read(client, amina, monkeypatch, language):
    monkeypatch.setattr("hub.uploads.READ_BYTES", 3_000_000)
    resource = draft(amina)
    response = client.post(
        address_of(resource, "what", language),
        typed("what") | {"upload": make_files.upload("report.pdf", make_files.PDF + b" " * 4_000_000)},
    )
    assert response.status_code == 413 and f'<html lang="{language}">' in response.content.decode()


def test_a_button_without_a_file_says_so(client, amina):
    response = send(client, draft(amina), "what", "upload", **typed("what"))
    assert response.status_code == 422 and "Choose a file first." in response.content.decode()


# Two tabs, two clicks


def test_a_tab_that_is_behind_overwrites_nothing_unless_told_again(client, amina):
    resource = draft(amina)
    old = version(resource, "about")
    send(client, resource, "about", **(typed("about") | {"summary": "From the phone"}))
    behind = typed("about") | {"summary": "From the desk", "version": old, "action": "next"}
    saved = client.post(address_of(resource, "about") + "save/", behind)
    assert saved.status_code == 409 and "newer version" in saved.json()["error"]
    response = client.post(address_of(resource, "about"), behind)
    text = response.content.decode()
    assert response.status_code == 409 and "From the phone" in text and "From the desk" in text
    resource.refresh_from_db()
    assert resource.summary_en == "From the phone"
    again = client.post(address_of(resource, "about"), behind | {"version": step_form(text)["version"]})
    resource.refresh_from_db()
    assert again.status_code == 302 and resource.summary_en == "From the desk"


def test_two_tabs_on_two_steps_are_no_conflict(client, amina):
    resource = draft(amina)
    old = version(resource, "what")
    send(client, resource, "about", **(typed("about") | {"summary": "Changed"}))
    assert client.post(address_of(resource, "what"), typed("what") | {"version": old}).status_code == 302


def test_the_same_step_sent_twice_is_one(client, amina):
    resource = draft(amina)
    sent = typed("about") | {"version": version(resource, "about"), "action": "next"}
    assert [client.post(address_of(resource, "about"), sent).status_code for _each in range(2)] == [302, 302]


def test_a_step_saves_itself(client, amina):
    resource = draft(amina)
    address = address_of(resource, "about") + "save/"
    first = client.post(address, typed("about") | {"version": version(resource, "about")})
    assert first.status_code == 200 and "saved at" in first.json()["saved_at"]
    fields = typed("about") | {"summary": "Further", "version": first.json()["version"], "scope": "planetary"}
    second = client.post(address, fields)
    assert second.json()["saved_at"].endswith("except for: Scope")
    resource.refresh_from_db()
    assert resource.summary_en == "Further"
    client.logout()
    assert client.post(address, fields).status_code == 401
    assert client.get(address).status_code == 405


@pytest.mark.parametrize("by_itself", [True, False])
def test_what_could_not_be_saved_is_named_and_stands_in_the_form_again(client, amina, by_itself):
    resource = draft(amina)
    wrong = typed("what") | {"year": "last", "address": "http://10.0.0.1/x", "publisher": "Harbour", "action": "leave"}
    address = address_of(resource, "what") + ("save/" if by_itself else "")
    answer = client.post(address, wrong | {"version": version(resource, "what")})
    if by_itself:
        assert answer.json()["saved_at"].endswith("except for: Web address, Year in which it appeared")
    text = page(client, address_of(resource, "what"))
    fields = step_form(text)
    assert (fields["year"], fields["address"], fields["publisher"]) == ("last", "http://10.0.0.1/x", "Harbour")
    assert "four digits" in text and "not with numbers" in text and "<title>Error: " in text
    assert fields["languages"] == ["en", "fr"] and fields["version"] == version(resource, "what")
    assert step_form(page(client, address_of(draft(amina), "what")))["year"] != "last"
    # Corrected, it is forgotten.
    assert client.post(address, fields | {"year": "2023", "address": ADDRESS, "action": "next"}).status_code < 400
    text = page(client, address_of(resource, "what"))
    assert step_form(text)["year"] == "2023" and "<title>Error: " not in text


def test_what_could_not_be_saved_does_not_hide_what_was_kept_elsewhere_since(client, amina):
    resource = draft(amina)
    save = address_of(resource, "what") + "save/"
    client.post(save, typed("what") | {"year": "last", "version": version(resource, "what")})
    phone = Client()
    phone.force_login(amina)
    send(phone, resource, "what", **(typed("what") | {"year": "2021"}))
    assert step_form(page(client, address_of(resource, "what")))["year"] == "2021"


def test_years_that_contradict_each_other_stand_in_the_form_again(client, amina):
    resource = draft(amina, kind="practice")
    send(client, resource, "practice", began="2010", ended="2012")
    save = address_of(resource, "practice") + "save/"
    answer = client.post(save, {"began": "2015", "ended": "2014", "version": version(resource, "practice")})
    assert answer.json()["saved_at"].endswith("except for: First year, Last year")
    fields = step_form(page(client, address_of(resource, "practice")))
    assert (fields["began"], fields["ended"]) == ("2015", "2014")


def test_what_could_not_be_saved_is_forgotten_when_it_is_sent(client, amina):
    resource = draft(amina)
    client.post(address_of(resource, "what") + "save/", {"year": "x", "version": version(resource, "what")})
    send(client, resource, "what", **typed("what"))
    send(client, resource, "about", **(typed("about") | {"scope": "planetary"}))
    assert send(client, resource, "send", "send", relation="made").status_code == 302
    assert client.session["unsaved_in_steps"] == {}


def test_beginning_and_sending_twice_makes_one(client, amina):
    begun = {"kind": "report", "title": "Port towns", "address": "example.org"}
    first, second = (client.post("/en/resources/submit/", begun)["Location"] for _each in range(2))
    assert first == second and Resource.objects.count() == 1
    resource = draft(amina)
    old = {"relation": "made", "version": version(resource, "send"), "action": "send"}
    for _each in range(2):
        assert client.post(address_of(resource, "send"), old)["Location"] == address_of(resource)
    assert resource.state_changes.count() == 1


def test_beginning_needs_a_kind_and_a_title_and_keeps_what_was_typed(client, amina):
    response = client.post("/en/resources/submit/", {"kind": "", "title": " ", "address": "http://10.0.0.1/x"})
    text = response.content.decode()
    assert response.status_code == 422 and not Resource.objects.exists()
    assert "Choose what kind" in text and "Write the title." in text and "http://10.0.0.1/x" in text


# After it was sent


def test_changes_are_made_and_answered_with_words(client, amina):
    resource = draft(amina)
    submitting.submit(resource, amina)
    assert client.get(address_of(resource, "what"))["Location"] == address_of(resource)
    listing.request_changes(resource, editor(), "Say how many towns.")
    text = page(client, address_of(resource))
    assert "Say how many towns." in text and "Make the changes" in text and "Answer the editors" in text
    assert "Say how many towns." in page(client, address_of(resource, "about"))
    send(client, resource, "about", **(typed("about") | {"summary": "Seven towns."}))
    send(client, resource, "send", "back", relation="made", answer="It is seven")
    assert "It is seven" in page(client, address_of(resource, "send"))
    send(client, resource, "send", "send", relation="made", answer="It is seven now.")
    resource.refresh_from_db()
    assert (resource.state, resource.summary_en) == ("submitted", "Seven towns.")
    text = page(client, address_of(resource))
    assert "It is seven now." in text and "You sent it again after the changes." in text
    listing.request_changes(resource, editor(), "And where?")
    assert "It is seven" not in step_form(page(client, address_of(resource, "send")))["answer"]


def asked_for_changes(user) -> Resource:
    resource = draft(user, relation="made")
    submitting.submit(resource, user)
    listing.request_changes(resource, editor(), "Say how many towns.")
    resource.refresh_from_db()
    return resource


def test_an_answer_to_the_editors_is_there_on_every_device(client, amina):
    resource = asked_for_changes(amina)
    assert send(client, resource, "send", "leave", relation="made", answer="It is seven.").status_code == 302
    other = Client()
    other.force_login(amina)
    fields = step_form(page(other, address_of(resource, "send")))
    assert fields["answer"].strip() == "It is seven."
    saved = other.post(address_of(resource, "send") + "save/", fields | {"answer": "It is eight."})
    assert saved.status_code == 200
    assert "It is eight." in step_form(page(client, address_of(resource, "send")))["answer"]
    stale = client.post(address_of(resource, "send"), fields | {"answer": "It is six.", "action": "save"})
    assert stale.status_code == 409 and "It is eight." in stale.text and "It is six." in stale.text
    (kept,) = everything_about(amina)["resources submitted"]
    assert kept["filled in"]["answer"] == "It is eight."
    client.force_login(editor())
    assert "It is eight." not in page(client, f"/en/editorial/submissions/{resource.pk}/"), "it is not sent yet"
    other.post(address_of(resource, "send"), step_form(page(other, address_of(resource, "send"))) | {"action": "send"})
    resource.refresh_from_db()
    assert (resource.state, resource.answer) == ("submitted", "")
    assert resource.state_changes.last().words == "It is eight."


def test_an_answer_that_was_never_sent_goes_with_its_writer(client, amina):
    resource = asked_for_changes(amina)
    send(client, resource, "send", "leave", relation="made", answer="It is seven.")
    listing.decline(resource, editor(), "It came too late.")
    erase_account(amina, keep_contributions=True)
    assert Resource.objects.get(pk=resource.pk).answer == ""


def test_neither_a_change_nor_a_word_is_not_sent_back(client, amina):
    resource = asked_for_changes(amina)
    refused = send(client, resource, "send", "send", relation="made", answer=" \u200b")
    assert refused.status_code == 422 and "You have changed nothing" in refused.text
    send(client, resource, "about", **(typed("about") | {"summary": "Seven towns."}))
    assert send(client, resource, "send", "send", relation="made").status_code == 302
    assert "It is sent back to the editors." in page(client, address_of(resource))


@pytest.mark.parametrize("changes", [True, False])
def test_what_comes_back_unchanged_is_called_so(client, amina, changes):
    resource, ann = asked_for_changes(amina), editor()
    mail.outbox.clear()
    if changes:
        send(client, resource, "about", **(typed("about") | {"summary": "Seven towns."}))
    assert send(client, resource, "send", "send", relation="made", answer="It is seven.").status_code == 302
    [told], [receipt] = ([each for each in mail.outbox if each.to == [user.email]] for user in (ann, amina))
    assert told.subject.startswith("Changed: “" if changes else "Sent back unchanged: “")
    assert ("was changed and sent back" in told.body) is changes and "It is seven." in told.body
    assert ("was sent back unchanged" in told.body) is not changes
    assert ("back to the editors unchanged" in receipt.body) is not changes
    own = page(client, address_of(resource))
    assert ("You sent it again after the changes." in own) is changes
    assert ("You sent it back unchanged, with your words." in own) is not changes
    client.force_login(ann)
    assert ("sent back unchanged" in page(client, f"/en/editorial/submissions/{resource.pk}/")) is not changes


def test_another_file_is_a_change(client, amina):
    resource = draft(amina, relation="made")
    attach(client, resource, make_files.pdf())
    assert "The file is added." in page(client, address_of(resource, "what"))
    submitting.submit(resource, amina)
    listing.request_changes(resource, editor(), "Something shorter.")
    attach(client, resource, make_files.pdf("again.pdf"))
    text = page(client, address_of(resource, "what"))
    assert "The same file is there already, as “report.pdf”." in text and "The file is added." not in text
    assert send(client, resource, "send", "send", relation="made").status_code == 422, "nothing has changed"
    send(client, resource, "what", "", **(typed("what") | {"remove": str(resource.files.get().pk)}))
    assert send(client, resource, "send", "send", relation="made").status_code == 302


@pytest.mark.parametrize(
    ("title", "status"), [("!!!", 422), ("— ?", 422), ("2030", 302), ("移民", 302), ("हिन्दी", 302)]
)
def test_a_title_says_something(client, amina, title, status):
    response = client.post("/en/resources/submit/", {"kind": "report", "title": title})
    assert response.status_code == status
    if status == 422:
        assert "Write a title with letters or digits in it." in response.text and title in response.text


@pytest.mark.parametrize("state", ["submitted", "in_review", "listed", "declined", "withdrawn"])
def test_what_was_sent_cannot_be_changed_and_what_was_typed_is_given_back(client, amina, state):
    resource = draft(amina)
    sent = typed("about") | {"summary": "Typed too late", "version": version(resource, "about"), "action": "next"}
    Resource.objects.filter(pk=resource.pk).update(state=state, slug="x", listed_at=timezone.now())
    response = client.post(address_of(resource, "about"), sent)
    text = response.content.decode()
    assert response.status_code == 409 and "Typed too late" in text and "<title>Error: " in text
    assert client.post(address_of(resource, "about") + "save/", sent).status_code == 409
    assert client.get(address_of(resource, "about"))["Location"] == address_of(resource)
    resource.refresh_from_db()
    assert resource.summary_en == "For mayors."
    assert ("Withdraw my submission" in text) == (state in {"submitted", "in_review"})


def test_withdrawing_until_it_is_listed(client, amina):
    resource = draft(amina)
    submitting.submit(resource, amina)
    address = address_of(resource) + "withdraw/"
    assert client.get(address)["Location"] == address_of(resource)
    assert not resource.state_changes.filter(after="withdrawn").exists()
    for _each in range(2):
        assert client.post(address)["Location"] == address_of(resource)
    assert "Withdrawn by you" in page(client, address_of(resource))
    assert resource.state_changes.filter(after="withdrawn").count() == 1
    other = draft(amina)
    submitting.submit(other, amina)
    listing.list_resource(other, editor())
    response = client.post(address_of(other) + "withdraw/")
    assert response.status_code == 409 and "Its state has changed" in response.content.decode()


def test_each_state_is_told_with_what_comes_next(client, amina):
    said = {
        "draft": "only you see it",
        "submitted": "With the editors since",
        "in_review": "In review since",
        "changes_requested": "your turn",
        "listed": "Listed since",
        "declined": "Not listed",
        "withdrawn": "Withdrawn by you",
    }
    for state in said:
        resource = draft(amina)
        Resource.objects.filter(pk=resource.pk).update(state=state, slug=f"x-{state}", listed_at=timezone.now())
        assert said[state] in page(client, address_of(resource))
    text = page(client, "/en/resources/mine/")
    assert all(words in text for words in said.values())
    assert text.index("only you see it") < text.index("your turn") < text.index("Listed since")


# Others


def test_what_others_submit_is_not_there(client, amina):
    theirs = draft(make.person(), kind="practice")
    for user in (amina, editor(), make.admin()):
        client.force_login(user)
        for place in ("", "what/", "about/", "practice/", "send/"):
            page(client, address_of(theirs) + place, 404)
        for place in ("what/", "about/save/", "send/", "withdraw/"):
            assert client.post(address_of(theirs) + place, {"action": "send"}).status_code == 404
        assert "Port towns" not in page(client, "/en/resources/mine/")
    page(client, "/en/resources/mine/999999999999999999/", 404)
    page(client, "/en/resources/mine/99999999999999999999/", 404)
    page(client, address_of(theirs) + "nonsense/", 404)
    client.logout()
    for place in ("", "what/"):
        assert client.get(address_of(theirs) + place).status_code == 302
    theirs.refresh_from_db()
    assert theirs.state == "draft"


def test_a_report_has_no_step_of_practices(client, amina):
    resource = draft(amina)
    assert client.get(address_of(resource, "practice"))["Location"] == address_of(resource, "what")
    assert client.post(address_of(resource, "practice"), {}).status_code == 404
    assert client.post(address_of(resource, "practice") + "save/", {}).status_code == 404


def test_what_was_sent_after_the_session_ended_stands_in_the_form_again(client, amina):
    resource = draft(amina)
    sent = typed("about") | {"version": version(resource, "about"), "summary": "Not lost", "action": "next"}
    client.logout()
    response = client.post(address_of(resource, "about"), sent)
    assert "/accounts/login/?next=" in response["Location"]
    client.post(response["Location"], {"login": amina.email, "password": make.PASSWORD})
    text = page(client, address_of(resource, "about"))
    assert "Not lost" in text and step_form(text)["version"] == sent["version"]
    assert send(client, resource, "about", **sent).status_code == 302
    resource.refresh_from_db()
    assert resource.summary_en == "Not lost"


def test_a_form_that_has_expired_gives_the_text_back(amina):
    resource = draft(amina)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(amina)
    response = strict.post(address_of(resource, "about"), typed("about") | {"summary": "An hour of work"})
    assert response.status_code == 403 and "An hour of work" in response.content.decode()


@pytest.mark.parametrize("is_the_same", [True, False])
def test_the_start_is_given_to_nobody_else(client, amina, is_the_same):
    mark = re.search(r'name="whose" value="([^"]+)"', page(client, "/en/resources/submit/"))[1]
    client.logout()
    response = client.post("/en/resources/submit/", {"kind": "report", "title": "Only mine", "whose": mark})
    person = amina if is_the_same else make.person()
    client.post(response["Location"], {"login": person.email, "password": make.PASSWORD})
    assert ("Only mine" in page(client, "/en/resources/submit/")) == is_the_same


def test_the_start_survives_logging_in(client):
    amina = make.person()
    response = client.post("/en/resources/submit/", {"kind": "report", "title": "Typed before"})
    client.post(response["Location"], {"login": amina.email, "password": make.PASSWORD})
    assert "Typed before" in page(client, "/en/resources/submit/")


def test_floods_are_stopped_and_nothing_is_lost(client, amina, settings):
    settings.LIMITS = settings.LIMITS | {
        name: rates.parse("1/h/person") for name in ("begin_resource", "upload", "draft")
    }
    for status, title in ((302, "First"), (429, "Second")):
        response = client.post("/en/resources/submit/", {"kind": "report", "title": title})
        assert response.status_code == status
    assert "Second" in response.content.decode()
    resource = Resource.objects.get()
    assert attach(client, resource, make_files.pdf()).status_code == 302
    response = attach(client, resource, make_files.pdf(extra=b" "), title="Third")
    assert response.status_code == 429 and response["Retry-After"] and "Third" in response.content.decode()
    for status in (200, 429):
        response = client.post(address_of(resource, "what") + "save/", {"version": version(resource, "what")})
        assert response.status_code == status
    assert json.loads(response.content)["error"]


def test_files_that_are_refused_count_as_well(client, amina, settings):
    settings.LIMITS = settings.LIMITS | {"upload": rates.parse("2/h/person")}
    resource = draft(amina)
    for status in (422, 422, 429):
        assert attach(client, resource, make_files.upload("bad.pdf", b"no PDF")).status_code == status


# How many queries


def test_pages_ask_the_same_number_of_queries_whatever_is_in_them(client, amina):
    def queries(address):
        page(client, address)
        with CaptureQueriesContext(connection) as captured:
            page(client, address)
        return len(captured)

    resource = draft(amina, kind="practice")
    places = [address_of(resource), *(address_of(resource, step) for step in drafting.FIELDS), "/en/resources/mine/"]
    places.append("/en/resources/submit/")
    before = [queries(place) for place in places]
    for number in range(3):
        listed()
        draft(amina)
        attach(client, resource, make_files.pdf(extra=b" " * (number + 1)), kind="practice")
    everything = typed("about") | {
        "objectives": [str(each.pk) for each in Objective.objects.all()],
        "principles": [str(each.pk) for each in GuidingPrinciple.objects.all()],
        "regions": [str(each.pk) for each in Region.objects.all()],
    }
    send(client, resource, "about", **everything)
    send(client, resource, "practice", **typed("practice"))
    assert [queries(place) for place in places] == before
    assert max(before) <= 20


# Personal data


def test_what_is_kept_is_handed_over_and_erased(client, amina):
    attach(client, draft(amina), make_files.pdf())
    stored = Resource.objects.get().files.get().stored
    sent, shown, refused = draft(amina), draft(amina), draft(amina)
    for each in (sent, shown, refused):
        submitting.submit(each, amina)
    listing.list_resource(shown, editor())
    listing.decline(refused, editor(), "Not ours.")
    kept = everything_about(amina)["resources submitted"]
    assert [each["state"] for each in kept] == ["draft", "submitted", "listed", "declined"]
    assert kept[0]["files"][0]["name"] == "report.pdf" and kept[0]["filled in"]["publisher"] == "Institute of Ports"
    assert kept[3]["steps"][-1]["words"] == "Not ours."
    erase_account(amina, keep_contributions=True)
    assert {(each.pk, each.submitted_by) for each in Resource.objects.all()} == {(shown.pk, None), (refused.pk, None)}
    assert default_storage.exists(stored), "until the transaction has ended"


def test_files_of_drafts_go_with_the_account(client, amina, django_capture_on_commit_callbacks):
    attach(client, draft(amina), make_files.pdf())
    stored = Resource.objects.get().files.get().stored
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(amina, keep_contributions=False)
    assert not default_storage.exists(stored) and not Resource.objects.exists()


# Translations


def with_translation(summary_fr="Pour les maires.") -> Resource:
    made = draft(make.person())
    Resource.objects.filter(pk=made.pk).update(title_fr="Villes de port", summary_fr=summary_fr)
    return Resource.objects.get(pk=made.pk)


def test_a_translation_of_what_was_changed_is_no_longer_shown():
    made = with_translation()
    drafting.save(made, "what", {"title": "Towns by the sea"}, version(made, "what"))
    made.refresh_from_db()
    assert (made.title_en, made.title_fr) == ("Towns by the sea", None)
    assert made.summary_fr == "Pour les maires.", "its text is the same as before"


def test_another_language_of_the_text_overwrites_no_translation():
    made = with_translation(summary_fr=None)
    drafting.save(made, "about", {"text_language": "fr"}, version(made, "about"))
    made.refresh_from_db()
    assert (made.title_en, made.title_fr) == ("Port towns", "Villes de port")
    assert (made.summary_en, made.summary_fr) == (None, "For mayors.")


# Once more


@pytest.mark.parametrize("state", ["withdrawn", "declined"])
def test_what_came_to_nothing_is_submitted_anew_with_all_that_was_written(client, amina, state):
    mine = draft(amina, kind="practice")
    drafting.save(mine, "practice", {"learned": "Ask at the quay"}, version(mine, "practice"))
    attach(client, mine, make_files.pdf(), kind="practice")
    anew = f"/en/resources/mine/{mine.pk}/anew/"
    assert anew not in page(client, address_of(mine))
    client.post(anew)
    assert Resource.objects.count() == 1, "it is not over yet"
    Resource.objects.filter(pk=mine.pk).update(state=state, submitted_at=timezone.now())
    assert anew in page(client, address_of(mine))
    first, second = client.post(anew), client.post(anew)
    assert first.headers["Location"] == second.headers["Location"]
    begun = Resource.objects.exclude(pk=mine.pk).get()
    mine.refresh_from_db()
    for step in drafting.FIELDS:
        assert drafting.values_of(begun, step) == drafting.values_of(mine, step), step
    assert (begun.state, begun.slug, begun.submitted_at) == ("draft", None, None)
    (kept,), (copied,) = mine.files.all(), begun.files.all()
    assert copied.stored != kept.stored
    with default_storage.open(copied.stored) as one, default_storage.open(kept.stored) as other:
        assert one.read() == other.read()
    client.force_login(make.person())
    assert client.post(anew).status_code == 404
