"""Mails about places on the roster, each in the language of whoever gets it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from hub.letters import editors, send
from hub.review.models import Member


def tell_of_application(member: Member) -> None:
    """A receipt for the applicant, and a mail to each editor."""
    person = member.user
    with override(person.language):
        send(
            person.email,
            _("We have received your application to the roster of reviewers"),
            name=person.name,
            paragraphs=[
                _("Thank you for offering your time. An editor reads your application and answers you by e-mail."),
                _("Until then you can change it or take it back."),
            ],
            address=reverse("apply_to_roster"),
            link=_("See how it stands"),
            why=_("You get this e-mail because you applied to the roster of reviewers."),
        )
    for editor in editors():
        if editor.pk == person.pk:
            continue
        with override(editor.language):
            send(
                editor.email,
                _("An application to the roster of reviewers: %(name)s") % {"name": person.name},
                name=editor.name,
                paragraphs=[_("%(name)s applies to the roster of reviewers and writes:") % {"name": person.name}],
                quote=member.profile,
                address=reverse("roster_desk"),
                link=_("Decide about it"),
                why=_("You get this e-mail because you are one of the hub's editors."),
            )


def tell_of_admission(member: Member) -> None:
    with override(member.user.language):
        paragraphs = [
            _("The editors have read your application, and you are on the roster of reviewers from now on. Welcome."),
            _(
                "When a submission fits what you know, you are asked by e-mail, and accept or decline with one click. "
                "You can pause or leave at any time."
            ),
        ]
        if member.reason:
            paragraphs.append(_("The editors add:"))
        send(
            member.user.email,
            _("You are on the roster of reviewers"),
            name=member.user.name,
            paragraphs=paragraphs,
            quote=member.reason,
            address=reverse("my_reviews"),
            link=_("Go to your reviews"),
            why=_("You get this e-mail because you applied to the roster of reviewers."),
        )


def tell_of_refusal(member: Member) -> None:
    with override(member.user.language):
        send(
            member.user.email,
            _("Your application to the roster of reviewers"),
            name=member.user.name,
            paragraphs=[_("The editors have not taken up your application this time. Their reason:")],
            quote=member.reason,
            after=[_("Your CV is deleted. You can apply again at any time; what you wrote is still in the form.")],
            address=reverse("apply_to_roster"),
            link=_("Go to your application"),
            why=_("You get this e-mail because you applied to the roster of reviewers."),
        )


def tell_of_removal(member: Member) -> None:
    with override(member.user.language):
        send(
            member.user.email,
            _("You are no longer on the roster of reviewers"),
            name=member.user.name,
            paragraphs=[_("An editor has taken you off the roster of reviewers. The reason:")],
            quote=member.reason,
            after=[
                _("Nobody waits for reviews from you any more, and your CV is deleted."),
                _("Thank you for what you have done."),
            ],
            address=reverse("apply_to_roster"),
            link=_("See how it stands"),
            why=_("You get this e-mail because you were on the roster of reviewers."),
        )
