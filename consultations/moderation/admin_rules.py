"""The rules of the code of conduct, as moderators name them."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy

from consultations import organizing
from consultations.admin.seen import TellsOfChanges
from consultations.admin.texts import TextsForm, TranslationFilter, columns, missing_in_words
from consultations.models import Comment, ConductRule
from consultations.moderation.models import Act, Report


class ConductRuleForm(TextsForm, forms.ModelForm):
    needed_texts = ("text",)


@admin.register(ConductRule)
class ConductRuleAdmin(TellsOfChanges, admin.ModelAdmin):
    """A rule that was named in a decision or a report keeps its number; it can be taken out of force."""

    form = ConductRuleForm
    fields = ["number", "is_in_force", *columns("text")]
    list_display = ["number", "__str__", "is_in_force", "translations"]
    list_display_links = ["__str__"]
    list_filter = ["is_in_force", TranslationFilter]

    @admin.display(description=gettext_lazy("translations"))
    def translations(self, rule):
        return missing_in_words(organizing.missing_translations(rule))

    def get_readonly_fields(self, request, obj=None):
        return ["number"] if obj and is_named(obj) else []

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and is_named(obj))

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


def is_named(rule: ConductRule) -> bool:
    """Whether a decision, a marker or a report says this number."""
    return (
        Comment.objects.filter(rule=rule).exists()
        or Report.objects.filter(rule=rule).exists()
        or Act.objects.filter(rule_number=rule.number).exists()
    )
