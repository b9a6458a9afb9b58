"""People, with the consultations that they moderate."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin import PersonAdmin
from accounts.models import User
from consultations.admin.forms import ModeratorFormSet
from consultations.admin.seen import TellsOfChanges
from consultations.models import Moderator
from hub.admin import ChoosesByName


class ModeratedConsultationInline(ChoosesByName, admin.StackedInline):
    model = Moderator
    formset = ModeratorFormSet
    verbose_name = _("moderated consultation")
    verbose_name_plural = _("consultations that this person moderates")
    fields = [("consultation", "organization")]
    autocomplete_fields = ["consultation"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("consultation")


class PersonWithConsultationsAdmin(TellsOfChanges, PersonAdmin):
    inlines = [ModeratedConsultationInline]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []


admin.site.unregister(User)
admin.site.register(User, PersonWithConsultationsAdmin)
