"""The record, to read; and who confirms what is said for organizations and States."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.comments import BoundedPaginator
from consultations.admin.consultations import PeopleSelect
from consultations.admin.seen import TellsOfChanges
from consultations.moderation import admin_rules  # noqa: F401 (its class registers itself)
from consultations.moderation.models import Act, OrganizationFocalPoint
from consultations.moderation.templatetags.moderation_record import named_values
from hub.admin import ChoosesByName


@admin.register(Act)
class ActAdmin(admin.ModelAdmin):
    """Nobody changes or deletes an act, here or anywhere."""

    list_display = ["at", "kind", "actor_name", "consultation", "comment_id", "reason"]
    list_filter = ["kind", "consultation"]
    list_select_related = ["consultation"]
    search_fields = ["actor_name", "=comment_id"]
    fields = [
        "at",
        "kind",
        "actor_name",
        "consultation",
        "comment_id",
        "person_id",
        "rule_number",
        "rule_text",
        "reason",
        "values_before",
        "values_after",
    ]
    readonly_fields = ["comment_id", "person_id", "values_before", "values_after"]
    paginator = BoundedPaginator
    show_full_result_count = False

    @admin.display(description=gettext_lazy("before"))
    def values_before(self, act):
        return named_values(act.before)

    @admin.display(description=gettext_lazy("after"))
    def values_after(self, act):
        return named_values(act.after)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class OrganizationFocalPointForm(forms.ModelForm):
    """Either an organization or a State, and a person whose own address is of its domain."""

    def clean_organization(self):
        return " ".join(self.cleaned_data["organization"].split())

    def clean_domain(self):
        domain = self.cleaned_data["domain"].strip().lower().removeprefix("@")
        if "." not in domain or any(character in domain for character in " @/:"):
            raise ValidationError(_("Write the part of an address after the @, such as example.org."))
        return domain

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("organization")) == bool(cleaned.get("country")) and "organization" not in self.errors:
            self.add_error("organization", _("Name either an organization or a State."))
        person, domain = cleaned.get("user"), cleaned.get("domain")
        if person and domain:
            own = person.email.lower().rpartition("@")[2]
            if own != domain and not own.endswith(f".{domain}"):
                self.add_error(
                    "user",
                    _("The address of this person, %(email)s, is not of the domain %(domain)s.")
                    % {"email": person.email, "domain": domain},
                )
        return cleaned


@admin.register(OrganizationFocalPoint)
class OrganizationFocalPointAdmin(ChoosesByName, TellsOfChanges, admin.ModelAdmin):
    form = OrganizationFocalPointForm
    fields = ["organization", "country", "domain", "user"]
    autocomplete_fields = ["user"]
    list_display = ["speaks_for", "user", "domain", "named_at"]
    list_select_related = ["user"]
    search_fields = ["organization", "user__name", "user__email"]

    @admin.display(description=gettext_lazy("organization or State"), ordering="organization")
    def speaks_for(self, focal_point):
        return focal_point.speaks_for

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["widget"] = PeopleSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
