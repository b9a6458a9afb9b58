"""The rules of conduct: edited in the administration, named in decisions."""

import pytest

from consultations.models import ConductRule
from consultations.moderation import acts
from tests import make
from tests.consultations.moderation import make_cases
from tests.consultations.moderation.make_cases import rule
from tests.forms import fields_of

LIST = "/admin/consultations/conductrule/"


@pytest.fixture
def admin(client):
    client.force_login(make.admin())
    return client


def test_it_works(admin):
    assert admin.get(LIST).status_code == 200
    address = f"{LIST}{rule(3).pk}/change/"
    sent = fields_of(admin.get(address), "conductrule_form") | {"text_en": "Do not attack anybody."}
    assert admin.post(address, sent).status_code == 302
    assert rule(3).text_en == "Do not attack anybody."
    html = admin.get("/en/code-of-conduct/").content.decode()
    assert "3. Do not attack anybody." in html.split('id="rule-3"')[1].split("</li>")[0]


def test_a_new_rule_needs_a_text_in_one_language(admin):
    address = f"{LIST}add/"
    sent = fields_of(admin.get(address), "conductrule_form") | {"number": 6}
    assert "Write this text in one language at least." in admin.post(address, sent).content.decode()
    admin.post(address, sent | {"text_fr": "Restez sur le sujet.", "is_in_force": "on"})
    assert ConductRule.objects.get(number=6).text_fr == "Restez sur le sujet."


@pytest.mark.parametrize("named_by", ["nobody", "report", "removal", "removal that was taken back"])
def test_a_rule_that_was_named_keeps_its_number(admin, teresa, question, named_by):
    if named_by == "report":
        make_cases.reported(question)
    elif named_by != "nobody":
        comment = make_cases.hidden(question, teresa)
        if named_by != "removal":
            acts.restore(comment=comment, moderator=teresa)
    address = f"{LIST}{rule(3).pk}/"
    is_free = named_by == "nobody"
    assert ("number" in fields_of(admin.get(f"{address}change/"), "conductrule_form")) == is_free
    admin.post(f"{address}delete/", {"post": "yes"})
    assert ConductRule.objects.filter(number=3).exists() != is_free


def test_a_rule_out_of_force_is_still_explained_and_no_longer_offered(admin, question):
    ConductRule.objects.filter(number=5).update(is_in_force=False)
    comment = make_cases.reported(question)
    assert "(no longer in force)" in admin.get("/en/code-of-conduct/").content.decode()
    for address in (f"/en/comments/{comment.pk}/report/", f"/en/comments/{comment.pk}/moderate/"):
        html = admin.get(address).content.decode()
        assert "4. Do not reveal" in html
        assert "5. No advertising" not in html


def test_organizers_without_the_right_do_not_change_rules(client):
    from django.contrib.auth.models import Group

    organizer = make.person(is_staff=True)
    organizer.groups.add(Group.objects.get(name="Organizers"))
    client.force_login(organizer)
    assert client.get(LIST).status_code == 403
