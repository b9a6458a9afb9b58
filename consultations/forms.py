"""Is what somebody sent well formed? Whether they may send it is said in `permissions` and `posting`."""

import uuid

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.typed import one_line
from consultations import languages, markup
from consultations.models import Comment, Participation, Question
from consultations.posting import Voice

MEMBER_STATES = "member-states"
INCOMPLETE = _("The form arrived incomplete. Check your text and send it again.")


# For texts that are shown with the marks of contributions.
MARKS = _("Leave an empty line between paragraphs; begin the points of a list with a hyphen.")


class TypedText(forms.CharField):
    """What people type or paste: control characters are taken out rather than complained about."""

    def widget_attrs(self, widget):
        """Without maxlength: browsers would cut off what is pasted, without a word."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value):
        return markup.clean_source(super().to_python(value) or "")

    def run_validators(self, value):
        """Also gives the message about the length its numbers as people write them: `limit` and `number`."""
        try:
            super().run_validators(value)
        except forms.ValidationError as problem:
            for each in problem.error_list:
                if each.code == "max_length":
                    each.params |= {
                        "limit": number_format(each.params["limit_value"], force_grouping=True),
                        "number": number_format(each.params["show_value"], force_grouping=True),
                    }
            raise


def ways_to_write_a_day() -> list[str]:
    """As fields for dates send it; and as it is written by hand, where that is the same everywhere."""
    return ["%Y-%m-%d", *WRITTEN_BY_HAND.get(get_language(), [])]


# English has two orders, so that 5/6 is no day to it.
WRITTEN_BY_HAND = {code: ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"] for code in ("fr", "es")}


class DayField(forms.DateField):
    """A day, which browsers without a calendar let people write."""

    input_formats = lazy(ways_to_write_a_day, list)()
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("Write the date as year, month and day, such as 2026-11-25.")}


class TextForm(forms.Form):
    """The text of a contribution and its language."""

    body = TypedText(required=False, strip=False, widget=forms.Textarea)
    language = forms.ChoiceField(required=False, choices=[("", ""), *languages.WRITTEN])

    def __init__(self, *args, page_language: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.page_language = page_language
        self.fields["language"].choices = [("", _("Recognize it from the text")), *languages.WRITTEN]
        self.fields["language"].error_messages = {
            "invalid_choice": _("Choose English, French, Spanish or another language.")
        }

    def clean_body(self):
        body = self.cleaned_data["body"]
        if markup.is_blank(body):
            raise forms.ValidationError(_("Write your text first: the field is empty."))
        limit = settings.COMMENT_MAX_CHARACTERS
        if len(body) > limit:
            over = len(body) - limit
            raise forms.ValidationError(
                ngettext(
                    "Your text is %(over)s character longer than the %(limit)s that fit. "
                    "Shorten it, or post it in two parts.",
                    "Your text is %(over)s characters longer than the %(limit)s that fit. "
                    "Shorten it, or post it in two parts.",
                    over,
                )
                % {"over": number_format(over, force_grouping=True), "limit": number_format(limit, force_grouping=True)}
            )
        return body

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("language") and "body" in cleaned and "language" not in self.errors:
            # The author's word counts; without it the text's own, and where that is unsure the page's.
            cleaned["language"] = languages.recognise(cleaned["body"]) or self.page_language
        return cleaned


class CommentForm(TextForm):
    """A contribution to a question, or a reply when `parent` is given."""

    capacity = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    pseudonym = TypedText(required=False, max_length=60)
    asks = forms.BooleanField(required=False)
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, question: Question, author, parent: Comment | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.question, self.parent = question, parent
        if not self.is_bound:
            self.initial.setdefault("submission_key", uuid.uuid4())
        capacities = [(Comment.Capacity.PERSON, _("for myself"))]
        if author.organization:
            capacities.insert(
                0,
                (
                    Comment.Capacity.ORGANIZATION,
                    _("on behalf of my organization: %(name)s") % {"name": author.organization},
                ),
            )
        if author.country and author.group and author.group.slug == MEMBER_STATES:
            capacities.insert(
                0, (Comment.Capacity.STATE, _("on behalf of a State: %(name)s") % {"name": author.country.name})
            )
        self.fields["submission_key"].error_messages["invalid"] = INCOMPLETE
        self.fields["capacity"].choices = capacities
        self.fields["capacity"].error_messages = {"invalid_choice": _("Choose for whom you speak.")}
        self.initial.setdefault("capacity", capacities[-1][0])
        if not question.consultation.allows_pseudonyms:
            del self.fields["pseudonym"]

    def clean_submission_key(self):
        # A form without its key was tampered with or cut off: send it once more, with a fresh one.
        if not self.cleaned_data["submission_key"]:
            raise forms.ValidationError(INCOMPLETE)
        return self.cleaned_data["submission_key"]

    def clean_pseudonym(self):
        typed = self.cleaned_data["pseudonym"]
        pseudonym = one_line(typed)
        if typed and not pseudonym:
            raise forms.ValidationError(_("Write a pseudonym that can be read, or leave the field empty."))
        taken = self.question.consultation.moderator_set.filter(user__name__iexact=pseudonym).exists()
        if pseudonym and (taken or Participation.belongs_to_somebody(self.question.consultation, pseudonym)):
            raise forms.ValidationError(_("Somebody in this consultation has this name. Choose another pseudonym."))
        return pseudonym

    @property
    def voice(self) -> Voice:
        return Voice(
            capacity=self.cleaned_data["capacity"] or Comment.Capacity.PERSON,
            pseudonym=self.cleaned_data.get("pseudonym", ""),
        )

    @property
    def key(self) -> str:
        """The key to write into the form: the one that was sent when it was a good one, else a fresh one."""
        if self.is_bound:
            sent = self.cleaned_data.get("submission_key") if hasattr(self, "cleaned_data") else None
            return str(sent or uuid.uuid4())
        return str(self.initial["submission_key"])
