"""Contributions, to read and to find: nothing is written or deleted here."""

from django.conf import settings
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import Left, Lower
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from consultations import permissions
from consultations.models import Comment, Consultation, Question

# What the list reaches. Counting all of a million contributions takes longer than reading a page of them.
REACH = 2_000
EXCERPT = 120
FILTERS = {"consultation", "question", "state", "language", "capacity", "by_moderator", "asks_moderators", "group"}


class BoundedPaginator(Paginator):
    """Counts no further than REACH, so that a page costs the same whatever there is."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:REACH].count()


class ConsultationFilter(admin.SimpleListFilter):
    title = gettext_lazy("consultation")
    parameter_name = "consultation"

    def lookups(self, request, model_admin):
        return [(each.pk, str(each)) for each in Consultation.objects.all()]

    def queryset(self, request, queryset):
        if not is_offered(self):
            return queryset
        # Their ids, so that the index on questions serves.
        questions = Question.objects.filter(consultation=self.value()).values_list("pk", flat=True)
        return queryset.filter(question__in=list(questions))


class QuestionFilter(admin.SimpleListFilter):
    """The questions of the consultation that was chosen."""

    title = gettext_lazy("question")
    parameter_name = "question"

    def lookups(self, request, model_admin):
        consultation = request.GET.get(ConsultationFilter.parameter_name, "")
        if not consultation.isdecimal():
            return []
        return [(each.pk, str(each)) for each in Question.objects.filter(consultation=consultation)]

    def queryset(self, request, queryset):
        return queryset.filter(question=self.value()) if is_offered(self) else queryset


class CapacityFilter(admin.ChoicesFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("capacity in which the author speaks")


class ModeratorsFilter(admin.BooleanFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("contribution of a moderator")


def is_offered(chosen: admin.SimpleListFilter) -> bool:
    return chosen.value() in {str(value) for value, _name in chosen.lookup_choices}


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ["__str__", "excerpt", "who", "question_asked", "created_at", "state", "language", "place"]
    list_display_links = ["__str__"]
    list_filter = [
        ConsultationFilter,
        QuestionFilter,
        "state",
        "language",
        ("capacity", CapacityFilter),
        ("by_moderator", ModeratorsFilter),
        "asks_moderators",
        "group",
    ]
    list_select_related = ["question__consultation"]
    search_fields = ["author_name"]
    sortable_by = []
    ordering = ["-pk"]
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = [
        "place",
        "text",
        "who",
        "account",
        "capacity",
        "organization",
        "country",
        "group",
        "shows_profile",
        "consultation",
        "question",
        "parent",
        "language",
        "words",
        "state",
        "by_moderator",
        "asks_moderators",
        "created_at",
        "edited_at",
        "terms",
    ]
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).defer("body", "html").annotate(beginning=Left("body", EXCERPT))

    # What is shown

    @admin.display(description=gettext_lazy("text"))
    def excerpt(self, comment):
        if comment.state == Comment.State.WITHDRAWN:
            return format_html("<em>{}</em>", _("withdrawn by its author"))
        beginning = Truncator(comment.beginning).chars(EXCERPT - 1)
        return format_html('<span lang="{}">{}</span>', comment.language, beginning)

    @admin.display(description=gettext_lazy("text"))
    def text(self, comment):
        if comment.state == Comment.State.WITHDRAWN:
            return _("Its author has withdrawn the contribution: the text is not shown any more.")
        return format_html('<div lang="{}">{}</div>', comment.language, mark_safe(comment.html))

    @admin.display(description=gettext_lazy("name shown"))
    def who(self, comment):
        if comment.is_pseudonym:
            return _("%(name)s (pseudonym)") % {"name": comment.shown_name}
        return comment.shown_name

    @admin.display(description=gettext_lazy("question"))
    def question_asked(self, comment):
        return Truncator(str(comment.question)).chars(45)

    @admin.display(description=gettext_lazy("consultation"))
    def consultation(self, comment):
        return comment.question.consultation

    @admin.display(description=gettext_lazy("in the discussion"))
    def place(self, comment):
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>',
            comment.get_discussion_url(),
            _("View %(comment)s in the discussion") % {"comment": comment},
            _("View"),
        )

    def get_fields(self, request, obj=None):
        """Who is behind a pseudonym is for the moderators of the consultation alone."""
        if obj and obj.is_pseudonym:
            consultation = obj.question.consultation
            if not permissions.knows_who_is_behind_a_pseudonym(request.user, consultation):
                return [name for name in self.fields if name != "account"]
        return self.fields

    @admin.display(description=gettext_lazy("account"))
    def account(self, comment):
        author = comment.author
        return f"{author.name} ({author.email})" if author else _("The account was deleted.")

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"reach": REACH} | (extra_context or {}))

    # Searching

    def get_search_results(self, request, queryset, search_term):
        """By number, by e-mail address, or else by words. Each is looked up in an index."""
        wanted = search_term.strip()
        if not wanted:
            return queryset, False
        number = wanted.lstrip("№# \u00a0")
        if number.isascii() and number.isdecimal():
            return queryset.filter(pk=number), False
        if "@" in wanted:
            people = User.objects.annotate(address=Lower("email")).filter(address=wanted.lower())
            return queryset.filter(self.is_by(request, people)), False
        return queryset.filter(pk__in=self.with_words(queryset, wanted)), False

    def with_words(self, queryset, wanted: str) -> list[int]:
        """The ids of the latest that have these words in the text or in the name shown, as far as the list reaches.

        The index of the portal's search knows what is published. Of what is held or removed, which is in no index,
        the latest are read.
        """
        latest = queryset.order_by("-pk").values_list("pk", flat=True)
        having = import_string(settings.SEARCH_OF_CONTRIBUTIONS)(wanted)
        found = list(latest.filter(having)[:REACH]) if having else []
        set_aside = latest.filter(state__in=[Comment.State.HELD, Comment.State.HIDDEN])[:REACH]
        typed = Q(body__icontains=wanted) | Q(author_name__icontains=wanted)
        return found + list(Comment.objects.filter(typed, pk__in=list(set_aside)).values_list("pk", flat=True))

    def is_by(self, request, people) -> Q:
        """Written by these people, without telling who is behind a pseudonym."""
        written = Q(author__in=list(people.values_list("pk", flat=True)))
        if request.user.is_superuser:
            return written
        moderated = Consultation.objects.filter(moderator_set__user=request.user)
        return written & (Q(is_pseudonym=False) | Q(question__consultation__in=moderated))

    def lookup_allowed(self, lookup, value, request=None):
        """The filters offered, and no others: an address must not ask who is behind a pseudonym."""
        return lookup.split("__")[0] in FILTERS

    # Reading alone

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
