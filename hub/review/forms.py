"""Is what reviewers and editors sent well formed?"""

from django import forms
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.typed import is_blank
from consultations.forms import MARKS, TypedText
from consultations.languages import WRITTEN
from hub.resources.models import Resource
from hub.review import deciding
from hub.review.deciding import VERDICTS, Verdict
from hub.review.models import Criterion, Level, Member, Recommendation, Review
from hub.review.reviewing import Typed, version_of

LONGEST = 10_000
TOO_LONG = _("Shorten the text to %(limit)s characters; it has %(number)s.")
CANNOT_JUDGE = "0"
INCOMPLETE = _("The form arrived incomplete. Check what you wrote and send it again.")


class WordsField(TypedText):
    """Paragraphs; blank ones count as nothing."""

    def __init__(self, *, short=True, required=False, is_needed_at_times=False, **options):
        # Then the page does not call it optional, and its words say when.
        self.is_needed_at_times = is_needed_at_times
        widget = forms.Textarea(attrs={"dir": "auto"} | ({"class": "short"} if short else {}))
        super().__init__(max_length=LONGEST, strip=False, required=required, widget=widget, **options)
        self.error_messages["max_length"] = TOO_LONG

    def validate(self, value):
        """Nothing is missing as long as the review is only saved, though the page does not call it optional."""

    def clean(self, value):
        text = super().clean(value).replace("\r\n", "\n")
        return "" if is_blank(text) else text


class ConflictForm(forms.Form):
    """The declaration that comes before the form of the review."""

    is_free = forms.ChoiceField(
        label=_("Does anything bind you to this resource?"),
        choices=[
            ("yes", _("No: I have no tie to its authors, publisher, funders or submitter, and nothing to gain.")),
            ("no", _("Yes, I have or may have a conflict of interest.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two."), "invalid_choice": _("Choose one of the two.")},
    )
    words = WordsField(
        label=_("Which tie it is"),
        help_text=_(
            "Only the editors read it. If you have a conflict, we ask somebody else; nobody holds it against you."
        ),
        is_needed_at_times=True,
    )

    def clean(self):
        typed = super().clean()
        if typed.get("is_free") == "no" and not typed.get("words"):
            self.add_error(
                "words", _("Say in a few words which tie it is, so that the editors can avoid it next time.")
            )
        return typed


class ReasonForm(forms.Form):
    """Why somebody does not review, or not after all."""

    reason = WordsField(label=_("Why, for the editors"))


class ReviewForm(forms.Form):
    """The review. Saving takes it as it is; sending asks for everything that a review needs."""

    use_required_attribute = False

    words_to_submitter = WordsField(
        label=_("To the people who submitted it"),
        help_text=format_lazy(
            "{} {}",
            _("They will read this, without your name. Say first what is good, then what should change."),
            MARKS,
        ),
        short=False,
        required=True,
    )
    words_to_editors = WordsField(label=_("To the editors only"), help_text=MARKS)
    language = forms.ChoiceField(
        label=_("I have written in"),
        choices=WRITTEN,
        error_messages={"invalid_choice": _("Choose English, French, Spanish or another language.")},
    )
    recommendation = forms.TypedChoiceField(
        label=_("Recommendation"),
        choices=[(value, capfirst(label)) for value, label in Recommendation.choices],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": INCOMPLETE},
    )

    version = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, data=None, *, criteria: list[Criterion], sends: bool = False, initial=None):
        self.criteria, self.sends = criteria, sends
        super().__init__(data, initial=initial)
        for criterion in criteria:
            self.fields[self.name_of(criterion)] = forms.ChoiceField(
                label=criterion.name,
                help_text=criterion.question,
                choices=[
                    *((str(level), capfirst(str(label))) for level, label in Level.choices),
                    (CANNOT_JUDGE, _("Cannot judge")),
                ],
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": INCOMPLETE},
            )

    @staticmethod
    def name_of(criterion: Criterion) -> str:
        return f"criterion_{criterion.pk}"

    def scored(self) -> list[tuple]:
        """Each criterion with its field, for the template."""
        return [(criterion, self[self.name_of(criterion)]) for criterion in self.criteria]

    def clean(self):
        typed = super().clean()
        if not self.sends:
            return typed
        for criterion in self.criteria:
            name = self.name_of(criterion)
            if not typed.get(name) and name not in self.errors:
                self.add_error(
                    name, _("Choose a level for “%(name)s”, or that you cannot judge it.") % {"name": criterion.name}
                )
        if not typed.get("words_to_submitter") and "words_to_submitter" not in self.errors:
            self.add_error("words_to_submitter", _("Write some words to the people who submitted it."))
        if typed.get("recommendation") is None and "recommendation" not in self.errors:
            self.add_error("recommendation", _("Choose what you recommend."))
        return typed

    @property
    def errors_of_words(self) -> list[str]:
        return [error for name in ("words_to_submitter", "words_to_editors") for error in self.errors.get(name, [])]

    @property
    def can_be_kept(self) -> bool:
        """Would keeping what is well formed lose no text?"""
        return not any(self.has_error(name, "max_length") for name in ("words_to_submitter", "words_to_editors"))

    def typed(self) -> Typed:
        """What is well formed of what was sent, to be kept."""
        given = getattr(self, "cleaned_data", {})
        levels = {each.pk: given.get(self.name_of(each)) for each in self.criteria}
        return Typed(
            words_to_submitter=given.get("words_to_submitter", ""),
            words_to_editors=given.get("words_to_editors", ""),
            language=given.get("language", "und"),
            recommendation=given.get("recommendation"),
            levels={pk: int(level) or None for pk, level in levels.items() if level},
        )

    def differing_from(self, review: Review) -> list[tuple[str, str]]:
        """What is kept otherwise than it was typed here, in words, each with its label."""
        kept = initial_of(review, review.language)
        rows = []
        for name, field in self.fields.items():
            value, typed = kept.get(name), self.data.get(name, "").replace("\r\n", "\n")
            if name != "version" and typed != ("" if value is None else str(value)):
                words = dict(getattr(field, "choices", ())).get(value, value)
                rows.append((str(field.label), "" if words is None else str(words)))
        return rows


def initial_of(review: Review | None, language: str) -> dict:
    """What stands in the form when it is opened; `language` is that of a review that is new."""
    if not review:
        return {"language": language, "version": ""}
    levels = {f"criterion_{score.criterion_id}": str(score.level or 0) for score in review.scores.all()}
    names = ("words_to_submitter", "words_to_editors", "language", "recommendation")
    return levels | {name: getattr(review, name) for name in names} | {"version": version_of(review)}


class MembersField(forms.ModelMultipleChoiceField):
    def __init__(self, **options):
        super().__init__(
            Member.objects.available().select_related("user"),
            required=False,
            error_messages={"invalid_choice": INCOMPLETE, "invalid_pk_value": INCOMPLETE, "invalid_list": INCOMPLETE},
            **options,
        )


class BeginForm(forms.Form):
    members = MembersField()
    fewer = forms.BooleanField(required=False)

    @property
    def chosen(self) -> set[int]:
        """The keys that were ticked, for the page that shows the form again."""
        return {int(key) for key in self.data.getlist("members") if key.isascii() and key.isdigit()}


class AskForm(forms.Form):
    member = forms.ModelChoiceField(
        Member.objects.available().select_related("user"),
        error_messages={"required": INCOMPLETE, "invalid_choice": INCOMPLETE},
    )


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision."), "invalid_choice": _("Choose a decision.")},
    )
    words = WordsField(
        label=_("Your words to the submitter"),
        short=False,
        is_needed_at_times=True,
    )
    early = forms.BooleanField(label=_("Decide although not all reviews are in"), required=False)
    seen = forms.CharField(max_length=100, widget=forms.HiddenInput, error_messages={"required": INCOMPLETE})

    def __init__(self, data=None, *, resource: Resource, **options):
        super().__init__(data, **options)
        is_ready, state = deciding.is_ready(resource), resource.state
        is_decided = state in {Resource.State.LISTED, Resource.State.DECLINED}
        self.is_complete = is_ready or deciding.is_complete(resource)
        self.is_reviewed = is_ready or deciding.is_reviewed(resource)
        if not self.is_reviewed and Verdict.LIST in VERDICTS.get(state, []):
            self.fields["verdict"].help_text = _("It can be listed once somebody has reviewed it.")
        self.fields["words"].help_text = format_lazy("{} {}", self.when_words_are_needed(is_decided, is_ready), MARKS)
        # What another editor has meanwhile made impossible is not malformed: `deciding` says how it stands.
        self.fields["verdict"].choices = Verdict.choices
        if not self.is_bound:
            self.offer_only(resource)
        if self.is_complete or is_decided or not deciding.has_begun(resource):
            del self.fields["early"]

    def when_words_are_needed(self, is_decided: bool, is_ready: bool) -> str:
        if is_decided or not self.is_reviewed:
            return _("They get them by e-mail. Needed.")
        if is_ready:
            return _("They get them by e-mail, with the words of the reviewers. Needed unless it is listed.")
        if self.is_complete:
            return _(
                "They get them by e-mail, with the words of the reviewers. Needed, also to say why it is listed with "
                "fewer reviews than usual."
            )
        return _(
            "They get them by e-mail, with the words of the reviewers. Needed unless it is listed with all reviews in."
        )

    def offer_only(self, resource: Resource) -> None:
        """Show the verdicts that are possible as it stands."""
        possible = [each for each in deciding.verdicts_of(resource) if self.is_reviewed or each != Verdict.LIST]
        self.fields["verdict"].choices = [(each.value, each.label) for each in possible]
