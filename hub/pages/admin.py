import re
from itertools import chain

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consultations import organizing
from consultations.admin.history import KeepsNamesOfFields
from consultations.admin.seen import TellsOfChanges
from consultations.admin.texts import TextsForm, TranslationFilter, columns, missing_in_words
from hub.pages import contact
from hub.pages.models import TEXTS, ContactMessage, Page
from hub.resources.permissions import edits


class PageForm(TextsForm, forms.ModelForm):
    """The texts of a page. A language has all of them or none, and one that had them keeps some."""

    needed_texts = TEXTS
    rows = 24

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.before = self.instance.versions.first()

    def clean(self):
        cleaned = super().clean()
        for language in organizing.LANGUAGES:
            self.check_language(language)
        return cleaned

    def check_language(self, language):
        names = [f"{name}_{language}" for name in TEXTS]
        empty = [name for name in names if not self.cleaned_data.get(name) and name not in self.errors]
        if not empty:
            return
        if len(empty) < len(names):
            problem = _("Write title, summary and text in this language: a page is shown in one language as a whole.")
        elif self.before and self.before.in_one_language(language):
            problem = _("The page has this text in this language. Replace it, but do not leave it empty.")
        else:
            return
        for name in empty:
            self.add_error(name, problem)


@admin.register(Page)
class PageAdmin(TellsOfChanges, admin.ModelAdmin):
    """The texts of the portal's own pages. The pages themselves are fixed, since their addresses are."""

    form = PageForm
    fieldsets = [(None, {"fields": ["updated_at", *columns(*TEXTS), "versions"]})]
    readonly_fields = ["updated_at", "versions"]
    list_display = ["__str__", "updated_at", "translations"]
    list_filter = [TranslationFilter]

    @admin.display(description=_("translations"))
    def translations(self, page):
        return missing_in_words(organizing.missing_translations(page))

    @admin.display(description=_("versions"))
    def versions(self, page):
        """Each version with a link to read it, and one that puts its texts into the form."""
        lines = [
            (page.get_absolute_url(), each.pk, date_format(each.created_at, "DATETIME_FORMAT"), each.pk)
            for each in page.versions.only("pk", "created_at", "page_id")
        ]
        line = format_html(
            '<li><a href="{{}}?version={{}}">{{}}</a> (UTC) · <a href="?version={{}}">{}</a></li>',
            _("Put these texts into the form"),
        )
        return format_html("<ul>{}</ul>", format_html_join("\n", line, lines))

    def get_object(self, request, object_id, from_field=None):
        page = super().get_object(request, object_id, from_field)
        if page and request.method == "GET":
            self.put_into_form(request, page)
        return page

    def put_into_form(self, request, page):
        """The texts of an earlier version, if one was asked for, in the place of those that stand; nothing is saved."""
        wanted = request.GET.get("version", "")
        version = page.versions.filter(pk=wanted).first() if re.fullmatch("[0-9]{1,18}", wanted) else None
        if not version:
            return
        for name in chain.from_iterable(columns(*TEXTS)):
            setattr(page, name, getattr(version, name))
        when = date_format(version.created_at, "DATETIME_FORMAT")
        self.message_user(
            request,
            _("The form holds the texts of %(when)s (UTC). The page shows them once you save.") % {"when": when},
            messages.WARNING,
        )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def is_for_editors(user, message: ContactMessage | None) -> bool:
    """May this person read the message, or the list of such messages, as one of the editors?"""
    return edits(user) and (message is None or message.topic == ContactMessage.Topic.RESOURCES)


@admin.register(ContactMessage)
class ContactMessageAdmin(KeepsNamesOfFields, admin.ModelAdmin):
    """What visitors wrote: to be read, answered by mail and marked as answered.

    The hub's editors find here what is about resources, and nothing else unless they have been given more.
    """

    list_display = ["number", "created_at", "topic", "email", "state"]
    list_display_links = ["number", "created_at"]
    list_filter = ["state", "topic", "language"]
    search_fields = ["name", "email", "message"]
    date_hierarchy = "created_at"
    fields = ["state", "answered_at", "created_at", "topic", "name", "email", "language", "resource", "message"]
    readonly_fields = fields[1:]
    actions = ["mark_as_answered"]

    @admin.display(description=_("number"), ordering="pk")
    def number(self, message):
        return f"№\u00a0{message.pk}"

    def get_queryset(self, request):
        found = super().get_queryset(request).select_related("resource")
        return found if super().has_view_permission(request) else found.filter(topic=ContactMessage.Topic.RESOURCES)

    def has_module_permission(self, request):
        return super().has_module_permission(request) or edits(request.user)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or is_for_editors(request.user, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) or is_for_editors(request.user, obj)

    def has_add_permission(self, request):
        return False

    def save_model(self, request, message, form, change):
        if "state" in form.changed_data:
            message.answered_at = timezone.now() if message.state == ContactMessage.State.ANSWERED else None
        super().save_model(request, message, form, change)

    @admin.action(description=_("Mark the chosen messages as answered"), permissions=["change"])
    def mark_as_answered(self, request, queryset):
        count = contact.mark_as_answered(queryset)
        self.message_user(
            request,
            ngettext("%(count)d message is marked.", "%(count)d messages are marked.", count) % {"count": count},
        )
