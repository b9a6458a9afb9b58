from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations import organizing
from consultations.admin.acts import ACTS
from consultations.admin.deleting import KeepsContributions
from consultations.admin.forms import (
    ConsultationForm,
    ModeratorForm,
    ModeratorFormSet,
    QuestionForm,
    QuestionFormSet,
    phase_in_words,
)
from consultations.admin.seen import TellsOfChanges
from consultations.admin.texts import LANGUAGE_NAMES, TranslationFilter, columns, missing_in_words
from consultations.models import Consultation, Moderator, Question
from consultations.reactions import tell
from hub.admin import ChosenRow


class QuestionInline(admin.StackedInline):
    model = Question
    form = QuestionForm
    formset = QuestionFormSet
    fieldsets = [
        (
            None,
            {"fields": [("number", "state", "comment_count"), *columns("text", "introduction")]},
        )
    ]
    readonly_fields = ["comment_count"]

    class Media:
        js = ["admin-consultation.js"]

    def get_extra(self, request, obj=None, **kwargs):
        # Empty rows to fill where there is no script to add them.
        return 1 if obj else 2

    def get_queryset(self, request):
        return organizing.with_use(super().get_queryset(request))

    def view_on_site(self, question):
        return question.get_absolute_url()


class PeopleSelect(ChosenRow):
    """Says what to type; without it the field would have no name for those who listen to the page."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-placeholder": _("Name or e-mail address")}


class ModeratorInline(admin.StackedInline):
    model = Moderator
    form = ModeratorForm
    formset = ModeratorFormSet
    fields = [("user", "organization")]
    autocomplete_fields = ["user"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user":
            kwargs["widget"] = PeopleSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PhaseFilter(admin.SimpleListFilter):
    title = gettext_lazy("time")
    parameter_name = "phase"

    def lookups(self, request, model_admin):
        return Consultation.Phase.choices

    def queryset(self, request, queryset):
        if self.value() in Consultation.Phase.values:
            return getattr(queryset, self.value())()
        return queryset


class ConsultationTranslationFilter(TranslationFilter):
    """Counts the texts of its questions too."""

    def lacking(self, model, language):
        questions = Question.objects.filter(
            organizing.lacks_translation(Question, language), consultation=OuterRef("pk")
        )
        return super().lacking(model, language) | Exists(questions)


@admin.register(Consultation)
class ConsultationAdmin(TellsOfChanges, KeepsContributions, admin.ModelAdmin):
    form = ConsultationForm
    fieldsets = [
        (None, {"fields": ["state_in_words", *columns("title"), ("space", "slug")]}),
        (
            gettext_lazy("Dates"),
            {
                "fields": ["time_zone", ("opens_at", "closes_at", "note_expected_on")],
                "description": gettext_lazy(
                    "Once the consultation is published, all who follow it are told of new dates, and the record of "
                    "the moderation keeps them. So it is when a question is closed or opened."
                ),
            },
        ),
        (
            gettext_lazy("Texts"),
            {"fields": ["translations", *columns("summary", "aim", "how_to_contribute", "audience", "contact")]},
        ),
        (gettext_lazy("Who and what"), {"fields": ["languages", "objectives", "allows_pseudonyms"]}),
        (gettext_lazy("Outcome"), {"fields": columns("outcome")}),
    ]
    inlines = [QuestionInline, ModeratorInline]
    list_display = ["title", "status", "period", "translations", "comment_count"]
    list_filter = ["state", PhaseFilter, "space", ConsultationTranslationFilter]
    search_fields = ["slug", "title_en", "title_fr", "title_es"]
    actions = ["publish", "take_back_to_draft", "close_now", "duplicate"]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related("questions")
            .annotate(comment_count=Sum("questions__comment_count", default=0))
        )

    def get_readonly_fields(self, request, obj=None):
        names = ["state_in_words", "translations"]
        # Addresses that were public stay.
        return [*names, "slug"] if obj and obj.is_published else names

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj and obj.is_published else {"slug": ["title_en"]}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "note_expected_on":
            field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        elif db_field.name == "space":
            field.widget.can_delete_related = False
        return field

    def view_on_site(self, consultation):
        return consultation.get_absolute_url()

    # What lists and forms say

    @admin.display(description=gettext_lazy("state"))
    def state_in_words(self, consultation):
        if consultation._state.adding:
            return _("Draft. Visitors see it once it is published.")
        if not consultation.is_published:
            return _("Draft. You and the moderators can preview it; visitors see it once it is published.")
        return format_html(
            _("Published. {phase}, {opens} to {closes} ({zone})."),
            phase=phase_in_words(consultation),
            opens=in_zone(consultation, consultation.opens_at),
            closes=in_zone(consultation, consultation.closes_at),
            zone=consultation.time_zone,
        )

    @admin.display(description=gettext_lazy("translations"))
    def translations(self, consultation):
        if consultation._state.adding:
            return _("One language is enough to begin. What is missing will be marked.")
        return missing_in_words(organizing.missing_translations(consultation, *consultation.questions.all()))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def status(self, consultation):
        return phase_in_words(consultation) if consultation.is_published else capfirst(consultation.get_state_display())

    @admin.display(description=gettext_lazy("opens and closes"), ordering="opens_at")
    def period(self, consultation):
        days = [timezone.localtime(at, consultation.zone) for at in (consultation.opens_at, consultation.closes_at)]
        return format_html_join("", '<span class="day">{}</span> ', [[date_format(day, "DATE_FORMAT")] for day in days])

    @admin.display(description=gettext_lazy("contributions"), ordering="comment_count")
    def comment_count(self, consultation):
        return consultation.comment_count

    # Acts on several at once

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        self.act_on_each(request, queryset, "publish")

    @admin.action(description=gettext_lazy("Take back to draft"), permissions=["change"])
    def take_back_to_draft(self, request, queryset):
        return self.ask_then_act(request, queryset, "draft")

    @admin.action(description=gettext_lazy("Close now"), permissions=["change"])
    def close_now(self, request, queryset):
        return self.ask_then_act(request, queryset, "close")

    @admin.action(description=gettext_lazy("Duplicate with its questions, without contributions"), permissions=["add"])
    def duplicate(self, request, queryset):
        self.act_on_each(request, queryset, "duplicate")

    def ask_then_act(self, request, queryset, name):
        """What ends or hides discussions is asked about once, as on the page of one of them."""
        if "confirmed" in request.POST:
            return self.act_on_each(request, queryset, name)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": ACTS[name].title,
            "act": ACTS[name],
            "action": request.POST["action"],
            "chosen": queryset,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/consultations/consultation/acts.html", context)

    def act_on_each(self, request, queryset, name):
        for consultation in queryset:
            self.carry_out(request, consultation, name)

    def carry_out(self, request, consultation, name, **details) -> Consultation | None:
        """Do one act and say what came of it; nothing comes back when it was refused."""
        act = ACTS[name]
        try:
            with transaction.atomic():
                done = act.function(consultation, **details)
                if done == consultation:
                    organizing.tell_of_new_dates(consultation, done, by=request.user)
        except organizing.NotReady as problem:
            refused = _("“%(name)s” is not published. %(reason)s") % {"name": consultation, "reason": problem}
            messages.error(request, refused)
            return None
        except organizing.OrganizingError as problem:
            refused = _("“%(name)s” was left as it is. %(reason)s") % {"name": consultation, "reason": problem}
            messages.error(request, refused)
            return None
        self.log_act(request, consultation, act.title)
        address = reverse("admin:consultations_consultation_change", args=[done.pk])
        messages.success(request, format_html('{} <a href="{}">{}</a>', act.done, address, done))
        if name == "publish":
            self.warn_of_what_is_lacking(request, done)
        return done

    def warn_of_what_is_lacking(self, request, consultation):
        if not organizing.has_moderators(consultation):
            messages.warning(request, without_moderator(consultation))
        missing = organizing.missing_translations(consultation, *consultation.questions.all())
        for language, names in missing.items():
            warning = _("“%(name)s”: not translated into %(language)s yet, so shown in another language: %(texts)s.")
            values = {"name": consultation, "language": LANGUAGE_NAMES[language], "texts": ", ".join(names)}
            messages.warning(request, warning % values)

    # Acts on one, from its page

    def get_urls(self):
        act = path(
            "<int:pk>/<str:name>-now/", self.admin_site.admin_view(self.act_view), name="consultations_consultation_act"
        )
        return [act, *super().get_urls()]

    def act_view(self, request, pk, name):
        """Ask before doing one act, and say what it means."""
        consultation = self.get_object(request, pk)
        if not consultation or name not in ACTS:
            raise Http404
        act = ACTS[name]
        may = self.has_add_permission(request) if name == "duplicate" else True
        if not may or not self.has_change_permission(request, consultation):
            raise PermissionDenied
        form = act.form and act.form(request.POST or None, consultation=consultation)
        if request.method == "POST" and (form is None or form.is_valid()):
            done = self.carry_out(request, consultation, name, **(form.cleaned_data if form else {}))
            return redirect("admin:consultations_consultation_change", (done or consultation).pk)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": consultation,
            "title": act.title,
            "subtitle": str(consultation),
            "act": act,
            "form": form,
            "media": self.media,
        }
        if name == "publish":
            missing = organizing.missing_translations(consultation, *consultation.questions.all())
            context |= {
                "missing": organizing.what_is_missing(consultation),
                "without_moderator": "" if organizing.has_moderators(consultation) else without_moderator(consultation),
                "untranslated": [(LANGUAGE_NAMES[language], names) for language, names in missing.items()],
            }
        return TemplateResponse(request, "admin/consultations/consultation/act.html", context)

    # What is told

    def save_model(self, request, obj, form, change):
        before = Consultation.objects.get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)
        if before:
            organizing.tell_of_new_dates(before, obj, by=request.user)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if formset.model is Question and change and form.instance.is_published:
            for each in formset.initial_forms:
                if "state" in each.changed_data and each not in formset.deleted_forms:
                    tell("question_state_set", question=each.instance, before=each.initial["state"], by=request.user)

    # “Save and publish”

    def response_add(self, request, obj, post_url_continue=None):
        return self.publish_after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self.publish_after_saving(request, obj) or super().response_change(request, obj)

    def publish_after_saving(self, request, consultation):
        if "_publish" not in request.POST:
            return None
        if not self.carry_out(request, consultation, "publish"):
            messages.info(request, _("Your changes are saved; the consultation is still a draft."))
        return redirect("admin:consultations_consultation_change", consultation.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, object_id, form_url, {"acts": ACTS} | (extra_context or {}))


def in_zone(consultation: Consultation, moment) -> str:
    """A moment on the clock of the consultation's own time zone."""
    return date_format(timezone.localtime(moment, consultation.zone), "DATETIME_FORMAT")


def without_moderator(consultation: Consultation) -> str:
    return _("“%(name)s” has no moderator yet: what waits there is left to the administrators.") % {
        "name": consultation
    }
