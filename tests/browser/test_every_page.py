"""Every page for every kind of reader: axe finds nothing in either colour scheme, and nothing is cut off at 320 px."""

import datetime
import io
import uuid

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from consultations import drafts, posting
from consultations.following import follows, preferences, unsubscribing
from consultations.models import ConductRule
from consultations.moderation import acts, consultation_acts, focal_points, on_behalf, organizations
from consultations.moderation.models import OrganizationFocalPoint, Received
from hub.pages.models import Page
from hub.resources import files, listing, submitting
from hub.resources.facets import SIZE
from hub.resources.models import Resource
from hub.resources.permissions import EDITORS
from hub.review import reviewing, rounds, tokens
from hub.review.models import Invitation, Recommendation
from tests import make
from tests.browser.conftest import LOOK, faults
from tests.consultations.moderation import make_cases
from tests.hub import make_review, make_roster
from tests.hub.test_submitting import draft as submitting_draft

NARROW = {"width": 320, "height": 640}


@pytest.fixture
def places(settings, tmp_path):
    """Addresses by who may open them, on a portal with something of everything."""
    settings.MEDIA_ROOT = tmp_path
    consultation = make.consultation(questions=2, allows_pseudonyms=True)
    make.consultation(days=(-9, -1), outcome_en="It was heard.")
    make.consultation(days=(3, 9))
    question = consultation.questions.get(number=2)
    amina = make.person(name="Amina Diarra", organization="Red de Puertos", country="AR", group="academia")
    teresa = make.moderator(consultation, name="Teresa Manalo")
    long = "\n\n".join(f"Paragraph {number} takes a line or two of text to say what it says." for number in range(20))
    root = make.comment(question, author=amina, body=long, asks_moderators=True)
    answer = make.comment(question, root, author=teresa)
    deep = make.comment(question, answer, language="fr", body="D’accord avec vous.")
    for _level in range(5):
        deep = make.comment(question, deep, language="es", body="De acuerdo con usted.")
    gone = make.comment(question, author=amina)
    make.comment(question, gone)
    posting.withdraw(comment=gone, author=amina)
    posting.edit_comment(comment=root, editor=amina, body=long + "\n\nOne more.", language="en")
    drafts.save(author=amina, question=question, typed=drafts.Typed(body="Not yet."))
    follows.follow(amina, question)
    preferences.stop(teresa, "news")
    moved = make.comment(question)
    posting.move_thread(root=moved, to=consultation.questions.get(number=None), moderator=teresa, reason="As a whole.")
    looked_after(consultation, root, teresa, amina)
    listed, removed, reported = on_the_desk(consultation, teresa, amina)
    resource, call = resources(question, teresa)
    on_the_roster(amina, teresa)
    here = question.get_absolute_url()
    names = ("home", "consultations", "terms", "contact", "peer_review", "roster_balance", *Page.Slug.values)
    everybody = [reverse(name) for name in names] + [
        *(each.get_absolute_url() for each in type(consultation).objects.all()),
        here,
        f"{here}?order=oldest",
        f"{here}?written=fr",
        f"{here}?thread={root.pk}",
        f"{here}?at={deep.pk}",
        f"{here}?reply_to=999",
        reverse("open_floor", args=[consultation.slug]),
        consultation.questions.get(number=1).get_absolute_url(),
        root.get_absolute_url(),
        gone.get_absolute_url(),
        moved.get_absolute_url(),
        reverse("unsubscribe", args=[unsubscribing.token_for(amina, "news")]),
        reverse("unsubscribe", args=[unsubscribing.token_for(teresa, "news")]),
        "/en/unsubscribe/nothing/",
        reverse("public_moderation", args=[consultation.slug]),
        reverse("pack", args=[consultation.slug]),
        f"{here}?waiting=1",
        f"{root.get_absolute_url()}?changes=2",
        reverse("report", args=[reported.pk]),
        f"{reverse('report', args=[reported.pk])}?sent=1",
        reverse("resources"),
        f"{reverse('resources')}?kind=practice&region=africa&objective=1",
        f"{reverse('resources')}?kind=video&region=europe",
        resource.get_absolute_url(),
        reverse("resource_calls"),
        call.get_absolute_url(),
        "/en/nowhere/",
    ]
    visitors = [
        reverse(name)
        for name in ("account_login", "account_signup", "account_reset_password", "account_request_login_code")
    ]
    members = [
        reverse("my_reviews"),
        reverse("apply_to_roster"),
        f"{here}?reply_to={answer.pk}",
        reverse("my_contributions"),
        *submissions(amina),
        reverse("notifications"),
        reverse("claim"),
        reverse("focal_point", args=[asked_of(consultation, amina, teresa)]),
        reverse("my_organization"),
        reverse("mail_settings"),
        reverse("follow", args=["consultation", consultation.pk]),
        reverse("follow", args=["question", question.pk]),
        reverse("follow", args=["thread", root.pk]),
        reverse("appeal", args=[removed.pk]),
        reverse("object_to_place", args=[listed.pk]),
        listed.get_absolute_url(),
        reverse("edit_comment", args=[root.pk]),
        reverse("withdraw_comment", args=[root.pk]),
        *(
            reverse(name)
            for name in (
                "profile",
                "account_email",
                "account_change_password",
                "account_logout",
                "usersessions_list",
                "mfa_index",
                "account_reauthenticate",
                "download_my_data",
                "delete_account",
            )
        ),
    ]
    moderators = [
        here,
        reverse("roster_desk"),
        f"{reverse('roster_desk')}?state=paused",
        reverse("apply_to_roster"),
        root.get_absolute_url(),
        reverse("move_thread", args=[root.pk]),
        reverse("desk"),
        f"{reverse('desk')}?queue=held",
        *(reverse("moderate", args=[each.pk]) for each in (root, removed, reported)),
        consultation.get_absolute_url(),
        *(
            reverse(name, args=[consultation.slug])
            for name in ("manage_consultation", "announce", "record", "on_behalf")
        ),
        *(
            reverse("withdraw_announcement", args=[consultation.slug, each.pk])
            for each in consultation.announcements.all()[:1]
        ),
        *(
            reverse("posted_for_somebody", args=[consultation.slug, each.comment_id])
            for each in Received.objects.filter(comment__question__consultation=consultation)
        ),
    ]
    return {None: everybody + visitors, amina: [here, *members], teresa: moderators} | peer_review()


def peer_review():
    """What a reviewer and an editor open while submissions are on their way, in each state that they can be in."""
    ann, reviewer = make_review.editor(name="Ann Editor"), make_review.member(name="Ingrid Vale", internal=True)
    others = [make_review.member(languages=["en"], objectives=[each]) for each in range(1, 11)]
    mine = {}
    for state in ("asked", "accepted", "declared", "sent", "over"):
        resource = make_review.submission(title_en=f"Papers that travel, {state}", authors="Mei Lin\nKwame Boateng")
        mine[state] = make_review.begun(resource, ann, [reviewer, *others[:2]]).invitations.get(member=reviewer)
    rounds.accept(mine["accepted"])
    make_review.accepted(mine["declared"])
    make_review.reviewed(mine["sent"], words="Clear.\n\nSay how it was counted.", words_to_editors="List it.")
    make_review.reviewed(
        mine["sent"].round.invitations.get(member=others[0]), Recommendation.DO_NOT_LIST, language="fr"
    )
    reviewing.save(make_review.accepted(mine["over"]), make_review.typed(words="Half of it."))
    listing.request_changes(mine["over"].round.resource, ann, "Say how it was counted.")
    submitting.answer_changes(mine["over"].round.resource, mine["over"].round.resource.submitted_by, "It is on page 4.")
    resource = make_review.submission()
    Invitation.objects.filter(pk=mine["accepted"].pk).update(due_at=timezone.now() - datetime.timedelta(days=1))
    links = [tokens.address(each) for each in mine.values()]
    submission = [reverse("editorial_submission", args=[each.round.resource_id]) for each in mine.values()]
    desk = reverse("editorial")
    return {
        reviewer.user: [*links, "/en/peer-review/invitations/nothing/"]
        + [reverse("review", args=[each.pk]) for each in mine.values()],
        ann: [desk, f"{desk}?state=listed", reverse("editorial_submission", args=[resource.pk]), *submission],
        mine["over"].round.resource.submitted_by: [
            reverse("submission_outcome", args=[mine["over"].round.resource_id]),
            reverse("my_resource", args=[mine["over"].round.resource_id]),
        ],
    }


def on_the_roster(amina, teresa):
    """Amina reviews, with something in each part of her queue; Teresa decides about whoever applies."""
    member = make_roster.member(user=amina, is_internal=True, interests="A fund pays me.", gender="woman")
    make_roster.invitation(member)
    make_roster.review(member)
    make_roster.review(member, sent=False, due_at=timezone.now() - datetime.timedelta(days=1))
    for _each in range(4):
        make_roster.member(objectives=[2, 3], region="asia")
    make_roster.member(state="applied", cv_stored="x", cv_name="cv.pdf", cv_format="pdf")
    make_roster.member(user=teresa, state="declined", reason="Too early.")
    teresa.groups.add(Group.objects.get_or_create(name=EDITORS)[0])


def resources(question, teresa):
    """Two pages of resources; the one that is returned has everything that a resource can have."""
    call = make.call(title_en=None, title_fr="Ce que l’on emporte", text_en=None, text_fr="- Un reçu\n- Un nom")
    make.call(days=(-9, -1))
    for number in range(SIZE + 1):
        make.listed_resource(title_en=f"Papers {number}", year=1990 + number, objectives=[1 + number % 23])
    practice = dict.fromkeys(("implementer", "partners", "achieved", "learned"), "Deux communes.\n\nSept mois.")
    made = make.resource(
        kind="practice",
        state=Resource.State.SUBMITTED,
        title_en=None,
        title_fr="Le reçu d’une ligne, " + "trop" * 30,
        summary_en=None,
        summary_fr="Une ligne écrite.",
        text_language="fr",
        address="https://example.org/" + "a" * 200,
        authors="Amina Diarra\nInés Quiroga",
        countries="GH,SN",
        call=call,
        practice=practice | {"repeating": "Un carnet.", "began": 2020, "ended": 2022},
    )
    image = io.BytesIO()
    Image.new("RGB", (1200, 400), "green").save(image, "PNG")
    files.keep(made, SimpleUploadedFile(f"{'chart' * 15}.png", image.getvalue()), "fr")
    listing.list_resource(made, None)
    make.comment(question, author=teresa, body=f"See {made.address}.")
    return Resource.objects.get(pk=made.pk), call


def submissions(amina):
    """The pages of somebody who submits resources: a draft, and one that has to be changed."""
    listed = submitting_draft(make.person())
    submitting.submit(listed, listed.submitted_by)
    listing.list_resource(listed, make.admin())
    draft, back = submitting_draft(amina, kind="practice", is_complete=False), submitting_draft(amina)
    submitting.submit(back, amina)
    listing.request_changes(back, make.admin(), "Say how many towns.\n\nAnd when.")
    return [
        reverse("submit_resource"),
        reverse("my_resources"),
        *(reverse("my_resource", args=[each.pk]) for each in (draft, back)),
        *(reverse("resource_step", args=[draft.pk, step]) for step in ("what", "about", "practice", "send")),
        reverse("resource_step", args=[back.pk, "send"]),
    ]


def on_the_desk(consultation, teresa, amina):
    """One matter of each kind; the contributions listed twice, removed, and reported come back."""
    question = consultation.questions.select_related("consultation").get(number=1)
    make_cases.asked(question)
    make_cases.on_open_floor(consultation)
    make_cases.held(question)
    make_cases.appealed(question, make.moderator(consultation, name="Noor Haddad"))
    make_cases.appealed(question, teresa)
    listed = make_cases.on_open_floor(consultation, author=amina)
    acts.list_under(comment=listed, moderator=teresa, to=question)
    return listed, make_cases.hidden(question, teresa, author=amina), make_cases.reported(question)


def looked_after(consultation, root, teresa, amina):
    """Something of everything that moderators do with a whole consultation."""
    for number in range(3):
        consultation_acts.announce(
            consultation=consultation,
            moderator=teresa,
            submission_key=uuid.uuid4(),
            kind="recap",
            title_fr=f"Semaine {number}",
            text_fr="Quarante personnes **ont écrit**.",
        )
    rude = make.comment(root.question)
    day = datetime.timedelta(days=1)
    consultation_acts.pause(comment=rude, moderator=teresa, duration=day, reason="It attacked a person twice.")
    acts.hide(comment=rude, moderator=teresa, rule=ConductRule.objects.first(), reason="It attacks a person.")
    consultation_acts.pin(comment=root, moderator=teresa)
    person = make.person()
    asked = focal_points.ask(consultation=consultation, email=person.email, moderator=teresa)
    focal_points.accept(asked=asked, user=person)
    on_behalf.post(
        user=teresa,
        question=root.question,
        sender=on_behalf.Sender(name="Abuela Rosa", email=amina.email),
        body="Nobody asked us in our language.",
        language="en",
        origin="letter",
        received_on=timezone.localdate(),
        has_consent=False,
        submission_key=uuid.uuid4(),
    )
    OrganizationFocalPoint.objects.create(user=amina, organization="Red de Puertos", domain="example.org")
    for_amina = posting.Voice("organization")
    for _each in range(2):
        said = make.comment(root.question, author=make.person(organization="Red de Puertos"), voice=for_amina)
    organizations.disown(comment=said, user=amina, seen=1, reason="We do not know the author.")


def asked_of(consultation, person, moderator) -> str:
    """The token of a mail that asks somebody to be a focal point."""
    return focal_points.token_for(focal_points.ask(consultation=consultation, email=person.email, moderator=moderator))


def test_axe_finds_what_is_wrong(page):
    page.set_content(
        '<html lang="en"><title>x</title><main><h1>x</h1><img src="x"><p style="color:#ccc">Pale words.</p></main>'
    )
    assert "image-alt" in faults(page) and "color-contrast" in faults(page)
    assert "image-alt" in faults(page, "structure") and "color-contrast" in faults(page, "colours")


def test_colours_are_looked_at_where_something_looks_new(page):
    pale = '<html lang="en"><title>x</title><body style="color: #ccc"><main><p>Pale.</p></main>'
    page.set_content(pale)
    seen = set(page.evaluate(LOOK, []))
    assert "color-contrast" in faults(page, "colours", among="window.unseen")
    page.set_content(pale)
    assert page.evaluate(LOOK, list(seen)) == []
    page.set_content(pale + '<main><p>Pale.</p><p class="note">Pale, in a way of its own.</p></main>')
    assert len(page.evaluate(LOOK, list(seen))) == 1
    found = faults(page, "colours", among="window.unseen")
    assert "in a way of its own" in found and ">Pale.<" not in found


@pytest.mark.parametrize("who", ["visitors", "people"])
def test_axe_finds_nothing_and_nothing_is_cut_off(open_page, places, who):
    found, seen = [], set()
    for reader, addresses in places.items():
        if bool(reader) == (who == "people"):
            found += faults_on(open_page(reader, viewport=NARROW, reduced_motion="reduce"), addresses, seen)
    assert not found, "\n\n".join(found)


def faults_on(page, addresses: list[str], seen: set[int]) -> list[str]:
    """What is wrong with the pages; the colours of whatever looks like something `seen` on one before are known."""
    found = []
    for address in addresses:
        page.goto(address)
        page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true })")
        reports = [faults(page, "structure")]
        if new := page.evaluate(LOOK, list(seen)):
            seen.update(new)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                reports.append(faults(page, "colours", among="window.unseen"))
        found += [f"{address}:\n{report}" for report in reports if report]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            found.append(f"{address} is {width} px wide on a screen of {NARROW['width']} px")
    return found


def test_every_page_has_one_heading_one_main_part_and_its_translations(client, places):
    for reader, addresses in places.items():
        if reader:
            client.force_login(reader)
        for address in addresses:
            html = client.get(address, follow=True).content.decode()
            assert html.count("<h1") == html.count("<main") == 1, address
            assert 'class="skip-link"' in html, address
            for language in ("fr", "es"):
                assert f'hreflang="{language}"' in html, address
