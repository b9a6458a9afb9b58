"""What can be done with a consultation from its page: the words of the button, of the question and of the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations import organizing
from consultations.admin.forms import ReopenForm


@dataclass(frozen=True)
class Act:
    function: Callable
    title: str | Promise
    meaning: str | Promise
    done: str | Promise
    form: type[forms.Form] | None = None


ACTS = {
    "publish": Act(
        organizing.publish,
        _("Publish"),
        _("Everybody will see the consultation, and can contribute between its opening and its closing."),
        _("Published:"),
    ),
    "draft": Act(
        organizing.take_back_to_draft,
        _("Take back to draft"),
        _("Visitors will no longer see the consultation. This works only while nobody has contributed."),
        _("A draft again:"),
    ),
    "close": Act(
        organizing.close_now,
        _("Close now"),
        _(
            "Nobody can contribute any more, from this moment on. Everything that was contributed stays readable. All "
            "who follow the consultation are told."
        ),
        _("Closed:"),
    ),
    "reopen": Act(
        organizing.reopen,
        _("Reopen"),
        _("People can contribute again until the new closing date. All who follow the consultation are told."),
        _("Reopened:"),
        ReopenForm,
    ),
    "duplicate": Act(
        organizing.duplicate,
        _("Duplicate"),
        _(
            "A new draft will have the same texts, questions, objectives and moderators, and no contributions. "
            "Its dates lie at least four weeks ahead: look at them before you publish it."
        ),
        _("A new draft was made:"),
    ),
}
