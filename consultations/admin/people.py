"""People, with the consultations that they moderate."""

from django.contrib import admin

from accounts.admin import PersonAdmin
from accounts.models import User
from consultations.models import Moderator


class ModeratedConsultationInline(admin.TabularInline):
    model = Moderator
    fields = ["consultation", "organization"]
    autocomplete_fields = ["consultation"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("consultation")


class PersonWithConsultationsAdmin(PersonAdmin):
    inlines = [ModeratedConsultationInline]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []


admin.site.unregister(User)
admin.site.register(User, PersonWithConsultationsAdmin)
