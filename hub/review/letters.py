"""Mails about reviews, each in the language of whoever gets it; the text part is enough alone."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from hub import letters
from hub.resources.models import LANGUAGES, Resource, StateChange
from hub.review import anonymous, earlier, permissions, tokens
from hub.review.models import Invitation, Member, Round

State, Seat = Invitation.State, Invitation.Seat


def when(moment) -> str:
    return _("%(when)s (UTC)") % {"when": date_format(timezone.localtime(moment), "DATETIME_FORMAT")}


def facts(resource: Resource) -> str:
    """Kind and languages of a resource, in one line."""
    names = dict(LANGUAGES)
    languages = ", ".join(str(names[code]) for code in resource.languages if code in names)
    return _("%(kind)s; languages: %(languages)s") % {
        "kind": capfirst(str(resource.get_kind_display())),
        "languages": languages or str(names[resource.text_language]),
    }


def why_reviewer() -> str:
    return _("You get this e-mail because you are on the roster of reviewers. You can pause or leave at any time.")


def why_editor() -> str:
    return _("You get this e-mail because you are one of the hub's editors.")


# To reviewers


def ask(invitation: Invitation) -> None:
    resource, user = invitation.round.resource, invitation.member.user
    with override(user.language):
        values = {"title": str(resource), "days": settings.REVIEW_DAYS, "when": when(invitation.answer_by)}
        opening = _("We ask you to review a resource that was submitted to the hub: “%(title)s”.") % values
        if invitation.seat == Seat.ARBITER:
            opening = _(
                "Reviewers do not agree about a resource that was submitted to the hub: “%(title)s”. We ask you for "
                "one more review."
            )
            opening %= values
        subject = _("Would you review “%(title)s”?") % values
        paragraphs, quote = [opening, facts(resource)], resource.summary
        if invitation.round.number > 1:
            paragraphs[1:1] = said_of_earlier(invitation)
            if knows_it(invitation):
                subject = _("Would you review “%(title)s” once more?") % values
            if request := earlier.request_before(invitation.round):
                paragraphs += [resource.summary, _("The editors had asked the people who submitted it for changes:")]
                quote = request
        letters.send(
            user.email,
            subject,
            name=user.name,
            paragraphs=paragraphs,
            quote=quote,
            after=[
                ngettext(
                    "If you accept, you first say whether anything binds you to the resource or its authors. Then you "
                    "score it by the published criteria, and write a few words for the people who submitted it. They "
                    "do not learn your name. You have %(days)s day for it.",
                    "If you accept, you first say whether anything binds you to the resource or its authors. Then you "
                    "score it by the published criteria, and write a few words for the people who submitted it. They "
                    "do not learn your name. You have %(days)s days for it.",
                    values["days"],
                )
                % values,
                _(
                    "Please answer by %(when)s. The page behind this link has two buttons, to accept and to decline; "
                    "you need not log in. The link is for you alone: do not pass it on."
                )
                % values,
            ],
            address=tokens.address(invitation),
            link=_("Accept or decline"),
            why=why_reviewer(),
        )


def said_of_earlier(invitation: Invitation) -> list[str]:
    """That it is not the first reading."""
    said = [_("This is round %(number)s: it was reviewed before.") % {"number": invitation.round.number}]
    if knows_it(invitation):
        said.append(_("You have reviewed an earlier version."))
    return [" ".join([*said, what_is_read()])]


def what_is_read() -> str:
    return _(
        "With the form you read what the editors asked for, what the submitter answered, and what you wrote yourself; "
        "the earlier reviews of others once yours is sent."
    )


def knows_it(invitation: Invitation) -> bool:
    """Has this person reviewed the resource in an earlier round?"""
    past = Invitation.objects.filter(round__resource=invitation.round.resource_id, member=invitation.member_id)
    return past.exclude(pk=invitation.pk).filter(state=State.SENT).exists()


def confirm_acceptance(invitation: Invitation) -> None:
    user = invitation.member.user
    with override(user.language):
        values = {"title": str(invitation.round.resource), "when": when(invitation.due_at)}
        letters.send(
            user.email,
            _("Thank you for reviewing “%(title)s”") % values,
            name=user.name,
            paragraphs=[
                _("Your review of “%(title)s” is due by %(when)s.") % values,
                _("What you write is kept as you go; you can stop and continue whenever you like."),
            ],
            address=reverse("review", args=[invitation.pk]),
            link=_("Begin the review"),
            why=why_reviewer(),
        )


def tell_not_needed(invitation: Invitation) -> None:
    """To somebody from whom an answer or a review was expected."""
    user = invitation.member.user
    with override(user.language):
        values = {"title": str(invitation.round.resource)}
        if invitation.round.is_open:
            said = _("We no longer wait for your review of “%(title)s”: somebody else was asked.")
        else:
            said = _("We no longer wait for your review of “%(title)s”: the editors have decided, or it was withdrawn.")
        paragraphs = [said % values]
        if invitation.due_at:
            paragraphs.append(_("What you have written so far is kept, and can be read by you alone."))
        letters.send(
            user.email,
            _("Your review of “%(title)s” is no longer needed") % values,
            name=user.name,
            paragraphs=[*paragraphs, _("Thank you for your readiness.")],
            address=reverse("review", args=[invitation.pk]),
            link=_("See how it stands"),
            why=why_reviewer(),
        )


def tell_outcome(invitation: Invitation, outcome: str) -> None:
    """To somebody who has sent a review: what came of it."""
    user = invitation.member.user
    with override(user.language):
        values = {"title": str(invitation.round.resource)}
        said = {
            Resource.State.LISTED: _("“%(title)s”, which you reviewed, is listed from now on."),
            Resource.State.DECLINED: _("“%(title)s”, which you reviewed, is not listed."),
            Resource.State.CHANGES_REQUESTED: _(
                "The people who submitted “%(title)s”, which you reviewed, were asked to change it."
            ),
            Resource.State.WITHDRAWN: _("“%(title)s”, which you reviewed, was withdrawn by whoever submitted it."),
        }[outcome]
        letters.send(
            user.email,
            _("What came of your review of “%(title)s”") % values,
            name=user.name,
            paragraphs=[said % values, _("Thank you for your work.")],
            address=reverse("review", args=[invitation.pk]),
            link=_("Read your review and those of the others"),
            why=why_reviewer(),
        )


def remind_to_answer(invitation: Invitation) -> None:
    user = invitation.member.user
    with override(user.language):
        values = {"title": str(invitation.round.resource), "when": when(invitation.answer_by)}
        letters.send(
            user.email,
            _("Reminder: would you review “%(title)s”?") % values,
            name=user.name,
            paragraphs=[
                _("We have asked you to review “%(title)s”, and have not heard from you.") % values,
                _("Please accept or decline by %(when)s; then we ask somebody else.") % values,
            ],
            address=tokens.address(invitation),
            link=_("Accept or decline"),
            why=why_reviewer(),
        )


def tell_not_answered(invitation: Invitation) -> None:
    user = invitation.member.user
    with override(user.language):
        values = {"title": str(invitation.round.resource)}
        letters.send(
            user.email,
            _("Somebody else is asked about “%(title)s”") % values,
            name=user.name,
            paragraphs=[
                _("You have not answered whether you would review “%(title)s”, so we ask somebody else.") % values,
                _("If you have no time for reviews at present, pause your place on the roster."),
            ],
            address=reverse("peer_review"),
            link=_("Go to peer review"),
            why=why_reviewer(),
        )


def remind_of_review(invitation: Invitation, *, is_late: bool) -> None:
    user = invitation.member.user
    with override(user.language):
        values = {"title": str(invitation.round.resource), "when": when(invitation.due_at)}
        if is_late:
            subject = _("Your review of “%(title)s” is overdue")
            said = _("Your review of “%(title)s” was due by %(when)s. We still take it until the editors decide.")
        else:
            subject = _("Your review of “%(title)s” is due soon")
            said = _("Your review of “%(title)s” is due by %(when)s.")
        letters.send(
            user.email,
            subject % values,
            name=user.name,
            paragraphs=[
                said % values,
                _("If you cannot do it after all, say so on the page of the review: then somebody else is asked."),
            ],
            address=reverse("review", args=[invitation.pk]),
            link=_("Continue the review"),
            why=why_reviewer(),
        )


# To editors


def editors_of(resource: Resource) -> list:
    """The editors who may handle a resource; administrators when all editors are bound to it."""
    editors = letters.editors()
    return able_to_handle(resource, editors) or (editors and able_to_handle(resource, letters.administrators()))


def able_to_handle(resource: Resource, people: list) -> list:
    able = permissions.handling(people, [resource])
    return [each for each in people if (each.pk, resource.pk) in able]


def tell_editors(resource: Resource, subject, *paragraphs, quote=str) -> None:
    """`subject`, `paragraphs` and `quote` are functions that give a text in the language that is active."""
    for editor in editors_of(resource):
        with override(editor.language):
            letters.send(
                editor.email,
                subject(),
                name=editor.name,
                paragraphs=[paragraph() for paragraph in paragraphs],
                quote=quote(),
                address=reverse("editorial_submission", args=[resource.pk]),
                link=_("Go to the submission"),
                why=why_editor(),
            )


def tell_of_submission(change: StateChange) -> None:
    """A submission came in, or came back after changes."""
    resource = change.resource
    is_back = change.before == Resource.State.CHANGES_REQUESTED

    def said():
        values = {"title": str(resource)}
        if change.is_unchanged:
            return _("“%(title)s” was sent back unchanged. The words of whoever submitted it:") % values
        if is_back and change.words:
            return _("“%(title)s” was changed and sent back. The words of whoever submitted it:") % values
        if is_back:
            return _("“%(title)s” was changed and sent back.") % values
        return _("“%(title)s” was submitted. Choose reviewers for it, or answer the submitter.") % values

    def subject():
        values = {"title": str(resource)}
        if change.is_unchanged:
            return _("Sent back unchanged: “%(title)s”") % values
        return (_("Changed: “%(title)s”") if is_back else _("Submitted: “%(title)s”")) % values

    def quote():
        return change.words if is_back else resource.summary

    tell_editors(resource, subject, lambda: facts(resource), said, quote=quote)


def tell_of_withdrawal(change: StateChange) -> None:
    """Whoever submitted it has withdrawn what is in review."""

    def values():
        return {"title": str(change.resource)}

    tell_editors(
        change.resource,
        lambda: _("Withdrawn: “%(title)s”") % values(),
        lambda: _("“%(title)s” was withdrawn by whoever submitted it, while it was in review.") % values(),
        lambda: _("The round of review has ended, and the reviewers are told. There is nothing to decide any more."),
    )


def tell_complete(this_round: Round) -> None:
    def values():
        return {"title": str(this_round.resource)}

    tell_editors(
        this_round.resource,
        lambda: _("All reviews of “%(title)s” are in") % values(),
        lambda: _("All reviews of “%(title)s” are in. It waits for your decision.") % values(),
    )


def tell_of_disagreement(this_round: Round, member: Member | None) -> None:
    def values():
        return {"title": str(this_round.resource), "name": str(member)}

    def what_is_done():
        if member:
            return _("%(name)s was asked for one more review.") % values()
        return _("One more reviewer is needed, but nobody on the roster can be asked. Choose or find somebody.")

    tell_editors(
        this_round.resource,
        lambda: _("Reviewers disagree about “%(title)s”") % values(),
        lambda: _("The recommendations for “%(title)s” are far apart.") % values(),
        what_is_done,
    )


def tell_nobody_left(this_round: Round, invitation: Invitation) -> None:
    def values():
        return {"title": str(this_round.resource), "name": str(invitation.member)}

    def what_happened():
        return {
            State.CONFLICT: _("%(name)s has a conflict of interest about “%(title)s”."),
            State.WITHDRAWN: _("%(name)s no longer reviews “%(title)s”."),
        }.get(invitation.state, _("%(name)s does not review “%(title)s”.")) % values()

    tell_editors(
        this_round.resource,
        lambda: _("A reviewer is missing for “%(title)s”") % values(),
        what_happened,
        lambda: _("Nobody else on the roster can be asked by the portal. Choose or find somebody."),
    )


def tell_overdue(invitation: Invitation) -> None:
    def values():
        return {
            "title": str(invitation.round.resource),
            "name": str(invitation.member),
            "when": when(invitation.due_at),
        }

    tell_editors(
        invitation.round.resource,
        lambda: _("A review of “%(title)s” is overdue") % values(),
        lambda: _("The review of %(name)s was due by %(when)s. You can wait, ask somebody else, or decide.") % values(),
    )


# To submitters


def confirm_submission(change: StateChange) -> None:
    """A receipt, which says what happens next."""
    resource, user = change.resource, change.resource.submitted_by
    if not user:
        return
    with override(user.language):
        values = {"title": str(resource)}
        if change.before == Resource.State.CHANGES_REQUESTED:
            subject = _("You have sent back “%(title)s”")
            paragraphs = [
                _("You have sent “%(title)s” back to the editors, who had asked you for changes."),
                _(
                    "They look at what you changed and what you answered, and may ask reviewers to read it again. You "
                    "hear from us when there is a decision. Until it is decided you can withdraw it."
                ),
            ]
            if change.is_unchanged:
                paragraphs = [
                    _("You have sent “%(title)s” back to the editors unchanged, with your words to them."),
                    _(
                        "They read what you answered, and may ask reviewers to read it again. You hear from us when "
                        "there is a decision. Until it is decided you can withdraw it."
                    ),
                ]
        else:
            subject = _("We have received “%(title)s”")
            paragraphs = [
                _("“%(title)s” has reached the editors."),
                _(
                    "They ask reviewers inside and outside of the organization to read it. You hear from us when there "
                    "is a decision, or when something should be changed. Until it is decided you can withdraw it."
                ),
            ]
        letters.send(
            user.email,
            subject % values,
            name=user.name,
            paragraphs=[each % values for each in paragraphs],
            address=address_for_submitter(resource),
            link=_("See how it stands"),
            why=_("You get this e-mail because you submitted a resource."),
        )


def tell_of_decision(change: StateChange, this_round: Round | None) -> None:
    """The decision, the editors' words, and those of the reviewers without their names."""
    resource, user = change.resource, change.resource.submitted_by
    if not user:
        return
    with override(user.language):
        values = {"title": str(resource)}
        was_listed = change.before == Resource.State.LISTED
        subject, said = {
            Resource.State.LISTED: (
                (_("“%(title)s” is listed again"), _("The editors have put “%(title)s” back on the list, as it was."))
                if change.before == Resource.State.DECLINED
                else (
                    _("“%(title)s” is listed"),
                    _("“%(title)s” is listed from now on: everybody can find it. Thank you for it."),
                )
            ),
            Resource.State.CHANGES_REQUESTED: (
                _("Please change “%(title)s”"),
                _("The editors ask you to change “%(title)s” before it is listed. Then send it back to them."),
            ),
            Resource.State.DECLINED: (
                (_("“%(title)s” is no longer listed"), _("The editors have taken “%(title)s” off the list."))
                if was_listed
                else (_("“%(title)s” is not listed"), _("The editors have decided not to list “%(title)s”."))
            ),
        }[change.after]
        letters.send(
            user.email,
            subject % values,
            template="mails/decision",
            name=user.name,
            said=said % values,
            words=change.words,
            reviews=anonymous.reviews(this_round) if this_round else [],
            address=address_for_submitter(resource),
            link=_("Read the resource") if resource.is_listed else _("See how it stands"),
            why=_("You get this e-mail because you submitted a resource."),
        )


def tell_taken_up_again(change: StateChange) -> None:
    """The editors think once more about what they had declined."""
    resource, user = change.resource, change.resource.submitted_by
    if not user:
        return
    with override(user.language):
        values = {"title": str(resource)}
        letters.send(
            user.email,
            _("The editors look at “%(title)s” again") % values,
            name=user.name,
            paragraphs=[
                _(
                    "The editors had decided not to list “%(title)s”, and have taken it up again. You need not do "
                    "anything; you hear from us when there is a decision. Their words:"
                )
                % values
            ],
            quote=change.words,
            address=address_for_submitter(resource),
            link=_("See how it stands"),
            why=_("You get this e-mail because you submitted a resource."),
        )


def address_for_submitter(resource: Resource) -> str:
    if resource.is_listed:
        return resource.get_absolute_url()
    return reverse("my_resource", args=[resource.pk])
