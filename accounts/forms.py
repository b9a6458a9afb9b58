"""Forms of the accounts wing; the rest are allauth's own."""

from allauth.account.forms import SignupForm as AllauthSignupForm


class SignupForm(AllauthSignupForm):
    pass
