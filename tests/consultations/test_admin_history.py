"""The history of what was changed in the administration, in words of the reader's language."""

import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from consultations.models import Consultation
from tests import make
from tests.forms import fields_of

LIST = "/admin/consultations/consultation/"


@pytest.fixture
def admin(client):
    client.force_login(make.admin())
    return client


def save(admin, row, **changes):
    address = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
    sent = fields_of(admin.get(address), "consultation_form")
    assert admin.post(address, sent | changes).status_code == 302


def history(admin, row, language="en") -> list[str]:
    admin.post("/admin/language/", {"language": language, "next": LIST})
    page = admin.get(f"{LIST}{row.pk}/history/").content.decode()
    return [re.sub(r"\s+", " ", cell) for cell in re.findall(r"<td>([^<]*)</td></tr>", page)]


def test_it_works(admin):
    made = make.consultation(state=Consultation.State.DRAFT, questions=2)
    save(admin, made, summary_fr="Résumé", closes_at_1="22:10", **{"questions-0-text_es": "¿Quién paga?"})
    admin.post(f"{LIST}{made.pk}/publish-now/")
    assert history(admin, made) == [
        "Changed Closes and Summary (French). Changed Text (Spanish) for question “2. What matters most, part 2?”.",
        "Publish",
    ]
    changed, published = history(admin, made, "fr")
    assert published == "Publier"
    assert "Résumé (français)" in changed and "Texte (espagnol)" in changed and "Clôture" in changed
    for each in (*history(admin, made, "es"), published, changed):
        assert "&lt;" not in each and "_" not in each and "[" not in each


def test_what_browsers_do_to_the_ends_of_lines_is_no_change(admin):
    made = make.consultation(aim_en="One line.\n\nAnother line.")
    save(admin, made, aim_en="One line.\r\n\r\nAnother line.")
    assert history(admin, made) == ["No fields changed."]
    made.refresh_from_db()
    assert made.aim_en == "One line.\n\nAnother line."


def test_what_was_done_on_several_is_translated_too(admin):
    made = make.consultation(state=Consultation.State.DRAFT)
    admin.post("/admin/language/", {"language": "es", "next": LIST})
    admin.post(LIST, {"action": "publish", "_selected_action": [made.pk]})
    assert history(admin, made) == ["Publish"]


def test_entries_of_earlier_versions_are_readable(admin):
    made, writer = make.consultation(), make.admin()
    of = ContentType.objects.get_for_model(Consultation)
    marked = 'Resumen (francés) <span class="untranslated">sin traducir</span>'
    for message in (
        json.dumps([{"changed": {"fields": [marked, "Closes"]}}]),
        json.dumps([{"changed": {"fields": ["number"], "name": "question", "object": "1", "model": "gone.model"}}]),
        "Publicar",
        "[not JSON",
        "",
    ):
        LogEntry.objects.create(user=writer, content_type=of, object_id=made.pk, action_flag=2, change_message=message)
    assert sorted(history(admin, made)) == sorted(
        ["", "[not JSON", "Publicar", "Changed number for question “1”.",
         "Changed Resumen (francés) sin traducir and Closes."]
    )  # fmt: skip


def test_nothing_changed_yet(admin):
    made = make.consultation()
    assert "Nothing has been changed here" in admin.get(f"{LIST}{made.pk}/history/").content.decode()
