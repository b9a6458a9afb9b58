from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from consultations import organizing
from consultations.admin.deleting import KeepsContributions
from consultations.admin.seen import TellsOfChanges
from consultations.admin.texts import TextsForm, TranslationFilter, columns, missing_in_words
from consultations.models import DiscussionSpace


class DiscussionSpaceForm(TextsForm, forms.ModelForm):
    needed_texts = ("title",)


@admin.register(DiscussionSpace)
class DiscussionSpaceAdmin(TellsOfChanges, KeepsContributions, admin.ModelAdmin):
    form = DiscussionSpaceForm
    fieldsets = [
        (None, {"fields": [*columns("title", "introduction"), "slug", "order"]}),
    ]
    prepopulated_fields = {"slug": ["title_en"]}
    list_display = ["title", "slug", "order", "consultation_count", "translations"]
    list_filter = [TranslationFilter]
    search_fields = ["slug", "title_en", "title_fr", "title_es"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(consultation_count=Count("consultations"))

    @admin.display(description=_("consultations"), ordering="consultation_count")
    def consultation_count(self, space):
        return space.consultation_count

    @admin.display(description=_("translations"))
    def translations(self, space):
        return missing_in_words(organizing.missing_translations(space))
