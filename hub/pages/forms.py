"""Is what somebody sent through the contact form well formed, and does it look like a person's?"""

import re

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.once import WithKey
from accounts.safeguards import GuardedForm
from accounts.typed import one_line
from consultations import markup
from hub.pages.models import ContactMessage
from hub.resources.models import Resource

SLUG = re.compile("[-_a-zA-Z0-9]{1,90}")


class TypedField(forms.CharField):
    """Text that people type or paste; what PostgreSQL cannot keep is named, and taken out of what comes back."""

    def __init__(self, **options):
        super().__init__(**options)
        self.error_messages["null_characters_not_allowed"] = _(
            "An invisible character in this field could not be kept. We have removed it: check the text and send "
            "it again."
        )

    def widget_attrs(self, widget):
        """Without maxlength: browsers would cut off what is pasted, without a word."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def bound_data(self, data, initial):
        return data.replace("\0", "") if data else data


class TypedEmailField(TypedField, forms.EmailField):
    pass


class ListedResourceField(forms.CharField):
    """The name in the address of a listed resource; anything else counts as none."""

    widget = forms.HiddenInput

    def clean(self, value):
        return Resource.objects.listed().filter(slug=value).first() if SLUG.fullmatch(value or "") else None


class ContactForm(WithKey, GuardedForm):
    """A message to the secretariat. Give `timed` for visitors without an account."""

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("Choose a topic")), *ContactMessage.Topic.choices],
        error_messages={"required": _("Choose a topic."), "invalid_choice": _("Choose one of the topics.")},
    )
    name = TypedField(
        label=_("Your name"),
        required=False,
        max_length=120,
        error_messages={"max_length": _("Shorten the name to %(limit_value)d characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = TypedEmailField(
        label=_("Your e-mail address"),
        help_text=_("For our answer. We use it for nothing else."),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address, so that we can answer you."),
            "invalid": _("Write the e-mail address in full, such as name@example.org."),
            "max_length": _("Shorten the e-mail address to %(limit_value)d characters."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    message = TypedField(
        label=_("Message"),
        help_text=_(
            "If you could not post, paste your text here and name the question: we will publish it for you. "
            "Up to 20,000 characters."
        ),
        strip=False,
        error_messages={"required": _("Write your message first: the field is empty.")},
        widget=forms.Textarea(attrs={"dir": "auto"}),
    )
    resource = ListedResourceField(required=False)
    signer = signing.TimestampSigner(salt="contact")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, use_required_attribute=True, **kwargs)
        for name, field in self.fields.items():
            described = [f"{name}-hint"] if field.help_text else []
            if self.is_bound and name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"
                described.append(f"{name}-error")
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)

    def clean_message(self):
        message = markup.clean_source(self.cleaned_data["message"])
        if markup.is_blank(message):
            raise forms.ValidationError(_("Write your message first: the field is empty."))
        limit = settings.COMMENT_MAX_CHARACTERS
        if len(message) > limit:
            over = len(message) - limit
            raise forms.ValidationError(
                ngettext(
                    "Your message is %(over)s character longer than the %(limit)s that fit. "
                    "Shorten it, or send it in two parts.",
                    "Your message is %(over)s characters longer than the %(limit)s that fit. "
                    "Shorten it, or send it in two parts.",
                    over,
                )
                % {"over": number_format(over, force_grouping=True), "limit": number_format(limit, force_grouping=True)}
            )
        return message

    def clean_name(self):
        return one_line(markup.clean_source(self.cleaned_data["name"]))
