"""What editors do in Django admin: make calls, correct and translate what is listed, choose what the home page shows.

What is listed, and why, is decided on the editors' pages, through `listing.py`.
"""

import copy
from itertools import chain

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import organizing
from consultations.admin.seen import TellsOfChanges
from consultations.admin.texts import TextsForm, TranslationFilter, columns, missing_in_words
from hub.resources import listing
from hub.resources.forms import WhatForm, capitalised
from hub.resources.models import LANGUAGES, Call, Region, Resource, ResourceFile, StateChange


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class FileInline(ReadOnlyInline):
    model = ResourceFile
    fields = readonly_fields = ["name", "format", "language", "size", "uploaded_at"]


class StateChangeInline(ReadOnlyInline):
    model = StateChange
    fields = readonly_fields = ["at", "before", "after", "by", "words"]

    def get_fields(self, request, obj=None):
        """Who decided about one's own submission is not said here either."""
        is_own = obj and obj.submitted_by_id == request.user.pk
        return [name for name in self.fields if name != "by" or not is_own]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")


class ResourceForm(TextsForm, forms.ModelForm):
    """What is listed, to be corrected by the rules that hold where it is submitted."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "languages" in self.fields:
            self.fields["languages"].choices = capitalised(LANGUAGES)
        if "kind" in self.fields:
            # A practice has a step of its own, which others lack.
            self.fields["kind"].choices = [
                (value, label)
                for value, label in Resource.Kind.choices
                if self.instance.is_practice == (value == Resource.Kind.PRACTICE)
            ]

    def clean(self):
        """The texts in the submitter's own language stay: readers fall back to them, and citations name them."""
        cleaned = super().clean()
        for name in ("title", "summary"):
            column = f"{name}_{self.instance.text_language}"
            is_empty = column in self.fields and not (cleaned.get(column) or "").strip()
            if is_empty and getattr(self.instance, column):
                self.add_error(column, _("This is the text as it was submitted. It can be corrected, not emptied."))
        if not self.fields.keys().isdisjoint(listing.CORRECTED):
            self.require_what_readers_need(cleaned)
        return cleaned

    def require_what_readers_need(self, cleaned):
        for name in NEEDED:
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, _("Readers of the list need this."))
        if not cleaned.get("address") and "address" not in self.errors and not self.instance.files.exists():
            self.add_error("address", _("Give its web address, or add a file."))
        if not cleaned.get("publisher") and not cleaned.get("authors") and "authors" not in self.errors:
            self.add_error("publisher", _("Name its publisher or its authors."))


NEEDED = ("kind", "year", "languages", "objectives", "regions", "scope", "comprehensiveness")


@admin.register(Resource)
class ResourceAdmin(TellsOfChanges, admin.ModelAdmin):
    """Resources once they are sent, to be read; those that are listed also to be corrected and translated.

    What reviewers read stays as its submitter sent it, and nobody changes here what they submitted themselves.
    """

    form = ResourceForm
    texts = columns("title", "summary")
    fieldsets = [
        (None, {"fields": ["state", "state_since", "is_featured", "call", *texts]}),
        (
            gettext_lazy("The resource"),
            {
                "fields": [
                    *("text_language", "kind", "address", "publisher", "authors", "year", "languages", "objectives"),
                    *("principles", "regions", "countries", "scope", "comprehensiveness", "submitted_by", "relation"),
                    *("created_at", "submitted_at", "listed_at", "corrected_at", "slug"),
                ]
            },
        ),
    ]
    always_read_only = ["state", "state_since", "text_language", "submitted_by", "relation"]
    always_read_only += ["created_at", "submitted_at", "listed_at", "corrected_at", "slug"]
    only_of_listed = ["is_featured", *chain.from_iterable(texts), *listing.CORRECTED]
    filter_horizontal = ["objectives", "principles", "regions"]
    inlines = [FileInline, StateChangeInline]
    list_display = ["__str__", "kind", "state", "state_since", "is_featured", "translations"]
    list_filter = ["state", "is_featured", "kind", "call", TranslationFilter]
    search_fields = ["title_en", "title_fr", "title_es", "publisher", "authors", "address"]
    date_hierarchy = "created_at"
    show_full_result_count = False

    def get_queryset(self, request):
        """Without drafts and what was withdrawn, which nobody else reads."""
        return super().get_queryset(request).sent().exclude(state=Resource.State.WITHDRAWN)

    @admin.display(description=gettext_lazy("translations"))
    def translations(self, resource):
        return missing_in_words(organizing.missing_translations(resource))

    def get_readonly_fields(self, request, obj=None):
        return self.always_read_only + ([] if obj and obj.is_listed else self.only_of_listed)

    def has_change_permission(self, request, obj=None):
        is_own = obj and obj.submitted_by_id == request.user.pk
        return super().has_change_permission(request, obj) and not is_own

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Addresses, years and languages by the same rules as where they are submitted."""
        if db_field.name in {"address", "publisher", "authors", "year", "languages"}:
            field = copy.deepcopy(WhatForm.base_fields[db_field.name])
            if db_field.name in {"address", "publisher"}:
                # As wide as the texts that Django makes itself.
                field.widget.attrs["class"] = "vTextField"
            return field
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        own = {f"{name}_{form.instance.text_language}" for name in ("title", "summary")}
        if not ({*listing.CORRECTED} | own).isdisjoint(form.changed_data):
            listing.correct(form.instance)

    def view_on_site(self, resource):
        return resource.get_absolute_url() if resource.is_listed else None

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """What was submitted is kept, with its steps; editors take it off the list."""
        return False


class CallForm(TextsForm, forms.ModelForm):
    needed_texts = ("title", "text")
    rows = 14

    def clean(self):
        cleaned = super().clean()
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The deadline must be after the opening."))
        return cleaned


@admin.register(Call)
class CallAdmin(TellsOfChanges, admin.ModelAdmin):
    form = CallForm
    fieldsets = [
        (None, {"fields": ["is_published", "opens_at", "closes_at", *columns("title", "text"), "objectives", "slug"]})
    ]
    prepopulated_fields = {"slug": ["title_en"]}
    filter_horizontal = ["objectives"]
    list_display = ["title", "is_published", "opens_at", "closes_at", "submission_count", "translations"]
    list_filter = ["is_published", TranslationFilter]
    search_fields = ["slug", "title_en", "title_fr", "title_es"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(submission_count=Count("resources"))

    @admin.display(description=gettext_lazy("submissions"), ordering="submission_count")
    def submission_count(self, call):
        return call.submission_count

    @admin.display(description=gettext_lazy("translations"))
    def translations(self, call):
        return missing_in_words(organizing.missing_translations(call))

    def view_on_site(self, call):
        return call.get_absolute_url() if call.is_published else None

    def has_delete_permission(self, request, obj=None):
        """A call under which something was submitted stays; it can be taken back by not publishing it."""
        return super().has_delete_permission(request, obj) and not (obj and obj.resources.exists())

    def get_actions(self, request):
        """Without the deletion of several at once: each is worth a look."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class RegionForm(TextsForm, forms.ModelForm):
    needed_texts = ("name",)


@admin.register(Region)
class RegionAdmin(TellsOfChanges, admin.ModelAdmin):
    """Names of the regions. Which ones there are is fixed, as addresses and listed resources name them."""

    form = RegionForm
    fieldsets = [(None, {"fields": [*columns("name"), "order", "slug"]})]
    readonly_fields = ["slug"]
    list_display = ["name", "slug", "order", "translations"]

    @admin.display(description=gettext_lazy("translations"))
    def translations(self, region):
        return missing_in_words(organizing.missing_translations(region))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
