"""Two people who have one page of the administration open: the second to save is told, and undoes nothing.

The form carries a digest of each thing that it showed. What says something else by now is named, nothing is saved,
and whoever has read that may save again.
"""

import hashlib

from django import forms
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from consultations.admin.history import KeepsNamesOfFields

SEEN = "seen"
LONGEST_NAME = 60


class SeenForm:
    """Mixed into the form of a page that somebody else may have changed."""

    # By field or row, what it says now and what it is called; see `TellsOfChanges.get_form`.
    standing: dict[str, str]
    names: dict[str, str]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial[SEEN] = " ".join(f"{key}:{says}" for key, says in self.standing.items())

    def clean(self):
        cleaned = super().clean()
        seen = dict(each.partition(":")[::2] for each in str(self.data.get(SEEN, "")).split())
        if seen != self.standing:
            # Whoever has read this may save again.
            self.data = self.data.copy()
            self.data[SEEN] = self.initial[SEEN]
            self.add_error(None, self.what_happened(seen))
        return cleaned

    def what_happened(self, seen: dict[str, str]) -> str:
        changed = [self.name_of(key) for key, says in self.standing.items() if seen.get(key) != says]
        gone = seen.keys() - self.standing.keys()
        sentences = [_("This was changed after you had opened it, so nothing was saved. What you typed is below.")]
        if seen and changed:
            sentences.append(_("Changed meanwhile: %(names)s.") % {"names": "; ".join(changed)})
        if gone:
            sentences.append(
                _("What was deleted meanwhile stands below as if it were new: empty it if it is to stay deleted.")
            )
        return format_html(
            _(
                '{} Compare it with <a href="{}" target="_blank">what stands now (in another tab)</a>, then save '
                "again: your texts replace those."
            ),
            " ".join(sentences),
            self.address,
        )

    def name_of(self, key: str) -> str:
        if key in self.names:
            return self.names[key]
        label = self.fields[key].label if key in self.fields else key
        # A label may bear a mark for what is not translated.
        return str(label).partition(" <")[0]


class TellsOfChanges(KeepsNamesOfFields):
    """Mixed into a model admin: what was changed since the page was opened is named instead of undone."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            request.POST = with_plain_line_ends(request.POST)
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            # Whoever saves the same page waits, and then sees what has changed.
            if row := self.get_object(request, unquote(object_id)):
                list(self.model._base_manager.filter(pk=row.pk).select_for_update(no_key=True).values_list("pk"))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not obj or not self.has_change_permission(request, obj):
            return fieldsets
        (title, first), *others = fieldsets
        return [(title, first | {"fields": [*first["fields"], SEEN]}), *others]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not (obj and change) or SEEN not in (kwargs.get("fields") or []):
            return super().get_form(request, obj, change=change, **kwargs)
        kwargs["fields"] = [name for name in kwargs["fields"] if name != SEEN]
        form = super().get_form(request, obj, change=change, **kwargs)
        # From the database, since what stands in the form may be put there by the page.
        stored = self.model._base_manager.get(pk=obj.pk)
        standing = {name: digest(stored, [name]) for name in form.base_fields if is_stored(stored, name)}
        rows = self.rows_in_form(request, obj)
        return type(
            form.__name__,
            (SeenForm, form),
            {
                SEEN: forms.CharField(required=False, widget=forms.HiddenInput),
                "standing": standing | {key: digest(row, names) for key, (row, names) in rows.items()},
                "names": {
                    key: Truncator(f"{capfirst(row._meta.verbose_name)} “{row}”").chars(LONGEST_NAME)
                    for key, (row, _names) in rows.items()
                },
                "address": request.path,
            },
        )

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if "data" in kwargs and obj.pk:
            take_gone_rows_as_new(kwargs["data"], prefix, self.rows_in_form(request, obj))
        return kwargs

    def rows_in_form(self, request, obj) -> dict[str, tuple[models.Model, list[str]]]:
        """The rows that can be changed along with `obj`, as they are stored, with the names of their fields."""
        found = {}
        for inline in self.get_inline_instances(request, obj):
            if not inline.has_change_permission(request, obj):
                continue
            formset = inline.get_formset(request, obj)
            prefix, names = formset.get_default_prefix(), list(formset.form.base_fields)
            rows = inline.model._base_manager.filter(**{formset.fk.name: obj.pk}).order_by("pk")
            found |= {f"{prefix}-{row.pk}": (row, names) for row in rows.select_related(*related(inline.model, names))}
        return found


def with_plain_line_ends(sent: QueryDict) -> QueryDict:
    """Browsers end the lines of a text with two letters (HTML, “normalize newlines”): that is no change of it."""
    plain = sent.copy()
    for name, values in plain.lists():
        plain.setlist(name, [value.replace("\r\n", "\n") for value in values])
    return plain


def is_stored(row: models.Model, name: str) -> bool:
    return name in {field.name for field in [*row._meta.concrete_fields, *row._meta.many_to_many]}


def related(model: type[models.Model], names: list[str]) -> list[str]:
    """The foreign keys among these fields, by which a row may be called."""
    return [field.name for field in model._meta.concrete_fields if field.many_to_one and field.name in names]


def digest(row: models.Model, names: list[str]) -> str:
    """A few letters that differ when what these fields hold differs."""
    values = {
        name: sorted(each.pk for each in value) if is_many(row, name) else plainly(value)
        for name, value in model_to_dict(row, names).items()
    }
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:10]


def plainly(value: object) -> object:
    """The same for no text and an empty one, and however its lines end."""
    if value is None:
        return ""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def is_many(row: models.Model, name: str) -> bool:
    return row._meta.get_field(name).many_to_many


def take_gone_rows_as_new(data, prefix: str, standing) -> None:
    """Rows of a form that was sent, and that nobody has any more, are put after those that are still there."""
    counts = [data.get(f"{prefix}-{name}_FORMS", "") for name in ("INITIAL", "TOTAL")]
    if not all(count.isascii() and count.isdecimal() and len(count) < 4 for count in counts):
        return
    initial, total = map(int, counts)
    ids = [data.get(f"{prefix}-{index}-id", "") for index in range(initial)]
    kept = [index for index, pk in enumerate(ids) if f"{prefix}-{pk}" in standing]
    gone = [index for index in range(initial) if index not in kept]
    if not gone:
        return
    rows = {
        index: {
            name.removeprefix(f"{prefix}-{index}-"): data.pop(name)
            for name in [name for name in data if name.startswith(f"{prefix}-{index}-")]
        }
        for index in range(total)
    }
    for index in gone:
        rows[index]["id"] = [""]
    order = [*kept, *gone, *range(initial, total)]
    for place, index in enumerate(order):
        for name, values in rows[index].items():
            data.setlist(f"{prefix}-{place}-{name}", values)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
