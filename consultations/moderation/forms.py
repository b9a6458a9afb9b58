"""Is what somebody sent to the moderators, or a moderator decided, well formed?"""

import uuid

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from accounts.once import WithKey
from accounts.safeguards import GuardedForm
from consultations import languages, markup
from consultations.forms import TypedText
from consultations.models import Comment, ConductRule
from consultations.moderation import acts
from consultations.moderation.desk import Matter
from consultations.moderation.forms_consultation import NumberField

WORDS = 2_000
TOO_LONG = {"max_length": _("Shorten it to %(limit)s characters.")}

# What each act takes from the form, and what it cannot do without.
FIELDS = {
    "approve": [],
    "hide": ["rule", "reason"],
    "publish": [],
    "refuse": ["rule", "reason"],
    "restore": ["words"],
    "uphold": ["words"],
    "leave": ["words"],
    "answer": ["answer", "submission_key"],
    "acknowledge": [],
    "close": ["answered_in", "closing"],
    "promote": ["text_en", "text_fr", "text_es"],
    "move": ["to"],
    "list": ["to"],
    "stay": [],
    "take": [],
    "pass": ["colleague"],
}
# What takes time to write.
TYPED = ["reason", "words", "answer", "closing", "text_en", "text_fr", "text_es"]
NEEDED = {
    ("hide", "rule"): _("Choose the rule that it breaks."),
    ("hide", "reason"): _("Write a sentence for its author."),
    ("refuse", "rule"): _("Choose the rule that it breaks."),
    ("refuse", "reason"): _("Write a sentence for its author."),
    ("uphold", "words"): _("Write a sentence for its author."),
    ("answer", "answer"): _("Write your answer first: the field is empty."),
    ("move", "to"): _("Choose the question."),
    ("list", "to"): _("Choose the question."),
}


class DecisionForm(forms.Form):
    """One decision about one contribution. What the chosen act does not need is kept, and not complained about."""

    act = forms.ChoiceField(choices=[(name, name) for name in FIELDS])
    seen = forms.CharField(required=False, max_length=100)
    submission_key = forms.UUIDField(required=False)
    rule = forms.ChoiceField(required=False)
    reason = TypedText(required=False, max_length=WORDS, error_messages=TOO_LONG)
    words = TypedText(required=False, max_length=WORDS, error_messages=TOO_LONG)
    answer = TypedText(required=False, strip=False, max_length=settings.COMMENT_MAX_CHARACTERS, error_messages=TOO_LONG)
    answered_in = NumberField(required=False)
    closing = TypedText(required=False, max_length=WORDS, error_messages=TOO_LONG)
    to = forms.ChoiceField(required=False)
    colleague = forms.ChoiceField(required=False)
    text_en = TypedText(required=False, max_length=1_000, error_messages=TOO_LONG)
    text_fr = TypedText(required=False, max_length=1_000, error_messages=TOO_LONG)
    text_es = TypedText(required=False, max_length=1_000, error_messages=TOO_LONG)

    def __init__(self, *args, matter: Matter, rules: list[ConductRule], page_language: str, **kwargs):
        identity = f"case-{matter.case.pk}" if matter.case else f"contribution-{matter.comment.pk}"
        super().__init__(*args, auto_id=f"{identity}-%s", **kwargs)
        self.identity, self.matter, self.page_language = identity, matter, page_language
        self.rules = {str(rule.pk): rule for rule in rules}
        self.questions = {str(each.pk): each for each in matter.questions}
        self.colleagues = {str(each.pk): each for each in matter.colleagues}
        for name, choices in (("rule", self.rules), ("to", self.questions), ("colleague", self.colleagues)):
            self.fields[name].choices = [("", ""), *((key, str(each)) for key, each in choices.items())]
        self.fields["rule"].error_messages = {"invalid_choice": _("Choose one of the rules.")}
        self.fields["to"].error_messages = {"invalid_choice": _("Choose a question of this consultation.")}
        self.fields["colleague"].error_messages = {
            "invalid_choice": _("Choose a moderator of this consultation who may decide about it.")
        }
        language = matter.comment.language if matter.comment.language in dict(settings.LANGUAGES) else page_language
        self.initial.setdefault("answer", matter.draft)
        self.initial.setdefault(f"text_{language}", markup.plain(matter.comment.html, with_addresses=False)[:1_000])
        self.initial.setdefault("submission_key", str(uuid.uuid4()))

    def clean(self):
        cleaned = super().clean()
        act = cleaned.get("act", "")
        for name in [name for name in self.errors if name not in {"act", *FIELDS.get(act, [])}]:
            del self._errors[name]
        for (needing, name), sentence in NEEDED.items():
            if needing == act and name not in self.errors and markup.is_blank(cleaned.get(name) or ""):
                self.add_error(name, sentence)
        texts = [name for name in FIELDS.get(act, []) if name.startswith("text_")]
        if texts and not any(cleaned.get(name) for name in texts) and not self.errors:
            self.add_error(texts[0], _("Write the question in one language at least."))
        if act == "close" and "answered_in" not in self.errors:
            self.find_answer(cleaned)
        if act == "answer" and not cleaned.get("submission_key"):
            self.add_error("answer", _("The form arrived incomplete. Check your text and send it again."))
        return cleaned

    def find_answer(self, cleaned: dict) -> None:
        """Where a question was answered: a contribution, or in words."""
        number, self.pointed_to = cleaned.get("answered_in"), None
        if number:
            self.pointed_to = Comment.objects.select_related("question").filter(pk=number).first()
            if not self.pointed_to or not acts.can_point_to(self.pointed_to, self.matter.comment):
                self.add_error("answered_in", acts.no_answer(number))
        elif markup.is_blank(cleaned.get("closing") or ""):
            self.add_error("answered_in", acts.WHERE_ANSWERED)

    @property
    def key(self) -> str:
        """The key of the answer: the one that was sent when it was a good one, else a fresh one."""
        return str((self.is_bound and self.cleaned_data.get("submission_key")) or self.initial["submission_key"])

    def left_over(self) -> list[forms.BoundField]:
        """What was typed for acts that are not possible any more, so that it can be copied."""
        shown = {name for act in self.matter.acts for name in FIELDS[act]} if self.matter.may_decide else set()
        typed = set(TYPED)
        if self["act"].value() != "promote":
            # The form itself had filled them.
            typed -= {"text_en", "text_fr", "text_es"}
        return [field for field in self if field.name in typed - shown and field.value()]

    def what_to_do(self) -> dict:
        """The arguments of the act."""
        cleaned, act = self.cleaned_data, self.cleaned_data["act"]
        if act in {"hide", "refuse"}:
            return {"rule": self.rules[cleaned["rule"]], "reason": cleaned["reason"].strip()}
        if act in {"restore", "uphold", "leave"}:
            return {"reason": cleaned["words"].strip()}
        if act == "close":
            return {"answer": self.pointed_to, "reason": cleaned["closing"].strip()}
        if act in {"move", "list"}:
            return {"to": self.questions[cleaned["to"]]}
        if act == "pass":
            return {"colleague": self.colleagues.get(cleaned["colleague"])}
        if act == "promote":
            texts = {code: " ".join(cleaned[f"text_{code}"].split()) for code, _name in settings.LANGUAGES}
            return {"texts": {code: text for code, text in texts.items() if text}}
        if act == "answer":
            language = languages.recognise(cleaned["answer"]) or self.page_language
            return {"body": cleaned["answer"], "language": language, "submission_key": cleaned["submission_key"]}
        return {}


class ReportForm(WithKey, GuardedForm):
    """Which rule a contribution breaks, in somebody's view. `timed` for people without an account."""

    rule = forms.ModelChoiceField(
        ConductRule.objects.none(),
        label=_("Which rule does it break?"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the rule that it breaks."),
            "invalid_choice": _("Choose one of the rules."),
        },
    )
    words = TypedText(
        label=_("In your words"),
        help_text=_("What should the moderators look at? They alone read it."),
        required=False,
        max_length=WORDS,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"class": "short", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only to tell you what came of it. Nobody else sees it."),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Write the e-mail address in full, such as name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    signer = signing.TimestampSigner(salt="report")

    def __init__(self, *args, timed: bool, **kwargs):
        super().__init__(*args, timed=timed, **kwargs)
        self.fields["rule"].queryset = ConductRule.objects.filter(is_in_force=True)
        if not timed:
            del self.fields["email"]


class WordsForm(forms.Form):
    """A few words to the moderators."""

    words = TypedText(
        label=_("In your words"),
        max_length=WORDS,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"class": "short", "dir": "auto"}),
    )

    def __init__(self, *args, required: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].required = bool(required)
        self.fields["words"].error_messages["required"] = required
