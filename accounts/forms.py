"""What people fill in about themselves; allauth's forms with the portal's own words."""

from allauth.account import forms as account
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.devices import is_known_device
from accounts.models import StakeholderGroup, User
from accounts.safeguards import GuardedForm
from accounts.typed import one_line

NEW_PASSWORD_HINT = _("At least 12 characters. A short sentence is a good password.")
# Label, hint, what to do when it is empty, and what browsers and password managers should fill in.
WORDS = {
    "login": (_("E-mail address"), "", _("Write your e-mail address."), "username"),
    "email": (_("E-mail address"), "", _("Write an e-mail address."), "email"),
    "password": (_("Password"), "", _("Write your password."), "current-password"),
    "oldpassword": (_("Current password"), "", _("Write your current password."), "current-password"),
    "password1": (_("New password"), NEW_PASSWORD_HINT, _("Choose a password."), "new-password"),
    "remember": (_("Keep me logged in on this device"), "", "", ""),
    "code": (_("Code"), "", _("Write the code."), "one-time-code"),
}


class InOurWords:
    """Gives the fields of one of allauth's forms the portal's labels, hints and errors."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # One field is enough: browsers show what was typed, and a code by mail helps those who mistyped.
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in WORDS:
                label, hint, required, autocomplete = WORDS[name]
                put_words(field, label=label, hint=hint, required=required)
                if autocomplete:
                    field.widget.attrs["autocomplete"] = autocomplete
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = _("Write a whole e-mail address, such as name@example.org.")
            if name == "code":
                field.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}


def put_words(field: forms.Field, *, label="", hint="", required="") -> None:
    field.label, field.help_text = label, hint
    if required:
        field.error_messages["required"] = required


class ProfileForm(forms.ModelForm):
    """What others may see of a person, and the language in which the portal speaks to them."""

    class Meta:
        model = User
        fields = ["name", "country", "organization", "group", "shows_profile", "language"]
        widgets = {"language": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        set_up_profile_fields(self)
        put_words(
            self.fields["shows_profile"],
            label=_("Show my organization, country and stakeholder group beside my contributions"),
            hint=_(
                "Your name is always shown. When you speak for an organization or a State, that is shown too. "
                "A change counts for what you write from now on; earlier contributions stay as they were posted."
            ),
        )

    def clean_name(self):
        return cleaned_name(self)

    def clean_organization(self):
        return one_line(self.cleaned_data["organization"])


def set_up_profile_fields(form: forms.Form) -> None:
    """Labels, hints and choices of the profile's fields, the same when signing up and later."""
    fields = form.fields
    put_words(
        fields["name"],
        label=_("Name"),
        hint=_("As it should appear beside your contributions."),
        required=_("Write the name under which you want to contribute."),
    )
    fields["name"].widget.attrs["autocomplete"] = "name"
    put_words(fields["organization"], label=_("Organization"))
    fields["organization"].widget.attrs["autocomplete"] = "organization"
    put_words(fields["country"], label=_("Country or area"))
    fields["country"].widget.attrs["autocomplete"] = "country"
    fields["country"].choices = [("", _("Several, none or not said")), *fields["country"].choices[1:]]
    put_words(
        fields["group"],
        label=_("Stakeholder group"),
        hint=_("So that drafters can see who has been heard and who is missing."),
    )
    fields["group"].queryset = StakeholderGroup.objects.all()
    fields["group"].empty_label = _("I prefer not to say")
    put_words(
        fields["language"],
        label=_("Preferred language"),
        hint=_("For pages and e-mails. You can write in any of the three."),
        required=_("Choose English, French or Spanish."),
    )
    fields["language"].choices = User.Language.choices
    fields["language"].error_messages["invalid_choice"] = _("Choose English, French or Spanish.")


def cleaned_name(form: forms.Form) -> str:
    name = one_line(form.cleaned_data["name"])
    if not name:
        raise forms.ValidationError(form.fields["name"].error_messages["required"])
    return name


class SignupForm(InOurWords, GuardedForm, account.SignupForm):
    """A new account: name, e-mail address and password, and what the person wants to say of themselves."""

    signer = signing.TimestampSigner(salt="sign-up")
    automatic = _("This looked like an automatic sign-up. Check what you wrote, type your password and send it again.")
    PROFILE = ["name", "country", "organization", "group", "language"]
    field_order = ["name", "email", "password1", "country", "organization", "group", "language", "conduct"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, timed=True, **kwargs)
        self.fields |= forms.fields_for_model(User, self.PROFILE, widgets={"language": forms.RadioSelect})
        set_up_profile_fields(self)
        self.fields["language"].initial = get_language()
        put_words(
            self.fields["email"],
            label=_("E-mail address"),
            hint=_("Never shown. We send a code to it to check that it is yours."),
            required=_("Write your e-mail address."),
        )
        self.fields["password1"].label = _("Password")
        self.fields["conduct"] = forms.BooleanField()
        put_words(
            self.fields["conduct"],
            label=_("I have read the code of conduct and will keep to it"),
            required=_("Read the code of conduct and tick the box."),
        )
        self.order_fields(self.field_order)

    def clean_name(self):
        return cleaned_name(self)

    def clean_organization(self):
        return one_line(self.cleaned_data["organization"])

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            limits.take(context.request, "sign_up", name=cleaned["email"])
        return cleaned

    def try_save(self, request):
        if self.account_already_exists:
            # The time that a new account takes, so that nobody can tell the two apart by the clock.
            make_password(self.cleaned_data["password1"])
        made = super().try_save(request)
        if self.account_already_exists and (pending := request.session.get(LOGIN_SESSION_KEY)):
            # The way back too, which allauth keeps for new accounts only.
            request.session[LOGIN_SESSION_KEY] = pending | {"redirect_url": get_next_redirect_url(request)}
        return made


class LoginForm(InOurWords, account.LoginForm):
    pass


class MailsCode:
    """A form after which a code goes to an e-mail address, or word that there is no account."""

    def clean_email(self):
        email = super().clean_email()
        action = "mail_code_known" if is_known_device(context.request, email) else "mail_code"
        limits.take(context.request, action, name=email)
        return email


class RequestLoginCodeForm(InOurWords, MailsCode, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(InOurWords, account.ConfirmLoginCodeForm):
    pass


class ConfirmEmailVerificationCodeForm(InOurWords, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(InOurWords, account.ConfirmPasswordResetCodeForm):
    pass


class ResetPasswordForm(InOurWords, MailsCode, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    pass


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    pass


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    pass


class AddEmailForm(InOurWords, account.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        put_words(
            self.fields["email"],
            label=_("New e-mail address"),
            hint=_("We send a code to it. Your present address stays in use until you have entered the code."),
        )


class AuthenticateForm(InOurWords, codes.AuthenticateForm):
    pass


class ReauthenticateCodeForm(InOurWords, codes.ReauthenticateForm):
    pass


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code shown by the app")


class PasskeyWords(InOurWords):
    """The credential comes from a script: without it, say what is missing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        missing = _("No passkey arrived. Passkeys need JavaScript and a browser or device that knows them.")
        self.fields["credential"].error_messages |= {"required": missing, "invalid": missing}


class AuthenticatePasskeyForm(PasskeyWords, webauthn.AuthenticateWebAuthnForm):
    pass


class LoginPasskeyForm(PasskeyWords, webauthn.LoginWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(PasskeyWords, webauthn.ReauthenticateWebAuthnForm):
    pass


PASSKEY_NAME = {
    "label": _("Name of the passkey"),
    "hint": _("So that you recognize it later, such as “my phone”."),
    "required": _("Give the passkey a name."),
}


class AddPasskeyForm(PasskeyWords, webauthn.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        put_words(self.fields["name"], **PASSKEY_NAME)
        self.fields["name"].max_length = 100
        self.fields["passwordless"].initial = True
        put_words(
            self.fields["passwordless"],
            label=_("Log in with it alone, without my password"),
            hint=_("Your device then asks for your fingerprint, your face or a PIN."),
        )


class EditPasskeyForm(InOurWords, webauthn.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        put_words(self.fields["name"], **PASSKEY_NAME)


class DeleteAccountForm(forms.Form):
    """What becomes of the contributions, and an explicit yes."""

    KEEP, WITHDRAW = "keep", "withdraw"

    contributions = forms.ChoiceField(
        label=_("What should become of your contributions?"),
        widget=forms.RadioSelect,
        initial=KEEP,
        choices=[
            (KEEP, _("They stay, under “Former participant” instead of my name")),
            (WITHDRAW, _("They are withdrawn, and their texts are erased")),
        ],
        error_messages={
            "required": _("Choose whether your contributions stay or are withdrawn."),
            "invalid_choice": _("Choose whether your contributions stay or are withdrawn."),
        },
    )
    confirmed = forms.BooleanField(
        label=_("I want to delete my account, and I know that this cannot be undone"),
        error_messages={"required": _("Tick the box if you want to delete your account.")},
    )

    @property
    def keeps_contributions(self) -> bool:
        return self.cleaned_data["contributions"] == self.KEEP
