"""The administration as a whole: logging in, searching for people, and what is not managed there."""

import re
from functools import wraps

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest
from django.utils.translation import gettext_lazy as _


class AutocompleteView(AutocompleteJsonView):
    """Names each result as the admin of its model asks, so that two people of one name are told apart."""

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        if in_words := getattr(self.model_admin, "autocomplete_text", None):
            result["text"] = in_words(obj)
        return result


# Ids of rows: numbers, and the UUIDs of tasks.
ID = re.compile(r"[0-9]{1,18}|[0-9a-f-]{36}")


def well_formed(view):
    """Refuse what no page of the administration sends, and what Django does not expect either."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        # Words to search for may hold anything.
        asked = [value for name, values in request.GET.lists() if name != SEARCH_VAR for value in values]
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if any("\0" in value for value in asked) or not all(map(ID.fullmatch, chosen)):
            raise BadRequest
        return view(request, *args, **kwargs)

    return checked


class ChosenRow(AutocompleteSelect):
    """Shows a forged choice as none: Django looks for its row before it looks whether it is a number at all."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [each for each in value if ID.fullmatch(str(each))], attr)


class ChoosesByName:
    """Mixed into an admin with `autocomplete_fields`."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenRow(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PortalAdminSite(AdminSite):
    site_title = _("Administration of the portal")
    site_header = _("Administration of the portal")
    index_title = _("What would you like to manage?")
    # allauth's tables hold the secrets of log-ins: people manage their own, under “Account”.
    # The tables of tasks are managed under the name that hub/background gives them.
    not_managed = frozenset({"account", "mfa", "usersessions", "django_tasks_database"})

    def register(self, model_or_iterable, admin_class=None, **options):
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        managed = [model for model in models if model._meta.app_label not in self.not_managed]
        super().register(managed, admin_class, **options)

    def admin_view(self, view, cacheable=False):
        return super().admin_view(well_formed(view), cacheable)

    def login(self, request, extra_context=None):
        """Log in through the portal's own page, with its second factor and its limits."""
        return secure_admin_login(super().login)(request, extra_context)

    def autocomplete_view(self, request):
        return AutocompleteView.as_view(admin_site=self)(request)
