from django.contrib import admin

from hub.experts.models import Expert, SupportRequest


@admin.register(Expert)
class ExpertAdmin(admin.ModelAdmin):
    """Who is in the directory. Entries are written by their owners and decided on the editors' page."""

    list_display = ["name", "organization", "country", "state", "state_since", "decided_by"]
    list_filter = ["state", "regions"]
    list_select_related = ["decided_by"]
    search_fields = ["name", "organization", "about"]
    fields = [
        *("user", "state", "state_since", "decided_by", "reason", "name", "about", "text_language", "organization"),
        *("country", "languages", "objectives", "regions", "support"),
    ]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False


@admin.register(SupportRequest)
class SupportRequestAdmin(admin.ModelAdmin):
    """Requests for support. They are answered on the editors' page, which also writes to whoever asked."""

    list_display = ["pk", "created_at", "organization", "country", "state", "state_since", "handled_by"]
    list_display_links = ["pk", "created_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["handled_by"]
    search_fields = ["organization", "message"]
    date_hierarchy = "created_at"
    fields = [
        *("requester", "kind", "organization", "country", "objectives", "support", "message", "needed_by", "language"),
        *("created_at", "state", "state_since", "answer", "handled_by"),
    ]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False
