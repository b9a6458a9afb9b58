"""Is what a submitter typed well formed? Nothing is required: a step is kept however much of it is there."""

from collections.abc import Callable

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.typed import is_blank, one_line
from consultations.forms import MARKS, TypedText
from consultations.models import Objective
from hub.resources import outside
from hub.resources.models import LANGUAGES, GuidingPrinciple, Region, Resource
from hub.resources.models.resources import FIRST_YEAR, HOW_TO_NAME_AUTHORS

LONGEST = 5_000
LONGEST_AUTHORS = 2_000
UPLOADS = ".pdf,.docx,.odt,.pptx,.png,.jpg,.jpeg"
NO_SUCH_CHOICE = {"invalid_choice": _("Choose one of the list.")}


class LineField(TypedText):
    """One line of text."""

    def __init__(self, *, max_length, is_optional=False, **options):
        super().__init__(
            required=False,
            max_length=max_length,
            error_messages={"max_length": _("Shorten this to %(limit)s characters; it has %(number)s.")},
            **options,
        )
        self.is_optional = is_optional
        self.widget.attrs["dir"] = "auto"

    def to_python(self, value):
        return one_line(super().to_python(value))


class TitleField(LineField):
    """A title says something: signs alone do not, in whatever script it is."""

    def to_python(self, value):
        title = super().to_python(value)
        if title and not any(each.isalnum() for each in title):
            raise forms.ValidationError(_("Write a title with letters or digits in it."))
        return title


class LongField(TypedText):
    """Paragraphs of text; what shows nothing counts as empty."""

    def __init__(self, *, max_length=LONGEST, is_optional=False, attrs=None, **options):
        super().__init__(
            required=False,
            max_length=max_length,
            strip=False,
            error_messages={"max_length": _("Shorten the text to %(limit)s characters; it has %(number)s.")},
            widget=forms.Textarea(attrs={"dir": "auto", "class": "short"} | (attrs or {})),
            **options,
        )
        self.is_optional = is_optional

    def to_python(self, value):
        # Browsers send the ends of lines as two characters.
        text = super().to_python(value).replace("\r\n", "\n")
        return "" if is_blank(text) else text.strip()


class AuthorsField(LongField):
    """A name on each line."""

    def to_python(self, value):
        return "\n".join(name for line in super().to_python(value).splitlines() if (name := one_line(line)))


class YearField(forms.Field):
    """A year of four digits, or none."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, is_optional=False, ahead=1, **options):
        super().__init__(required=False, **options)
        self.is_optional, self.ahead = is_optional, ahead

    def to_python(self, value):
        value = one_line(value or "")
        if not value:
            return None
        last = timezone.localdate().year + self.ahead
        if not (value.isascii() and value.isdigit() and len(value) == 4 and FIRST_YEAR <= int(value) <= last):
            raise forms.ValidationError(
                _("Write the year with four digits, from %(first)s to %(last)s.")
                % {"first": str(FIRST_YEAR), "last": str(last)}
            )
        return int(value)


class AddressField(TypedText):
    """An address of the public web."""

    widget = forms.URLInput(attrs={"placeholder": "https://"})

    def __init__(self, **options):
        super().__init__(required=False, **options)
        self.is_optional = True

    def to_python(self, value):
        try:
            return outside.public(super().to_python(value))
        except outside.AddressRefused as refusal:
            raise forms.ValidationError(refusal.message) from None


class OneOf(forms.ChoiceField):
    def __init__(self, *, choices, label, prompt="", **options):
        named = [(value, capfirst(str(name))) for value, name in choices]
        super().__init__(
            label=label,
            required=False,
            error_messages=NO_SUCH_CHOICE,
            choices=[("", prompt), *named] if prompt else named,
            **options,
        )


class SomeOf(forms.MultipleChoiceField):
    """Boxes to tick; `layout` names how they stand, `is_folded` puts a long list behind a line to open."""

    def __init__(self, *, label, choices, layout="choices-wide", key: Callable = str, is_folded=False, **options):
        self.is_optional = options.pop("is_optional", False)
        super().__init__(
            label=label,
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages=NO_SUCH_CHOICE,
            **options,
        )
        self.layout, self.key, self.is_folded = layout, key, is_folded

    def clean(self, value):
        return sorted({self.key(each) for each in super().clean(value)})

    def prepare_value(self, value):
        return [str(each) for each in value or []]


class StepForm(forms.Form):
    """One step. `kept` is what can be saved, whatever else is wrong."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)

    @property
    def kept(self) -> dict:
        return dict(self.cleaned_data)


class WhatForm(StepForm):
    kind = OneOf(label=_("Kind"), choices=Resource.Kind.choices, prompt=_("Choose a kind"))
    title = TitleField(label=_("Title"), help_text=_("In its own words. Write acronyms out."), max_length=250)
    address = AddressField(
        label=_("Web address"),
        help_text=_("A stable page or file that needs no account. You can add files instead, or besides."),
    )
    publisher = LineField(
        label=_("Publisher"),
        help_text=_("The organization that answers for it. Where there is none, name the authors."),
        max_length=250,
    )
    authors = AuthorsField(
        label=_("Authors"), help_text=HOW_TO_NAME_AUTHORS, max_length=LONGEST_AUTHORS, is_optional=True
    )
    year = YearField(label=_("Year in which it appeared"))
    languages = SomeOf(
        label=_("Languages in which it can be read"),
        choices=[(code, capfirst(str(name))) for code, name in LANGUAGES],
        layout="choices-row",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # In the language of the page, not in that of whoever asked first.
        self.fields["languages"].choices = [(code, capfirst(str(name))) for code, name in LANGUAGES]
        self.fields["kind"].choices = [("", _("Choose a kind")), *capitalised(Resource.Kind.choices)]


class AboutForm(StepForm):
    summary = LongField(
        label=_("Summary"),
        help_text=_("Who would use it, for what, and what is new in it. 60 to 150 words."),
        attrs={"data-words": True},
    )
    text_language = OneOf(label=_("Language of title and summary"), choices=settings.LANGUAGES)
    objectives = SomeOf(
        label=_("Objectives of the Compact"), help_text=_("Those that it helps with most."), choices=[], key=int
    )
    principles = SomeOf(
        label=_("Guiding principles"),
        help_text=_("Those that it rests on, if it says so."),
        choices=[],
        key=int,
        is_optional=True,
    )
    regions = SomeOf(label=_("Regions"), help_text=_("What it is about."), choices=[], key=int)
    countries = SomeOf(
        label=_("Countries or areas"),
        help_text=_("What it is about, where it is about some only."),
        choices=[],
        is_folded=True,
        is_optional=True,
    )
    scope = OneOf(label=_("Scope"), choices=Resource.Scope.choices, prompt=_("Choose the scope"))
    comprehensiveness = OneOf(
        label=_("How comprehensive it is"),
        choices=Resource.Comprehensiveness.choices,
        widget=forms.RadioSelect,
        help_text=_("Comprehensive and global resources stand first in the list; all are worth submitting."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lists = {"objectives": Objective, "principles": GuidingPrinciple, "regions": Region}
        for name, model in lists.items():
            self.fields[name].choices = [(str(each.pk), str(each)) for each in model.objects.all()]
        self.fields["countries"].choices = list(countries)
        self.fields["text_language"].choices = capitalised(settings.LANGUAGES)
        self.fields["scope"].choices = [("", _("Choose the scope")), *capitalised(Resource.Scope.choices)]
        self.fields["comprehensiveness"].choices = capitalised(Resource.Comprehensiveness.choices)

    @property
    def kept(self) -> dict:
        # A language there must be; what is no language leaves the one that there is.
        return {name: value for name, value in super().kept.items() if value or name != "text_language"}


def capitalised(choices) -> list[tuple[str, str]]:
    """The choices as they stand in a list of their own; in the language of whoever reads them."""
    return [(value, capfirst(label)) for value, label in choices]


class PracticeForm(StepForm):
    implementer = LongField(
        label=_("Who carried it out"), help_text=_("Authorities, organizations or groups, and in what role.")
    )
    began = YearField(label=_("First year"))
    ended = YearField(
        label=_("Last year"), help_text=_("Leave it empty while the practice goes on."), is_optional=True, ahead=10
    )
    partners = LongField(label=_("With whom"), help_text=_("Partners, and how migrants and communities took part."))
    achieved = LongField(label=_("What it achieved"), help_text=_("For whom, how many, and how you know."))
    learned = LongField(
        label=_("What was learned"), help_text=_("What worked, what did not, and what you would do differently.")
    )
    repeating = LongField(
        label=_("How it can be repeated"), help_text=_("What others need: people, money, laws, time.")
    )

    def clean(self):
        cleaned = super().clean()
        began, ended = cleaned.get("began"), cleaned.get("ended")
        if began and ended and ended < began:
            self.add_error("ended", _("The last year is before the first: correct one of them."))
        return cleaned


class SendForm(StepForm):
    relation = OneOf(
        label=_("What you have to do with it"), choices=Resource.Relation.choices, widget=forms.RadioSelect
    )
    answer = LongField(
        label=_("Your words to the editors"),
        help_text=format_lazy("{} {}", _("What you changed, and what you left as it was and why."), MARKS),
        is_optional=True,
    )

    def __init__(self, *args, answers: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = capitalised(Resource.Relation.choices)
        if not answers:
            del self.fields["answer"]


class BeginForm(StepForm):
    """What a draft begins with."""

    kind = OneOf(label=_("Kind"), choices=Resource.Kind.choices, prompt=_("Choose a kind"))
    title = TitleField(label=_("Title"), help_text=_("In its own words. Write acronyms out."), max_length=250)
    address = AddressField(label=_("Web address"), help_text=_("If it has one. You can add files in the next step."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Choose a kind")), *capitalised(Resource.Kind.choices)]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _("Choose what kind of resource it is."))
        if not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", _("Write the title."))
        return cleaned


FORMS = {"what": WhatForm, "about": AboutForm, "practice": PracticeForm, "send": SendForm}
