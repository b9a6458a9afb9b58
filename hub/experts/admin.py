from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from hub.experts.models import Expert, SupportMessage, SupportRequest


def in_a_row(names: list[str]) -> str:
    return ", ".join(names) or "-"


@admin.register(Expert)
class ExpertAdmin(admin.ModelAdmin):
    """Who is in the directory. Entries are written by their owners and decided on the editors' page."""

    list_display = ["name", "organization", "country", "state", "state_since", "decided_by"]
    list_filter = ["state", "regions"]
    list_select_related = ["decided_by"]
    search_fields = ["name", "organization", "about"]
    fields = [
        *("user", "state", "state_since", "decided_by", "reason", "name", "about", "text_language", "organization"),
        *("country", "languages_in_words", "objectives", "regions", "support_in_words"),
    ]
    readonly_fields = fields

    @admin.display(description=_("languages"))
    def languages_in_words(self, expert):
        return in_a_row(expert.language_names)

    @admin.display(description=_("kinds of support"))
    def support_in_words(self, expert):
        return in_a_row(expert.support_names)

    def has_add_permission(self, request):
        return False


class Messages(admin.TabularInline):
    model = SupportMessage
    extra = 0
    can_delete = False
    fields = readonly_fields = ["created_at", "author", "is_from_requester", "words"]

    def has_add_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author", "request")


@admin.register(SupportRequest)
class SupportRequestAdmin(admin.ModelAdmin):
    """Requests for support. They are answered on the editors' page, which also writes to whoever asked."""

    list_display = ["number", "created_at", "organization", "country", "state", "state_since", "handled_by"]
    list_display_links = ["number", "created_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["handled_by"]
    search_fields = ["organization", "message"]
    date_hierarchy = "created_at"
    fields = [
        *("requester", "kind", "organization", "country", "objectives", "support_in_words", "message", "needed_by"),
        "language",
        *("created_at", "state", "state_since", "handled_by"),
    ]
    readonly_fields = fields
    inlines = [Messages]

    @admin.display(description=_("number"), ordering="pk")
    def number(self, request):
        return f"№\u00a0{request.pk}"

    @admin.display(description=_("kinds of support"))
    def support_in_words(self, request):
        return in_a_row(request.support_names)

    def has_add_permission(self, request):
        return False
