import datetime

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy

from consultations import organizing
from consultations.admin.seen import TellsOfChanges
from consultations.admin.texts import TextsForm, TranslationFilter, columns, missing_in_words
from consultations.models import Terms
from consultations.wall_clock import WallClockField, moment_of, on_the_wall


class TermsForm(TextsForm, forms.ModelForm):
    in_force_from = WallClockField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy(
            "In UTC. A time that has passed means: from now on. Once in force, a version cannot be changed, "
            "because participants have agreed to it."
        ),
    )
    needed_texts = ("conduct", "use_of_contributions")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "in_force_from" in self.fields:
            from_when = self.instance.in_force_from if self.instance.pk else timezone.now()
            self.initial["in_force_from"] = on_the_wall(from_when, datetime.UTC)

    def clean_in_force_from(self):
        """Never before now, so that nobody has agreed to something else than what was shown."""
        return max(moment_of(self.cleaned_data["in_force_from"], datetime.UTC), timezone.now())


@admin.register(Terms)
class TermsAdmin(TellsOfChanges, admin.ModelAdmin):
    """Versions in force are read; new ones are added, with the texts of an earlier one to begin with."""

    form = TermsForm
    fieldsets = [
        (None, {"fields": ["version", "in_force_from"]}),
        (None, {"fields": columns("conduct", "use_of_contributions")}),
    ]
    list_display = ["version", "in_force_from", "is_in_force", "translations"]
    list_filter = [TranslationFilter]

    def get_changeform_initial_data(self, request):
        """The texts of the version from which a new one was asked for."""
        initial = super().get_changeform_initial_data(request)
        earlier = Terms.objects.filter(version=initial.pop("from", None)).first()
        if earlier:
            for line in columns("conduct", "use_of_contributions"):
                initial |= {name: getattr(earlier, name) for name in line}
        return initial

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def is_in_force(self, terms):
        return terms.in_force_from <= timezone.now()

    @admin.display(description=gettext_lazy("translations"))
    def translations(self, terms):
        return missing_in_words(organizing.missing_translations(terms))

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and self.is_in_force(obj))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and self.is_in_force(obj))

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
