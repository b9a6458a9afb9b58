"""Every setting of the portal. Each choice is an environment variable, listed in the README's table.

PORTAL_MODE says how strict to be: `demo` (a local copy, as visitors would see it), `debug`,
`production` (refuses what is unsafe) or `test`.
"""

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from accounts import rates
from hub import countries, database

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("PORTAL_DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
MODE = env.str("PORTAL_MODE", default="demo")
if MODE not in {"demo", "debug", "production", "test"}:
    raise ImproperlyConfigured(f"PORTAL_MODE is “{MODE}”. Choose demo, debug, production or test.")
PRODUCTION = MODE == "production"
DEBUG = MODE == "debug"


def kept_secret(name: str) -> str:
    """A random value made on first use and kept in the data folder, so that log-ins survive a restart."""
    path = DATA_DIR / name
    try:
        return path.read_text()
    except FileNotFoundError:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = DATA_DIR / f".{name}-{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            # A link is refused when another process was first, so that all use one secret.
            os.link(fresh, path)
        except FileExistsError:
            pass
        fresh.unlink()
        return path.read_text()


def required(name: str, why: str) -> str:
    if value := env.str(name, default=""):
        return value
    raise ImproperlyConfigured(f"{name} is not set. {why}")


if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", "Give a random text of at least 50 characters; it signs log-ins.")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10 or SECRET_KEY.startswith("django-insecure"):
        raise ImproperlyConfigured("SECRET_KEY is too weak. Give a random text of at least 50 characters.")
    PORTAL_URL = required("PORTAL_URL", "Give the address that visitors type, such as https://consult.example.org")
    if not PORTAL_URL.startswith("https://"):
        raise ImproperlyConfigured(f"PORTAL_URL is “{PORTAL_URL}”. In production it must begin with https://")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret("secret-key")
    PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000")
PORTAL_URL = PORTAL_URL.rstrip("/")
PORTAL_HOST = PORTAL_URL.split("://")[-1].split("/")[0]

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[PORTAL_HOST.rsplit(":", 1)[0]])
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS holds “*”. Name the hosts that visitors use.")
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]

SITE_NAME = env.str("SITE_NAME", default="Migration Network Hub")

INSTALLED_APPS = [
    "hub.apps.HubConfig",
    "accounts.apps.AccountsConfig",
    "consultations.apps.ConsultationsConfig",
    "consultations.moderation.apps.ModerationConfig",
    "consultations.following.apps.FollowingConfig",
    "hub.pages.apps.PagesConfig",
    "hub.search.apps.SearchConfig",
    "hub.resources.apps.ResourcesConfig",
    "hub.experts.apps.ExpertsConfig",
    "hub.review.apps.ReviewConfig",
    "hub.background.apps.BackgroundConfig",
    "django_tasks",
    "django_tasks_db",
    "modeltranslation",
    "hub.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_countries",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
]

MIDDLEWARE = [
    "hub.middleware.HealthMiddleware",
    "hub.errors.UnavailableMiddleware",
    # Django pads each answer at random, so that its length tells nothing of secrets in it.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # Outside of all that may still set a cookie.
    "hub.middleware.CachingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hub.errors.TooOftenMiddleware",
]

ROOT_URLCONF = "hub.urls"
WSGI_APPLICATION = "hub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hub.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database.settings_for(env.str("DATABASE_URL", default=""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Limits on log-ins and the like must hold across server processes, so they live in PostgreSQL.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = ["hub.formats"]

MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "fr", "es")

COUNTRIES_OVERRIDE = countries.in_all_languages()

# Accounts

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailVerificationCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmPasswordResetCodeForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.models.shown_name"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Mail can be slow: a code holds for a quarter of an hour, like the log-in that waits for it.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
# Those of strangers are among LIMITS; allauth's others, for people who have shown a password, are in the cache.
ACCOUNT_RATE_LIMITS = {"login": None, "signup": None, "request_login_code": None, "reset_password": None}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
MFA_ADAPTER = "accounts.adapter.TwoFactorAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "authenticate": "accounts.forms.AuthenticateForm",
    "authenticate_webauthn": "accounts.forms.AuthenticatePasskeyForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
    "login_webauthn": "accounts.forms.LoginPasskeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateCodeForm",
    "reauthenticate_webauthn": "accounts.forms.ReauthenticatePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
# Browsers allow passkeys over plain HTTP on the loopback address only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Who else keeps something about a person: classes with `export(user)` and `erase(user, keep_contributions)`.
PERSONAL_DATA = [
    # First, because it locks the threads in which the person writes; whoever posts takes that lock first too.
    "consultations.personal_data.Contributions",
    "consultations.following.personal_data.Following",
    "consultations.moderation.personal_data.Roles",
    "consultations.moderation.personal_data_complaints.Complaints",
    "hub.pages.personal_data.Messages",
    "hub.experts.personal_data.Expertise",
    "hub.resources.personal_data.Submissions",
    "hub.review.personal_data.Reviewing",
    "hub.background.personal_data.Mails",
]
# Who keeps something for the owner of an address: functions of a user and the address that they have confirmed.
ON_ADDRESS_CONFIRMED = ["consultations.moderation.on_behalf.address_confirmed"]

# What other rooms do when something happens in a discussion; see consultations/reactions.py.
REACTIONS = {
    "comment_published": [
        "consultations.moderation.cases.open_for",
        "consultations.following.events.comment_published",
        "hub.resources.links.note",
    ],
    "comment_held": ["consultations.moderation.cases.open_for"],
    # What was posted for somebody became theirs.
    "contribution_claimed": ["consultations.following.events.contribution_claimed"],
    "comment_composed": ["consultations.moderation.organizations.mark"],
    "comment_edited": ["consultations.moderation.organizations.look_again", "hub.resources.links.note"],
    "text_proposed": ["consultations.moderation.cases.text_proposed"],
    "text_taken_back": ["consultations.moderation.cases.text_taken_back"],
    "comment_withdrawn": ["consultations.moderation.cases.close_withdrawn"],
    "thread_moved": ["consultations.moderation.acts.note_move"],
    "moderator_acted": ["consultations.following.events.moderator_acted"],
    "announced": ["consultations.following.events.announced"],
    "rescheduled": ["consultations.following.events.rescheduled"],
    # An organizer has changed the dates of a published consultation, or closed or opened a question of it.
    "dates_set": ["consultations.moderation.consultation_acts.note_dates"],
    "question_state_set": ["consultations.moderation.consultation_acts.note_question"],
    # A question was closed or opened again.
    "question_set": ["consultations.following.events.question_set"],
    "reports_settled": ["consultations.following.events.reports_settled"],
    # A resource came into another state; with the step that was kept.
    "resource_moved": ["hub.review.reactions.resource_moved"],
}

# How Django admin finds contributions by words: a function of what was typed that gives a condition, or nothing.
SEARCH_OF_CONTRIBUTIONS = "hub.search.contributions.having"

# Mail: to the console and into files, unless a server or a provider is named

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <no-reply@hub.example>")
SERVER_EMAIL = env.str("SERVER_EMAIL", default=DEFAULT_FROM_EMAIL)
# Where the secretariat hears of messages sent through the contact form; they are kept in the portal in any case.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
MAILS_DIR = DATA_DIR / "mails"
EMAIL_TIMEOUT = 10
if provider := env.str("MAIL_PROVIDER", default=""):
    # A backend of django-anymail, such as “mailgun” or “amazon_ses”; its keys are ANYMAIL_… variables.
    EMAIL_BACKEND = f"anymail.backends.{provider}.EmailBackend"
    INSTALLED_APPS += ["anymail"]
    ANYMAIL = {
        name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")
    }
elif email_url := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url_config(email_url))
else:
    EMAIL_BACKEND = "hub.mail.ConsoleAndFilesBackend"
if MODE != "test":
    # Pages leave mails to the worker, which has another look at a mail server that is away.
    DELIVERY_BACKEND, EMAIL_BACKEND = EMAIL_BACKEND, "hub.background.mail.QueuedBackend"
# The time that RFC 5321, 4.5.4.1, asks of whoever delivers mail.
MAIL_GIVE_UP_AFTER = timedelta(days=5)

# Work in the background: see hub/background

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if MODE == "test"
        else "django_tasks_db.DatabaseBackend"
    }
}
# Seconds before a task that raised is tried again: 1 minute, 5 and 30 minutes, 2 and 8 hours.
RETRY_DELAYS = (60, 300, 1_800, 7_200, 28_800)
# Tasks without arguments, and how many seconds after their last run they are due again.
SCHEDULE = {
    "hub.background.tasks.prune": 24 * 60 * 60,
    "accounts.limits.forget_expired": 60 * 60,
    "consultations.following.tasks.look_at_the_calendar": 60 * 60,
    "consultations.following.mailing.send_digests": 15 * 60,
    "consultations.moderation.tasks.remind": 60 * 60,
    "hub.search.words.learn": 6 * 60 * 60,
    "hub.review.tasks.remind": 60 * 60,
}
# What the daily cleanup (hub.background.tasks.prune) calls: functions that erase what was kept for long enough.
FORGETTING = [
    "hub.pages.contact.forget_answered",
    "hub.experts.listing.forget_done",
    "consultations.moderation.focal_points.forget_unanswered",
]

# Files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
# Files that people send in. No address leads there: a view looks who may have one.
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": PLAIN if MODE in {"debug", "test"} else HASHED},
}

# Safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_FAILURE_VIEW = "hub.errors.csrf_failure"
# A contribution has at most 20,000 characters; twelve bytes each when escaped by a browser is the worst case.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Files that people send: no page takes more than a few, nor one of more than 20 MB.
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "hub.uploads.CappedUploadHandler",
]
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=60 * 60 * 24 * 365)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
    if env.bool("BEHIND_TLS_PROXY", default=True):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"in_one_line": {"()": "hub.log.InOneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django.request": {"filters": ["in_one_line"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

# The portal's own rules


def limits(action: str, default: str) -> tuple[rates.Rate, ...]:
    """The limits of an action, which the environment variable LIMIT_… of its name replaces."""
    name = f"LIMIT_{action.upper()}"
    try:
        return rates.parse(env.str(name, default=default))
    except ValueError as problem:
        raise ImproperlyConfigured(f"{name}: {problem}") from problem


def number_between(name: str, least: int, most: int, *, default: int) -> int:
    """The whole number in an environment variable."""
    value = env.str(name, default=str(default))
    if not re.fullmatch("[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is “{value}”. Give a whole number from {least} to {most}.")
    return int(value)


# For how many months messages and requests for support are kept after they were last answered or closed. The page about
# privacy names them.
ANSWERED_KEPT_MONTHS = number_between("ANSWERED_KEPT_MONTHS", 1, 120, default=24)


# How often something may be done; see accounts/limits.py. A whole conference may stand behind one address.
LIMITS = {
    action: limits(action, default)
    for action, default in {
        # Writing. The moderators of a consultation may post, edit and preview ten times as often.
        "post": "10/10m/person 60/d/person 150/10m/address",
        "edit": "30/10m/person 200/d/person",
        "preview": "60/10m/person",
        # The form saves at most every second and a half.
        "draft": "150/5m/person",
        # A text sent after the session ended, which waits for its author to log in.
        "park": "60/10m/address",
        # Visitors who flood the form keep nobody from it who is logged in behind the same address.
        "report": "20/h/person 60/d/person 150/h/address",
        "report_as_visitor": "30/h/address",
        # Posting for somebody else, which moderators may do ten times as often; and mails to the address of somebody
        # who has not confirmed it, which nobody may do to the same address more often.
        "post_for": "20/h/person 100/d/person",
        "write_to": "12/d/name",
        # Asking somebody by mail to be a focal point of a consultation.
        "ask_focal_point": "20/h/person 60/d/person",
        # Typing the code of a contribution that was posted for one.
        "claim": "10/h/person 30/h/address",
        "contact": "20/h/person 30/h/address",
        # Receipts to an address that anybody can type into the contact form or under a question to an expert, and
        # answers to reports without an account. Beyond that the message is taken all the same, without one.
        "receipt": "12/d/name",
        # A question to an expert, whom nobody may flood.
        "ask_expert": "10/h/person 30/d/person 20/h/address",
        "ask_support": "5/h/person 20/d/person",
        "write_about_support": "20/h/person 60/d/person",
        # Submitting: drafts that are begun, and files of up to 20 MB.
        "begin_resource": "20/h/person 60/d/person",
        "upload": "30/h/person 100/d/person",
        # An application to the roster of reviewers, and each change of it: every one may bring a file.
        "apply": "20/h/person 60/d/person",
        # Accounts. A browser from which somebody has logged in before has limits of its own, which a stranger
        # who tries out passwords does not use up.
        "log_in": "5/5m/name+address 50/h/name 100/10m/address",
        "log_in_known": "10/5m/name+address",
        "mail_code": "5/15m/name+address 20/h/name 60/h/address",
        "mail_code_known": "10/h/name+address",
        "sign_up": "5/h/name+address 20/h/name 60/h/address",
        # Visitors behind one address keep nobody from searching who is logged in.
        "search": "60/m/person",
        "search_as_visitor": "60/m/address",
    }.items()
}
COMMENT_MAX_CHARACTERS = 20_000
# Who besides its submitter and the editors may read a resource that is not listed: functions of a user and it.
RESOURCE_READERS = ["hub.review.permissions.can_read_for_review"]
# Peer review. How many reviewers a submission has, and how many days they have to answer and to write.
INTERNAL_REVIEWERS = env.int("INTERNAL_REVIEWERS", default=1)
EXTERNAL_REVIEWERS = env.int("EXTERNAL_REVIEWERS", default=2)
REVIEW_ANSWER_DAYS = env.int("REVIEW_ANSWER_DAYS", default=5)
REVIEW_DAYS = env.int("REVIEW_DAYS", default=21)
# Recommendations go from “list” (0) over “list after changes” (1) to “do not list” (2). When two of them are so far
# apart, one more reviewer is asked.
REVIEW_DISAGREEMENT = env.int("REVIEW_DISAGREEMENT", default=2)
# The notice above each page that people and texts are invented.
DEMONSTRATION = MODE in {"demo", "debug"}
