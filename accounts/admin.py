"""People and their roles, for administrators. Nobody's password is shown, and nobody is deleted here."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts import administrators
from accounts.models import User

# Made by a migration; its name is data.
gettext_noop("Organizers")


class RolesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group):
        return _(group.name)


class PersonForm(forms.ModelForm):
    def clean(self):
        """Somebody who can manage the portal has to remain."""
        cleaned = super().clean()
        taken = [name for name in administrators.ROLES if name in self.fields and not cleaned.get(name)]
        if taken and administrators.is_last(self.instance):
            problem = _(
                "Nobody else could log in here and give roles any more. Make another person active, with “staff "
                "status” and “superuser status”, before you take this away."
            )
            self.add_error(taken[0], problem)
        return cleaned


class NewPersonForm(forms.ModelForm):
    """A person without a password: they log in with a code by e-mail, and can choose one then."""

    class Meta:
        model = User
        fields = ["email", "name", "language"]

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is an account with this e-mail address already."))
        return email

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class PersonAdmin(UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    add_form_template = None
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "email", "language"],
                "description": gettext_lazy(
                    "People change their e-mail address and delete their account themselves, under “Account”: "
                    "there they also choose what becomes of their contributions."
                ),
            },
        ),
        (gettext_lazy("Profile"), {"fields": ["organization", "country", "group", "shows_profile"]}),
        (gettext_lazy("Roles"), {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        (gettext_lazy("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["email", "name", "language"],
                "description": gettext_lazy(
                    "The person needs no password: they can log in with a code that is sent to this address."
                ),
            },
        ),
    ]
    filter_horizontal = ()
    list_display = ["name", "email", "organization", "group", "is_active", "is_staff", "roles"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups", "language", "group"]
    list_select_related = ["group"]
    search_fields = ["name", "email", "organization"]
    ordering = ["name", "pk"]
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, person):
        return ", ".join(_(group.name) for group in person.groups.all())

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "groups":
            kwargs |= {
                "form_class": RolesField,
                "widget": forms.CheckboxSelectMultiple,
                "help_text": _(
                    "Organizers prepare consultations here. They need “staff status” as well. Editors decide about "
                    "resources on the pages of the hub; with “staff status” they make calls and translate here."
                ),
            }
            return db_field.formfield(queryset=Group.objects.order_by("name"), **kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        names = ["email", "last_login", "date_joined"]
        # Whoever may correct a name cannot give roles away.
        return names if request.user.is_superuser else [*names, "is_staff", "is_superuser", "groups"]

    def has_change_permission(self, request, obj=None):
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Never: the account page asks the person what becomes of their contributions."""
        return False

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 — Django's name
        raise PermissionDenied

    def autocomplete_text(self, person):
        return f"{person.name} ({person.email})"
