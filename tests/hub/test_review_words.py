"""What mails and pages of peer review say: in whose language, under which letter, and what they tell of before."""

import pytest
from django.core import mail
from django.utils.translation import override

from hub.resources import listing, submitting
from hub.review import anonymous, choosing, deciding, naming, reviewing, rounds, tokens
from hub.review.models import Member, Recommendation
from tests.hub import make_review
from tests.hub.test_review import link_in, mails_to, page

TITLES = {"title_en": "Papers that travel", "title_fr": "Des papiers qui voyagent"}


def letters_of(this_round) -> dict:
    return {each.review.invitation_id: each.name for each in anonymous.reviews(this_round)}


def test_mails_to_editors_name_the_title_in_their_language_whoever_acted():
    editor = make_review.editor(language="fr")
    resource = make_review.submission(**TITLES)
    assert "Des papiers qui voyagent" in mails_to(editor)[-1].subject
    members = [make_review.member(), make_review.member()]
    this_round = make_review.begun(resource, members=members)
    mail.outbox.clear()
    with override("en"):
        make_review.reviewed(make_review.invitation(this_round, members[0]), Recommendation.LIST)
        make_review.reviewed(make_review.invitation(this_round, members[1]), Recommendation.DO_NOT_LIST)
    another = make_review.begun(make_review.submission(**TITLES), members=[make_review.member()])
    Member.objects.update(is_paused=True)
    with override("en"):
        rounds.decline(another.invitations.get())
    for message in mails_to(editor):
        assert "Des papiers qui voyagent" in message.subject + message.body
        assert "Papers that travel" not in message.subject + message.body
    assert len(mails_to(editor)) >= 3


def test_reviewers_keep_their_letters_when_others_are_asked_and_send():
    members = make_review.roster()
    this_round = make_review.begun(members=members)
    seen = {}
    for member in reversed(members):
        make_review.reviewed(make_review.invitation(this_round, member))
        now = letters_of(this_round)
        assert seen.items() <= now.items()
        seen = now
    rounds.invite(this_round, late := make_review.member(), "external")
    make_review.reviewed(make_review.invitation(this_round, late))
    assert seen.items() <= letters_of(this_round).items()
    assert sorted(letters_of(this_round).values()) == [f"Reviewer {letter}" for letter in "ABCDE"]


MARKED = "First the **good**:\n\n- it is short\n- it is *clear*\n\n<script>alert(1)</script> <img src=x onerror=y>"


def rendered(words: str) -> str:
    """What stands in a page of words that are MARKED."""
    points = "\n".join(f"<li>it is {each}</li>" for each in ("short", "<em>clear</em>"))
    return f"<p>{words} First the <strong>good</strong>:</p>\n<ul>\n{points}\n</ul>"


def test_words_are_shown_with_the_marks_of_contributions_and_mails_keep_them_as_typed(client):
    ingrid, ousmane = make_review.member(name="Ingrid", internal=True), make_review.member(name="Ousmane")
    resource = make_review.submission()
    submitter, editor = resource.submitted_by, make_review.editor()
    first = make_review.begun(resource, by=editor, members=[ingrid, ousmane])
    own = make_review.invitation(first, ingrid)
    make_review.reviewed(own, words=f"To you. {MARKED}", words_to_editors=f"To them. {MARKED}")
    mail.outbox.clear()
    resource.refresh_from_db()
    deciding.decide(resource, editor, "changes", words=f"Please. {MARKED}", seen=deciding.sight(resource), early=True)
    [told] = mails_to(submitter)
    assert "- it is *clear*" in told.body and "<strong>good</strong>" not in told.alternatives[0][0]

    def read(user, address, *shown):
        client.force_login(user)
        text = page(client, address)
        for words in shown:
            assert rendered(words) in text, (address, words)
        assert "<script>alert" not in text and "<img src=x" not in text and "**good**" not in text, address
        return text

    read(submitter, f"/en/resources/mine/{resource.pk}/", "Please.")
    read(submitter, f"/en/resources/mine/{resource.pk}/about/", "Please.")
    text = read(submitter, f"/en/peer-review/submissions/{resource.pk}/", "Please.", "To you.")
    assert "To them." not in text
    submitting.answer_changes(resource, submitter, f"Done. {MARKED}")
    read(submitter, f"/en/resources/mine/{resource.pk}/", "Please.", "Done.")
    read(editor, f"/en/editorial/submissions/{resource.pk}/", "Please.", "Done.", "To you.", "To them.")
    read(ingrid.user, f"/en/peer-review/reviews/{own.pk}/", "To you.", "To them.")
    second = make_review.begun(resource, by=editor, members=[ingrid, ousmane])
    again = make_review.accepted(make_review.invitation(second, ingrid))
    read(ingrid.user, f"/en/peer-review/reviews/{again.pk}/", "Please.", "Done.", "To you.", "To them.")


def test_forms_say_which_marks_there_are(client):
    resource = make_review.submission()
    this_round = make_review.begun(resource, by=(editor := make_review.editor()), members=[make_review.member()])
    invitation = make_review.accepted(this_round.invitations.get())
    hint = "begin the points of a list with a hyphen."
    client.force_login(invitation.member.user)
    assert page(client, f"/en/peer-review/reviews/{invitation.pk}/").count(hint) == 2
    client.force_login(editor)
    assert page(client, f"/en/editorial/submissions/{resource.pk}/").count(hint) == 1
    listing.request_changes(resource, editor, "Say how.")
    client.force_login(resource.submitted_by)
    assert page(client, f"/en/resources/mine/{resource.pk}/send/").count(hint) == 1


@pytest.mark.parametrize("language", ["fr", "es"])
def test_why_somebody_is_released_is_read_in_the_language_of_the_reader(client, language):
    this_round = make_review.begun(members=[member := make_review.member()])
    with override(language):
        make_review.leave(member)
    client.force_login(make_review.editor())
    assert "The reviewer has left the roster." in page(client, f"/en/editorial/submissions/{this_round.resource_id}/")


def test_what_a_reviewer_types_is_never_taken_for_a_reason_of_ours():
    this_round = make_review.begun(members=[member := make_review.member()])
    invitation = make_review.invitation(this_round, member)
    rounds.decline(invitation, "left")
    invitation.refresh_from_db()
    assert invitation.reason_in_words == "left"


def test_each_review_is_listed_with_what_came_of_its_own_round(client):
    member = make_review.member()
    first = make_review.begun(members=[member])
    make_review.reviewed(make_review.invitation(first, member))
    resource = first.resource
    listing.request_changes(resource, first.editor, "Say how it was counted.")
    submitting.answer_changes(resource, resource.submitted_by, "On page 4.")
    second = make_review.begun(resource, members=[member])
    make_review.reviewed(make_review.invitation(second, member))
    client.force_login(member.user)
    assert "Not decided yet" in page(client, "/en/peer-review/mine/")
    listing.list_resource(resource, second.editor, "")
    text = page(client, "/en/peer-review/mine/")
    assert text.count("<td>Listed, ") == 1 and text.count("<td>Changes requested, ") == 1


def second_round(*members):
    """A second reading by these people, after a first one by the first of them and somebody else."""
    resource = make_review.submission()
    first = make_review.begun(resource, members=[members[0], other := make_review.member(name="Otto Lund")])
    make_review.reviewed(make_review.invitation(first, members[0]), words="Count them.", words_to_editors="Between us.")
    make_review.reviewed(make_review.invitation(first, other), words="Say when.", words_to_editors="For editors alone.")
    listing.request_changes(resource, first.editor, "Say how and when it was counted.")
    submitting.answer_changes(resource, resource.submitted_by, "Both stand on page 4.")
    mail.outbox.clear()
    return make_review.begun(resource, members=list(members))


def test_the_mail_of_a_second_round_says_that_it_is_one_and_what_was_asked_for(client):
    old, new = make_review.member(name="Knows it"), make_review.member(name="New to it")
    second = second_round(old, new)
    (again,), (first_time,) = mails_to(old.user), mails_to(new.user)
    assert "once more" in again.subject and "once more" not in first_time.subject
    assert "You have reviewed an earlier version." in " ".join(again.body.split())
    for message in (again, first_time):
        assert "This is round 2" in message.body and "Say how and when it was counted." in message.body
        assert "Say how and when it was counted." in message.alternatives[0][0]
        assert "Guidance for civil registries." in message.body
        assert "Count them." not in message.body and "page 4" not in message.body
    assert "This is round 2" in page(client, link_in(first_time))
    first = make_review.begun(members=[new])
    assert "This is round" not in mails_to(new.user)[-1].body + page(client, tokens.address(first.invitations.get()))
    assert second.number == 2


def test_reviewers_of_a_second_round_read_the_first_one_with_the_form_and_not_before(client):
    old, new = make_review.member(name="Knows it"), make_review.member(name="New to it")
    second = second_round(old, new)
    said = ["Say how and when it was counted.", "Both stand on page 4.", "Count them.", "Say when."]
    for member in (old, new):
        invitation = make_review.invitation(second, member)
        client.force_login(member.user)
        address = f"/en/peer-review/reviews/{invitation.pk}/"
        rounds.accept(invitation)
        text = page(client, address)
        assert not any(words in text for words in said), "before the declaration"
        rounds.declare(invitation, is_free=True)
        text = page(client, address)
        asked_and_own = said[:3] if member == old else said[:2]
        assert [words for words in said if words in text] == asked_and_own
        assert "The earlier reviews of others stand here once yours is sent." in text
        assert "For editors alone." not in text and "Otto Lund" not in text
        assert ("Between us." in text) is ("your review" in text) is (member == old)
    reviewing.send(make_review.invitation(second, new), make_review.typed(words="Better."))
    text = page(client, address)
    assert "Better." in text and all(words in text for words in said)


def test_a_first_round_has_nothing_before_it(client):
    this_round = make_review.begun(members=[member := make_review.member()])
    invitation = make_review.accepted(make_review.invitation(this_round, member))
    client.force_login(member.user)
    assert "What was said before" not in page(client, f"/en/peer-review/reviews/{invitation.pk}/")


# Who is bound to a resource


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Harbour Institute", "Harbour Institute"),
        ("University of the Coast, Department of Law", "University of the Coast"),
        ("Department of Law, University of the Coast", "University of the Coast, School of Trade"),
        ("Harbour Institute e.V.", "Harbour Institute"),
        ("Harbour Trade S.A.", "Harbour Trade SA"),
        ("Law & Sea", "Law and Sea"),
        ("Loi et Mer", "Loi & Mer"),
        ("Ley y Mar", "Ley & Mar"),
        ("Uniwersytet Łęgi", "Uniwersytet Legi"),
        ("Østby Centre", "Ostby Center"),
        ("Harbour Institute (HI)", "Harbour Institute"),
        ("L’Institut des Côtes", "INSTITUT DES COTES"),
        ("Ministry of Ports, Northland", "Ministry of Ports"),
        ("港口研究所", "港口研究所"),
        ("International Organization of Ports", "IOP"),
        ("International Organization of Ports", "I.O.P."),
        ("International Organization of Ports", "ioop"),
        ("International Organization of Ports (IOPO)", "IOPO, Department of Law"),
        ("Organisation internationale pour les ports", "OIP"),
        ("Organización Internacional de los Puertos", "O. I. P."),
        ("International Organization of Ports, Northland office", "IOP"),
        ("Harbour Institute Ltd", "HI"),
    ],
)
def test_one_organization_written_in_two_ways_is_one(one, other):
    assert naming.is_same_organization(one, other) and naming.is_same_organization(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Ports, Northland", "Ministry of Ports, Southland"),
        ("University of the Coast, Department of Law", "University of the Hills, Department of Law"),
        ("Harbour Institute", "Harbour Council"),
        ("Department of Law", "Department of Trade"),
        ("International Organization of Ports", "International Office for Prices"),
        ("International Organization of Ports", "IOM"),
        ("Institute", "I"),
        ("The", "Of"),
        ("", ""),
        ("–", "&"),
    ],
)
def test_organizations_that_are_two_stay_two(one, other):
    assert not naming.is_same_organization(one, other)


@pytest.mark.parametrize(
    "authors", ["Prado, Lucía", "Mei Lin; Lucia Prado", "Dr. Lucía Prado", "Mei Lin, Lucía Prado", "Lin & Lucía PRADO"]
)
def test_an_author_is_known_however_the_name_is_written(authors):
    resource = make_review.submission(authors=authors)
    make_review.roster()
    assert "Lucía Prado" not in [each.member.user.name for each in choosing.candidates(resource)]
    assert len(choosing.candidates(resource)) == 3


@pytest.mark.parametrize(
    "authors",
    [
        *(
            "L. Prado",
            "Prado, L.",
            "Prado L",
            "L.M. Prado",
            "L M Prado",
            "Prado LM",
            "Prado, L.M., Lin, M.",
            "PRADO, L.",
        ),
        *(
            "Lin, M., Prado, L.",
            "Mei Lin and L. Prado",
            "Lin M; Prado L",
            "Lucía María Prado",
            "Lucía P.",
            "Prado Gómez, L.",
        ),
        *("Lin, Mei, Prado, Lucía", "PRADO Lucía"),
    ],
)
def test_an_author_is_known_by_initials_and_part_of_the_name(authors):
    resource = make_review.submission(authors=authors)
    make_review.roster()
    assert "Lucía Prado" not in [each.member.user.name for each in choosing.candidates(resource)]
    assert len(choosing.candidates(resource)) == 3


@pytest.mark.parametrize(
    "authors",
    [
        *("M. Prado", "Prado, M.", "Prado", "L.", "Lucía", "L. Gómez", "Lena Prado", "L. M.", "Marco Prado, Lena Lin"),
        *("Prado, M., Lin, K.", "LIN Mei", "Ana Prado, Lucía Lin"),
    ],
)
def test_somebody_else_is_not_left_out(authors):
    resource = make_review.submission(authors=authors)
    make_review.roster()
    assert "Lucía Prado" in [each.member.user.name for each in choosing.candidates(resource)]


def test_a_family_name_in_capitals_is_no_row_of_initials():
    resource = make_review.submission(authors="LIN Mei")
    make_review.member(name="Mei Lin")
    make_review.member(name="Mei Katz")
    assert [each.member.user.name for each in choosing.candidates(resource)] == ["Mei Katz"]


def test_a_person_whose_initials_are_an_organization_is_not_left_out():
    resource = make_review.submission(publisher="UN")
    make_review.member(name="Ulla Nielsen")
    make_review.member(name="Otto Lund", organization="United Nations")
    assert [each.member.user.name for each in choosing.candidates(resource)] == ["Ulla Nielsen"]


def test_editors_see_who_is_left_out_by_initials_and_acronyms(client):
    resource = make_review.submission(authors="Prado, L.", publisher="International Organization of Ports")
    make_review.roster()
    make_review.member(name="Otto Lund", organization="IOP")
    client.force_login(make_review.editor())
    text = page(client, f"/en/editorial/submissions/{resource.pk}/")
    assert "Lucía Prado – perhaps named among the authors: Prado, L." in text
    assert "Otto Lund – of the same organization: International Organization of Ports" in text


def test_editors_see_who_is_left_out_and_why(client):
    resource = make_review.submission(authors="Prado, Lucía", publisher="The Harbour Institute")
    make_review.roster()
    make_review.member(name="Otto Lund", organization="Harbour Institute, Department of Law")
    client.force_login(make_review.editor())
    address = f"/en/editorial/submissions/{resource.pk}/"
    text = page(client, address)
    assert "Lucía Prado – named among the authors" in text
    assert "Otto Lund – of the same organization: The Harbour Institute" in text
    make_review.begun(resource)
    assert "Lucía Prado – named among the authors" in page(client, address)
