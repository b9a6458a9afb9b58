"""What is on the desk: reading, in a constant number of queries, whatever waits."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property

from consultations import sameness
from consultations.differences import Piece, difference
from consultations.languages import WRITTEN
from consultations.models import Comment, CommentVersion, ConductRule, Consultation, Draft, Moderator, Question
from consultations.moderation import fresh_eyes
from consultations.moderation.models import Act, Appeal, Case, DeskVisit, Objection, Report
from consultations.moderation.sight import Stamp
from consultations.sameness import Twin

PER_PAGE = 20
LAST_ACTS = 10
# Whoever comes back sooner is still on the same visit.
VISIT = timedelta(minutes=30)

# What can be done about a comment, by the kind of case that asks for it; removal is never far.
ACTS_FOR = {
    Case.Kind.QUESTION: ["answer", "acknowledge", "close", "promote", "hide"],
    Case.Kind.PLACEMENT: ["stay", "move", "list", "promote", "hide"],
    Case.Kind.REPORT: ["leave", "hide"],
    Case.Kind.HELD: ["approve", "publish", "refuse", "hide"],
    Case.Kind.APPEAL: ["restore", "uphold"],
}
# One decision for several at once, where each is simple to undo.
SEVERAL = {Case.Kind.HELD: "approve", Case.Kind.REPORT: "leave"}


def moderated_by(user):
    """The consultations whose desk somebody sees; all of them for administrators."""
    if not user.is_authenticated or not user.is_active:
        return Consultation.objects.none()
    if user.is_superuser:
        return Consultation.objects.all()
    return Consultation.objects.filter(moderator_set__user=user)


@dataclass(frozen=True)
class Filter:
    """What the moderator chose to see; kept in the address."""

    queue: str = ""
    written: str = ""
    consultation: str = ""
    new: bool = False
    mine: bool = False
    page: int = 1

    @classmethod
    def of(cls, query) -> "Filter":
        page = query.get("page", "")
        return cls(
            queue=query.get("queue", "") if query.get("queue") in Case.Kind.values else "",
            written=query.get("written", "") if query.get("written") in dict(WRITTEN) else "",
            consultation=query.get("consultation", "").replace("\0", "")[:50],
            new=query.get("new") == "1",
            mine=query.get("mine") == "1",
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    def query(self, **more) -> str:
        """The query string of this choice with something else in it; another list begins on its first page."""
        chosen = {
            "queue": self.queue,
            "written": self.written,
            "consultation": self.consultation,
            "new": "1" if self.new else "",
            "mine": "1" if self.mine else "",
        } | more
        if "page" not in chosen and not more:
            chosen["page"] = self.page if self.page > 1 else ""
        return "?" + urlencode({name: value for name, value in chosen.items() if value})


@dataclass
class Matter:
    """One contribution about which somebody has to decide, with all that the page shows of it."""

    comment: Comment
    case: Case | None
    acts: list[str]
    seen: Stamp
    # Those that wait for a decision, and those about which somebody has decided.
    reports: list[Report] = field(default_factory=list)
    settled: list[Report] = field(default_factory=list)
    # The text as it stood when it was first reported, and how the present one differs, where its author has changed it.
    version_reported: CommentVersion | None = None
    changes_since: list[Piece] = field(default_factory=list)
    appeal: Appeal | None = None
    # Who else has said the same.
    twin: Twin | None = None
    removal: Act | None = None
    # How the text that waits to replace the published one differs from it.
    changes: list[Piece] = field(default_factory=list)
    draft: str = ""
    # To whom it can be passed: whoever may decide about it.
    colleagues: list = field(default_factory=list)
    # Who looks after it, and still can.
    holder: object = None
    questions: list[Question] = field(default_factory=list)
    is_own: bool = False
    decided_before: bool = False
    # By its author, whose word about its place is the last one.
    is_put_back: bool = False
    is_new: bool = False
    form: object = None
    problem: object = None
    notice: str = ""

    @property
    def may_decide(self) -> bool:
        return not self.is_own and not self.decided_before

    @property
    def is_open(self) -> bool:
        return self.case is None or self.case.state != Case.State.DONE


class Desk:
    """The desk of one moderator, as filtered."""

    def __init__(self, user, chosen: Filter, *, since: datetime | None, done: int | None = None):
        self.user, self.chosen, self.since, self.done = user, chosen, since, done
        self.consultations = list(moderated_by(user).order_by("slug"))

    @property
    def all_waiting(self):
        return Case.objects.waiting().filter(consultation__in=self.consultations)

    @cached_property
    def rows(self) -> list[dict]:
        """How many wait, by all that one can filter by, in one query."""
        is_new = Q(opened_at__gt=self.since) if self.since else Q(pk__isnull=False)
        return list(
            self.all_waiting.order_by()
            .values("kind", "language", "consultation__slug", mine=Q(taken_by=self.user.pk))
            .annotate(waiting=Count("pk"), new=Count("pk", filter=is_new))
        )

    def count(self, by: str, what: str = "waiting") -> Counter:
        """How many wait for each value of `by` in what is chosen otherwise."""
        chosen = self.chosen
        keep = {
            "kind": chosen.queue,
            "language": chosen.written,
            "consultation__slug": chosen.consultation,
            "mine": chosen.mine,
        }
        keep.pop(by, None)
        found = Counter()
        for row in self.rows:
            if all(not value or row[name] == value for name, value in keep.items()):
                found[row[by]] += row["new" if chosen.new else what]
        return found

    @cached_property
    def queues(self) -> list[tuple[str, str, int]]:
        counted = self.count("kind")
        return [(kind.value, kind.label, counted[kind.value]) for kind in Case.Kind]

    @cached_property
    def languages(self) -> list[tuple[str, int]]:
        counted = self.count("language")
        return [(code, counted[code]) for code, _name in WRITTEN if counted[code] or code == self.chosen.written]

    @cached_property
    def by_consultation(self) -> list[tuple[Consultation, int]]:
        counted = self.count("consultation__slug")
        return [(each, counted[each.slug]) for each in self.consultations]

    @property
    def waiting_count(self) -> int:
        return sum(row["waiting"] for row in self.rows)

    @property
    def new_count(self) -> int:
        return sum(row["new"] for row in self.rows)

    @property
    def mine_count(self) -> int:
        return sum(row["waiting"] for row in self.rows if row["mine"])

    @cached_property
    def oldest(self) -> Case | None:
        return self.all_waiting.order_by("opened_at").first()

    @cached_property
    def page(self) -> Page:
        """The cases as chosen, the oldest first. The one just decided keeps its place once more."""
        chosen = self.chosen
        wanted = self.all_waiting
        if chosen.queue:
            wanted = wanted.filter(kind=chosen.queue)
        if chosen.written:
            wanted = wanted.filter(language=chosen.written)
        if chosen.consultation:
            wanted = wanted.filter(consultation__slug=chosen.consultation)
        if chosen.mine:
            wanted = wanted.filter(taken_by=self.user)
        if chosen.new and self.since:
            wanted = wanted.filter(opened_at__gt=self.since)
        shown = wanted.order_by().values("pk")
        if self.done:
            decided = Case.objects.filter(pk=self.done, consultation__in=self.consultations).values("pk")
            shown = Case.objects.filter(Q(pk__in=shown) | Q(pk__in=decided))
        else:
            shown = Case.objects.filter(pk__in=shown)
        return Paginator(shown.order_by("opened_at", "pk"), PER_PAGE).get_page(chosen.page)

    def matters(self) -> list[Matter]:
        ids = [case.pk for case in self.page]
        return matters_of(ids, self.user, self.consultations, since=self.since)

    def last_acts(self) -> list[Act]:
        shown = {each.slug: each for each in self.consultations}
        of = [shown[self.chosen.consultation]] if self.chosen.consultation in shown else self.consultations
        # Another look at what one has removed is for somebody else.
        closed = fresh_eyes.closed_to(self.user)
        acts = (
            Act.objects.filter(consultation__in=of)
            .select_related("comment__question", "comment__proposed_text", "consultation")
            .annotate(is_for_others=Exists(closed.filter(comment=OuterRef("comment"))), **for_stamps())
        )
        found = list(acts.order_by("-pk")[:LAST_ACTS])
        for act in found:
            if act.comment:
                act.comment.question.consultation = act.consultation
                act.seen = Stamp.of(act.comment, act.last_act, act.report_count)
        return found


def matters_of(ids: list[int], user, consultations: list[Consultation], *, since=None) -> list[Matter]:
    """The cases with these ids, the oldest first, with all that their pages show."""
    cases = list(
        Case.objects.filter(pk__in=ids)
        .select_related(
            "taken_by",
            "closed_by",
            "comment__question",
            "comment__group",
            "comment__parent",
            "comment__rule",
            "comment__posted_by",
            "comment__proposed_text",
        )
        .annotate(
            is_for_others=Exists(fresh_eyes.closed_to(user).filter(pk=OuterRef("pk"))),
            holder_moderates=is_held_by_moderator(),
            **for_stamps(),
        )
        .order_by("opened_at", "pk")
    )
    around = Surroundings([case.comment for case in cases], user, consultations)
    by_id = {each.pk: each for each in consultations}
    found = []
    for case in cases:
        case.consultation = case.comment.question.consultation = by_id[case.consultation_id]
        stamp = Stamp.of(case.comment, case.last_act, case.report_count)
        matter = around.matter(case.comment, [case], stamp)
        matter.case = case
        matter.decided_before = case.is_for_others
        if case.holder_moderates and case.taken_by_id not in around.closed.get(case.comment_id, ()):
            matter.holder = case.taken_by
        matter.is_new = bool(since and case.opened_at > since)
        found.append(matter)
    return found


def is_held_by_moderator() -> Exists:
    """Whether who has taken a case still moderates: with somebody who has left nothing waits."""
    here = Moderator.objects.filter(user=OuterRef("pk"), consultation=OuterRef(OuterRef("consultation")))
    holders = get_user_model().objects.filter(pk=OuterRef("taken_by"), is_active=True)
    return Exists(holders.filter(Q(is_superuser=True) | Q(Exists(here))))


def for_stamps() -> dict:
    """What has to be annotated to rows with a `comment` for its stamp: its last act and how often it was reported."""
    reports = Report.objects.filter(comment=OuterRef("comment")).order_by().values("comment")
    return {
        "last_act": Subquery(Act.objects.filter(comment=OuterRef("comment")).order_by("-pk").values("pk")[:1]),
        "report_count": Coalesce(Subquery(reports.annotate(many=Count("pk")).values("many")), 0),
    }


def matter_about(comment: Comment, user) -> Matter:
    """One contribution with everything that a moderator can do about it now."""
    waiting = list(Case.objects.waiting().filter(comment=comment).select_related("taken_by"))
    around = Surroundings([comment], user, [comment.question.consultation])
    matter = around.matter(comment, waiting, Stamp.now(comment), everything=True)
    matter.decided_before = fresh_eyes.closed_to(user).filter(comment=comment).exists()
    return matter


class Surroundings:
    """What belongs to several contributions, each kind of it in one query."""

    def __init__(self, comments: list[Comment], user, consultations: list[Consultation]):
        self.user, ids = user, {each.pk for each in comments}
        # The text about which somebody decides: the one that waits, if one does.
        self.twins = sameness.twins_of(comments, lambda comment: (comment.waiting_text or comment).body)
        self.reports, self.settled, self.removals = {}, {}, {}
        for report in Report.objects.filter(comment__in=ids).select_related("rule"):
            (self.settled if report.settled_at else self.reports).setdefault(report.comment_id, []).append(report)
        self.versions_reported = self.versions_before_changes(comments)
        # The last ones: about the decision that stands, if there is one.
        self.appeals = {each.comment_id: each for each in Appeal.objects.filter(comment__in=ids)}
        self.objections = set(Objection.objects.filter(comment__in=ids).values_list("comment", flat=True))
        for act in Act.objects.filter(comment__in=ids, kind=Act.Kind.HIDDEN).order_by("pk"):
            self.removals[act.comment_id] = act
        self.drafts = dict(Draft.objects.filter(author=user, parent__in=ids).values_list("parent", "body"))
        self.questions, self.colleagues = {}, {}
        self.closed = fresh_eyes.closed_people(ids)
        for question in Question.objects.filter(consultation__in=consultations).order_by(F("number").desc()):
            self.questions.setdefault(question.consultation_id, []).append(question)
        moderators = Moderator.objects.filter(consultation__in=consultations, user__is_active=True)
        for moderator in moderators.exclude(user=user).select_related("user"):
            self.colleagues.setdefault(moderator.consultation_id, []).append(moderator.user)

    def versions_before_changes(self, comments: list[Comment]) -> dict[int, CommentVersion]:
        """Of contributions that were changed after a report that waits, the version that was reported first."""
        first = {pk: reports[0].created_at for pk, reports in self.reports.items()}
        changed = [
            each.pk for each in comments if each.edited_at and each.edited_at > first.get(each.pk, timezone.now())
        ]
        found = {}
        for version in CommentVersion.objects.filter(comment__in=changed).order_by("number"):
            if version.created_at <= first[version.comment_id]:
                found[version.comment_id] = version
        return found

    def matter(self, comment: Comment, cases: list[Case], stamp: Stamp, *, everything=False) -> Matter:
        kinds = {case.kind for case in cases if case.state != Case.State.DONE}
        removal = self.removals.get(comment.pk) if comment.state == Comment.State.HIDDEN else None
        appeal = self.appeals.get(comment.pk)
        if appeal and appeal.removal_id not in {None, removal.pk if removal else None}:
            appeal = None
        consultation_id = comment.question.consultation_id
        questions = [each for each in self.questions.get(consultation_id, []) if each.pk != comment.question_id]
        acts = possible(comment, kinds, everything=everything)
        if any(case.state == Case.State.ACKNOWLEDGED for case in cases):
            acts = [act for act in acts if act != "acknowledge"]
        version = self.versions_reported.get(comment.pk)
        is_put_back = comment.pk in self.objections
        if is_put_back or not [each for each in questions if not each.is_open_floor]:
            acts = [act for act in acts if act not in {"move", "list"}]
        return Matter(
            comment=comment,
            case=None,
            acts=acts,
            seen=stamp,
            reports=self.reports.get(comment.pk, []),
            settled=self.settled.get(comment.pk, []),
            version_reported=version,
            changes_since=difference(version.body, comment.body) if version else [],
            appeal=appeal,
            twin=self.twins.get(comment.pk),
            removal=removal,
            changes=difference(comment.body, comment.waiting_text.body) if "publish" in acts else [],
            draft=self.drafts.get(comment.pk, ""),
            colleagues=self.colleagues_for(comment) if cases else [],
            questions=questions,
            is_own=comment.author_id == self.user.pk,
            is_put_back=is_put_back,
        )

    def colleagues_for(self, comment: Comment) -> list:
        """Nobody decides about what they wrote, nor looks again at what they decided."""
        excluded = self.closed.get(comment.pk, set()) | {comment.author_id}
        return [each for each in self.colleagues.get(comment.question.consultation_id, []) if each.pk not in excluded]


def possible(comment: Comment, kinds: set[str], *, everything: bool) -> list[str]:
    """The acts that make sense now, those first for which somebody waits."""
    acts = [act for kind in Case.Kind if kind in kinds for act in ACTS_FOR[kind]]
    if Case.Kind.QUESTION in kinds and comment.question.is_open_floor and comment.parent_id is None:
        acts += ["move", "list"]
    if everything and comment.state == Comment.State.PUBLISHED:
        acts += ["hide", "promote"] + (["move", "list"] if comment.parent_id is None else [])
    if everything and comment.state == Comment.State.HELD:
        acts += ["approve", "hide"]
    if everything and comment.state == Comment.State.HIDDEN:
        acts += ["restore"]
    if kinds:
        acts += ["take", "pass"]
    if comment.state != Comment.State.HELD:
        acts = [act for act in acts if act != "approve"]
    if not (comment.state == Comment.State.PUBLISHED and comment.waiting_text):
        acts = [act for act in acts if act not in {"publish", "refuse"}]
    return list(dict.fromkeys(acts))


def rules_in_force() -> list[ConductRule]:
    return list(ConductRule.objects.filter(is_in_force=True))


@transaction.atomic
def note_visit(user, now: datetime | None = None) -> datetime | None:
    """Note that somebody is at the desk; what has come since the time that comes back is new to them."""
    now = now or timezone.now()
    visit, _made = DeskVisit.objects.select_for_update().get_or_create(user=user)
    if visit.visited_at and now - visit.visited_at > VISIT:
        visit.since = visit.visited_at
    visit.visited_at = now
    visit.save(update_fields=["since", "visited_at"])
    return visit.since
