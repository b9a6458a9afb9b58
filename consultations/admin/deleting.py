"""What people wrote is never deleted along with what stands above it."""

from django.contrib import messages
from django.shortcuts import redirect

from consultations import organizing


class KeepsContributions:
    """Mixed into a model admin: a refused deletion is one sentence, on the page from where it was asked."""

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        if row and self.has_delete_permission(request, row) and (sentence := organizing.why_not_delete(row)):
            messages.error(request, sentence)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request):
        """Without the deletion of several at once: each is worth a look."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
