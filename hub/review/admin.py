from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from consultations import organizing
from consultations.admin.seen import TellsOfChanges
from consultations.admin.texts import TextsForm, TranslationFilter, columns, missing_in_words
from hub.review.models import Criterion, Member


class CriterionForm(TextsForm, forms.ModelForm):
    needed_texts = ("name", "question", "weak", "sufficient", "strong")
    rows = 4


@admin.register(Criterion)
class CriterionAdmin(TellsOfChanges, admin.ModelAdmin):
    """What reviews are written against; everybody can read it on the page about peer review."""

    form = CriterionForm
    fieldsets = [
        (
            None,
            {
                "fields": ["slug", "order", "is_in_use", *columns("name", "question", "weak", "sufficient", "strong")],
                "description": _(
                    "Everybody reads the criteria on the page about peer review. One that is taken out of use is not "
                    "asked about any more; reviews that were written against it stay as they are."
                ),
            },
        )
    ]
    prepopulated_fields = {"slug": ["name_en"]}
    list_display = ["name", "order", "is_in_use", "translations"]
    list_filter = ["is_in_use", TranslationFilter]

    @admin.display(description=_("translations"))
    def translations(self, criterion):
        return missing_in_words(organizing.missing_translations(criterion))

    def has_delete_permission(self, request, obj=None):
        """Only what nothing was written against."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.scores.exists())

    def get_actions(self, request):
        # One by one, so that none goes that reviews were written against.
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class ReadOnly(admin.ModelAdmin):
    """To look things up; what happens is done on the editors' pages, which also write to whom it concerns.

    Rounds and reviews are shown there alone: who may see them depends on the resource, not on a permission.
    """

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Member)
class MemberAdmin(ReadOnly):
    list_display = ["__str__", "state", "state_since", "is_internal", "is_paused", "background", "region", "decided_by"]
    list_filter = ["state", "is_internal", "is_paused", "background", "region"]
    list_select_related = ["user", "region", "decided_by"]
    search_fields = ["user__name", "organization", "position"]
    fields = [
        *("user", "state", "state_since", "applied_at", "decided_by", "reason", "is_paused", "is_internal"),
        *("background", "position", "organization", "country", "years", "objectives", "languages", "region", "gender"),
        *("profile", "publications", "interests", "cv_name"),
    ]
