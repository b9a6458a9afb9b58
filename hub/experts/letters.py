"""Mails about the directory, each in the language of whoever gets it."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from hub.experts.models import Expert, SupportRequest
from hub.letters import editors, send


def relay(expert: Expert, *, name: str, email: str, organization: str, message: str) -> None:
    """Carry a message to an expert. The writer does not learn the address; an answer goes to the writer."""
    with override(expert.user.language):
        values = {"name": name, "organization": organization}
        who = _("%(name)s (%(organization)s)") % values if organization else name
        send(
            expert.user.email,
            # Whatever strangers call themselves stands in the text only, where it is seen to be theirs.
            _("A question to you through the directory of experts"),
            reply_to=[email],
            name=expert.name,
            paragraphs=[_("%(who)s has read your entry in the directory of experts and writes to you:") % {"who": who}],
            quote=message,
            after=[
                _(
                    "To answer, reply to this e-mail: your answer goes to %(email)s. They see your address only if "
                    "you answer. You owe nobody an answer."
                )
                % {"email": email}
            ],
            address=reverse("my_expert"),
            link=_("Change or remove your entry"),
            why=_("You get this e-mail because you are in the directory of experts. For help, use the contact form."),
        )


def confirm(expert: Expert, *, name: str, email: str, language: str, message: str, quotes: bool) -> None:
    """A receipt for the writer, which quotes the text only where the address is known to be theirs."""
    with override(language):
        send(
            email,
            _("Your question to %(name)s is on its way") % {"name": expert.name},
            name=name if quotes else "",
            paragraphs=[
                _("We have passed on your question to %(name)s. Any answer comes to you directly.")
                % {"name": expert.name}
            ],
            quote=message if quotes else "",
            address=reverse("experts"),
            link=_("Go to the directory of experts"),
            why=_(
                "You get this e-mail because somebody gave this address in our form. If it was not you, nothing needs "
                "to be done."
            ),
        )


def tell_of_entry(expert: Expert) -> None:
    """Tell the editors that an entry waits for them."""
    for editor in editors():
        with override(editor.language):
            send(
                editor.email,
                _("An entry for the directory of experts: %(name)s") % {"name": expert.name},
                name=editor.name,
                paragraphs=[_("%(name)s would like to be in the directory of experts.") % {"name": expert.name}],
                quote=expert.about,
                address=reverse("experts_desk"),
                link=_("Decide about it"),
                why=_("You get this e-mail because you are one of the hub's editors."),
            )


def tell_of_decision(expert: Expert) -> None:
    with override(expert.user.language):
        if expert.is_listed:
            subject = _("You are in the directory of experts")
            paragraphs = [
                _("The editors have read your entry, and it is in the directory from now on."),
                _("You can change it, hide parts of it or remove it at any time; that takes effect at once."),
            ]
        else:
            subject = _("Your entry for the directory of experts")
            paragraphs = [
                _("The editors have not taken up your entry. You can change it and send it again. Their reason:")
            ]
        send(
            expert.user.email,
            subject,
            name=expert.name,
            paragraphs=paragraphs,
            quote=expert.reason,
            address=reverse("my_expert"),
            link=_("Go to your entry"),
            why=_("You get this e-mail because you sent an entry for the directory of experts."),
        )


def tell_of_request(request: SupportRequest) -> None:
    """A receipt for the requester, and a mail to each editor."""
    values = {"number": request.pk, "organization": request.organization}
    with override(request.language):
        send(
            request.requester.email,
            _("We have received your request for support № %(number)s") % values,
            name=request.requester.name,
            paragraphs=[
                _("Your request for %(organization)s has the number № %(number)s. The editors look for somebody.")
                % values,
                _("What you wrote:"),
            ],
            quote=request.message,
            address=reverse("request_support"),
            link=_("See how it stands"),
            why=_("You get this e-mail because you sent a request for support."),
        )
    for editor in editors():
        with override(editor.language):
            send(
                editor.email,
                _("Request for support № %(number)s from %(organization)s") % values,
                name=editor.name,
                paragraphs=[
                    _("%(name)s asks for support for %(organization)s:") % (values | {"name": request.requester.name})
                ],
                quote=request.message,
                address=reverse("experts_desk"),
                link=_("Go to the requests"),
                why=_("You get this e-mail because you are one of the hub's editors."),
            )


def tell_of_answer(request: SupportRequest, words: str, *, has_moved: bool) -> None:
    """Tell the requester of the new state, of what the editors write, or of both."""
    values = {"number": request.pk, "organization": request.organization}
    with override(request.language):
        said = {
            SupportRequest.State.NEW: _("Your request № %(number)s for %(organization)s waits for the editors."),
            SupportRequest.State.IN_PROGRESS: _("The editors work on your request № %(number)s for %(organization)s."),
            SupportRequest.State.ANSWERED: _(
                "The editors have answered your request № %(number)s for %(organization)s."
            ),
            SupportRequest.State.CLOSED: _("The editors have closed your request № %(number)s for %(organization)s."),
        }[SupportRequest.State(request.state)]
        if not has_moved:
            said = _("The editors write to you about your request № %(number)s for %(organization)s.")
        send(
            request.requester.email,
            _("Your request for support № %(number)s") % values,
            name=request.requester.name,
            reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
            paragraphs=[said % values],
            quote=words,
            after=[_("You can answer on the page behind this link, and withdraw your request there.")],
            address=reverse("request_support"),
            link=_("See how it stands, and answer"),
            why=_("You get this e-mail because you sent a request for support."),
        )


def tell_of_reply(request: SupportRequest, words: str) -> None:
    """Tell the editors what somebody writes about their request."""

    def said():
        return _("%(name)s writes about the request for support № %(number)s of %(organization)s:")

    tell_editors(request, lambda: _("Answer about the request for support № %(number)s"), said, words)


def tell_of_withdrawal(request: SupportRequest) -> None:
    def said():
        return _("%(name)s has withdrawn the request for support № %(number)s of %(organization)s.")

    tell_editors(request, lambda: _("Withdrawn: request for support № %(number)s"), said, "")


def tell_editors(request: SupportRequest, subject, said, quote: str) -> None:
    """Whoever last handled it, if they are still an editor; else all of them.

    `subject` and `said` are functions that give a text in the language that is active.
    """
    everybody = editors()
    values = {"number": request.pk, "organization": request.organization, "name": request.requester.name}
    for editor in [each for each in everybody if each.pk == request.handled_by_id] or everybody:
        with override(editor.language):
            send(
                editor.email,
                subject() % values,
                name=editor.name,
                paragraphs=[said() % values],
                quote=quote,
                address=reverse("experts_desk"),
                link=_("Go to the requests"),
                why=_("You get this e-mail because you are one of the hub's editors."),
            )
