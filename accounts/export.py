"""Everything that the portal keeps about one person."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User


def keepers() -> list:
    """Who else keeps something about people: objects with `export(user)` and `erase(user, keep_contributions)`."""
    return [import_string(path)() for path in settings.PERSONAL_DATA]


def everything_about(user: User) -> dict:
    """What is known of `user`, in words that the person can read; secrets such as passwords are left out."""
    kept = {
        "profile": {
            "name": user.name,
            "e-mail address": user.email,
            "preferred language": user.language,
            "organization": user.organization,
            "country or area": user.country.code,
            "stakeholder group": user.group.slug if user.group else "",
            "others see organization, country and group": user.shows_profile,
            "signed up": user.date_joined,
            "last logged in": user.last_login,
        },
        "e-mail addresses": [
            {"address": each.email, "confirmed": each.verified, "in use": each.primary}
            for each in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "logged in on": [
            {
                "browser": each.user_agent,
                "internet address": each.ip,
                "since": each.created_at,
                "last seen": each.last_seen_at,
            }
            for each in UserSession.objects.filter(user=user).order_by("pk")
        ],
        "two-factor authentication": [
            {"kind": each.get_type_display(), "since": each.created_at, "last used": each.last_used_at}
            for each in Authenticator.objects.filter(user=user).order_by("pk")
        ],
    }
    for keeper in keepers():
        kept |= keeper.export(user)
    return kept
