from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consultations import organizing
from consultations.admin.texts import TextsForm, TranslationFilter, columns, missing_in_words
from hub.pages.models import ContactMessage, Page


class PageForm(TextsForm, forms.ModelForm):
    needed_texts = ("title", "summary", "body")
    rows = 24


@admin.register(Page)
class PageAdmin(admin.ModelAdmin):
    """The texts of the portal's own pages. The pages themselves are fixed, since their addresses are."""

    form = PageForm
    fieldsets = [(None, {"fields": ["updated_at", *columns("title", "summary", "body")]})]
    readonly_fields = ["updated_at"]
    list_display = ["__str__", "updated_at", "translations"]
    list_filter = [TranslationFilter]

    @admin.display(description=_("translations"))
    def translations(self, page):
        return missing_in_words(organizing.missing_translations(page))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ContactMessage)
class ContactMessageAdmin(admin.ModelAdmin):
    """What visitors wrote: to be read, answered by mail and marked as answered."""

    list_display = ["pk", "created_at", "topic", "email", "state"]
    list_display_links = ["pk", "created_at"]
    list_filter = ["state", "topic", "language"]
    search_fields = ["name", "email", "message"]
    date_hierarchy = "created_at"
    fields = ["state", "created_at", "topic", "name", "email", "language", "message"]
    readonly_fields = fields[1:]
    actions = ["mark_as_answered"]

    def has_add_permission(self, request):
        return False

    @admin.action(description=_("Mark the chosen messages as answered"), permissions=["change"])
    def mark_as_answered(self, request, queryset):
        count = queryset.update(state=ContactMessage.State.ANSWERED)
        self.message_user(
            request,
            ngettext("%(count)d message is marked.", "%(count)d messages are marked.", count) % {"count": count},
        )
