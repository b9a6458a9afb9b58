"""What a notification says, in the active language."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from consultations import markup
from consultations.following.models import Kind, Notification
from consultations.models import Comment, ConductRule, ProposedText, Question
from consultations.moderation.models import Act
from consultations.permissions import is_open_for_comments
from consultations.templatetags.discussion import in_zone, prose, question_name, translated

# Answers are quoted in full up to this length; of what is new elsewhere, and of what it answers, enough to be
# understood. Nothing is cut for the sake of so few characters.
QUOTED_IN_FULL = 1500
QUOTED_OF_NEWS = 700
QUOTED_OF_ANSWERED = 240
SHORTEST_REST = 200
SENTENCE_END = re.compile(r"[.!?…]['\"’”»)]*(?=\s)")
OF_QUESTIONS = {Act.Kind.QUESTION_CLOSED, Act.Kind.QUESTION_OPENED}
FOR_ME = {Kind.REPLY, Kind.ANSWER, Kind.ACT, Kind.REPORT}


def sentence(told: Notification) -> str:
    """Who did what to which of yours, without a full stop."""
    title = str(translated(told.consultation, "title"))
    match told.kind:
        case Kind.ACT:
            return of_act(told)
        case Kind.REPORT:
            return of_report(told.comment_id, told.act)
        case Kind.ANNOUNCEMENT:
            subject = str(translated(told.announcement, "title"))
            return _("Message from the moderators of “%(title)s”: %(subject)s") % {"title": title, "subject": subject}
        case Kind.DATES if is_of_question(told):
            return of_question(told, title)
        case Kind.DATES | Kind.CLOSING:
            return of_dates(told, title)
        case Kind.OUTCOME:
            return _("The outcome of “%(title)s” is published") % {"title": title}
    return of_comment(told)


def of_comment(told: Notification) -> str:
    values = {
        "name": told.actor_name or _("Former participant"),
        "parent": told.comment.parent_id,
        "question": question_name(told.comment.question),
    }
    match told.kind:
        case Kind.REPLY:
            return _("%(name)s replied to your contribution № %(parent)s") % values
        case Kind.ANSWER:
            return _("%(name)s (moderator) answered your contribution № %(parent)s") % values
        case _news if told.comment.parent_id:
            return _("%(name)s replied to contribution № %(parent)s (%(question)s)") % values
    return _("%(name)s contributed (%(question)s)") % values


def of_act(told: Notification) -> str:
    texts = {
        Act.Kind.APPROVED: _("Your contribution № %(id)s is published"),
        Act.Kind.HIDDEN: _("A moderator removed your contribution № %(id)s"),
        Act.Kind.TEXT_PUBLISHED: _("The new text of your contribution № %(id)s is published"),
        Act.Kind.TEXT_REFUSED: _("The new text of your contribution № %(id)s is not published"),
        Act.Kind.RESTORED: _("Your contribution № %(id)s is shown again"),
        Act.Kind.UPHELD: _("After another look, your contribution № %(id)s remains removed"),
        Act.Kind.ACKNOWLEDGED: _("The moderators have seen your question № %(id)s"),
        Act.Kind.ANSWERED_BEFORE: _("The moderators consider your question № %(id)s answered"),
        Act.Kind.PROMOTED: _("The moderators made your contribution № %(id)s a numbered question: %(question)s"),
        Act.Kind.MOVED: _("The moderators moved your contribution № %(id)s from “%(origin)s” to “%(question)s”"),
        Act.Kind.LISTED: _("The moderators list your contribution № %(id)s under “%(question)s”, too"),
        Act.Kind.PINNED: _("The moderators pinned your contribution № %(id)s to the top"),
        Act.Kind.CONFIRMED: _("Your organization confirmed your contribution № %(id)s"),
        Act.Kind.DISOWNED: _("Your organization does not stand by your contribution № %(id)s"),
    }
    # The places of the act itself: it may have been moved again since.
    return texts[told.act.kind] % {
        "id": told.comment_id,
        "origin": place_named(told.act.before.get("question")),
        "question": place_named(told.act.after.get("question")),
    }


def place_named(number: int | None) -> str:
    return question_name(Question(number=number))


def of_report(comment_id: int, act: Act | None) -> str:
    """What came of a report. Without an act the author was faster than the moderators."""
    if act is None:
        said = _("Contribution № %(id)s, which you reported, was withdrawn by its author")
    elif act.kind == Act.Kind.HIDDEN:
        said = _("Contribution № %(id)s, which you reported, was removed")
    elif act.kind == Act.Kind.RESTORED:
        said = _("Contribution № %(id)s, which you reported and which was removed, is shown again")
    else:
        said = _("Contribution № %(id)s, which you reported, stays as it is")
    return said % {"id": comment_id}


def of_question(told: Notification, title: str) -> str:
    if told.act.kind == Act.Kind.QUESTION_CLOSED:
        said = _("“%(title)s”: %(question)s takes no more contributions")
    else:
        said = _("“%(title)s”: %(question)s takes contributions again")
    return said % {"title": title, "question": place_named(told.act.after.get("question"))}


def of_dates(told: Notification, title: str) -> str:
    consultation = told.consultation
    if told.kind == Kind.CLOSING:
        return _("“%(title)s” closes on %(when)s") % {
            "title": title,
            "when": in_zone(consultation.closes_at, consultation),
        }
    # As they were set then: a consultation that was closed may be open again when this is read.
    closes_at = datetime.fromisoformat(told.act.after["closes_at"])
    if told.at < consultation.opens_at:
        return _("“%(title)s” has new dates: it opens on %(when)s") % {
            "title": title,
            "when": in_zone(consultation.opens_at, consultation),
        }
    if told.at < closes_at:
        return _("“%(title)s” has new dates: it is open until %(when)s") % {
            "title": title,
            "when": in_zone(closes_at, consultation),
        }
    return _("“%(title)s” has new dates: it closed on %(when)s") % {
        "title": title,
        "when": in_zone(closes_at, consultation),
    }


def address(told: Notification) -> str:
    """The path of the place that it is about."""
    if told.announcement_id:
        # Its own address asks for its consultation, which is here.
        told.announcement.consultation = told.consultation
        return told.announcement.get_absolute_url()
    if is_of_question(told):
        return Question(number=told.act.after.get("question"), consultation=told.consultation).get_absolute_url()
    return told.comment.get_absolute_url() if told.comment else told.consultation.get_absolute_url()


def is_of_question(told: Notification) -> bool:
    """Whether it tells of a question that was closed or opened again."""
    return told.kind == Kind.DATES and told.act.kind in OF_QUESTIONS


@dataclass(frozen=True)
class Entry:
    """All that a mail says of one notification; texts are as typed, and empty where there is nothing to say."""

    told: Notification
    sentence: str
    address: str
    where: str = ""
    quote: str = ""
    quote_html: str = ""
    quote_language: str = ""
    is_cut: bool = False
    # The beginning of the contribution to which it replies, on one line; by nobody else when it is the reader's own.
    answered: str = ""
    answered_language: str = ""
    answered_by: str = ""
    rule: str = ""
    reason: str = ""
    # Whose words the reason is, as a heading.
    reason_by: str = ""
    is_of_question: bool = False
    own_text: str = ""
    own_html: str = ""
    own_language: str = ""
    reply_address: str = ""
    appeal_address: str = ""
    place_address: str = ""
    # What else there is to read: what it is, where, and its name.
    see: tuple[str, str, str] = ("", "", "")


def entry(told: Notification, rules: dict[int, ConductRule]) -> Entry:
    """`rules` holds the rules of conduct by number, so that they are said in the active language."""
    said = {"told": told, "sentence": sentence(told), "address": address(told)}
    match told.kind:
        case Kind.REPLY | Kind.ANSWER | Kind.NEWS:
            return Entry(**said, **quoted(told))
        case Kind.ACT:
            return Entry(**said, **explained(told, rules))
        case Kind.REPORT:
            return Entry(**said, rule=rule_of(told.act, rules), where=place(told.comment))
        case Kind.ANNOUNCEMENT:
            text = translated(told.announcement, "text")
            return Entry(**said, quote=str(text), quote_html=prose(text), quote_language=text.language)
        case Kind.DATES:
            said |= {"reason": told.act.reason, "reason_by": words_by(told)}
            if is_of_question(told):
                said |= {"is_of_question": True, "where": place_set(told.act)}
            return Entry(**said)
        case Kind.OUTCOME:
            text = translated(told.consultation, "outcome")
            quote, is_cut = shortened(str(text), QUOTED_IN_FULL)
            html = prose(quote)
            return Entry(**said, quote=quote, quote_html=html, quote_language=text.language, is_cut=is_cut)
    return Entry(**said)


def quoted(told: Notification) -> dict:
    comment = told.comment
    quote, is_cut = shortened(comment.body, QUOTED_OF_NEWS if told.kind == Kind.NEWS else QUOTED_IN_FULL)
    said = {
        "where": place(comment),
        "quote": quote,
        "quote_html": markup.render(quote).html if is_cut else comment.html,
        "quote_language": comment.language,
        "is_cut": is_cut,
    }
    parent = comment.parent
    if parent and parent.state == Comment.State.PUBLISHED:
        said |= {
            "answered": markup.excerpt(parent.html, QUOTED_OF_ANSWERED),
            "answered_language": parent.language,
            "answered_by": "" if told.kind in FOR_ME else parent.shown_name,
        }
    if is_open_for_comments(comment.question):
        said["reply_address"] = f"{comment.question.get_absolute_url()}?reply_to={comment.pk}#respond"
    return said


def explained(told: Notification, rules: dict[int, ConductRule]) -> dict:
    """An act with the moderator's words and, when the text is away, the text and how to ask for another look."""
    act, comment = told.act, told.comment
    said = {"where": place(comment), "rule": rule_of(act, rules), "reason": act.reason, "reason_by": words_by(told)}
    if act.kind in {Act.Kind.HIDDEN, Act.Kind.UPHELD}:
        said |= {"own_text": comment.body, "own_html": comment.html, "own_language": comment.language}
    if act.kind == Act.Kind.TEXT_REFUSED:
        # Unless its author has taken it back, or proposed another, meanwhile.
        for text in ProposedText.objects.filter(comment=comment, refused_at__isnull=False):
            said |= {
                "own_text": text.body,
                "own_html": markup.render(text.body).html,
                "own_language": text.language,
            }
    if act.kind == Act.Kind.HIDDEN and comment.state == Comment.State.HIDDEN:
        said["appeal_address"] = reverse("appeal", args=[comment.pk])
    said["see"] = see(told)
    if act.kind == Act.Kind.PROMOTED:
        made = Question.objects.filter(promoted_from=comment, number=act.after.get("question"))
        for question in made.select_related("consultation"):
            said["where"] = place_of_question(question)
    said["place_address"] = place_address(told)
    if said["place_address"] and act.after.get("question") != comment.question.number:
        said["where"] = ""
    return said


def see(told: Notification) -> tuple[str, str, str]:
    """What else there is to read about an act: what it is, its address, and its name."""
    if told.kind == Kind.ACT and told.act.kind == Act.Kind.ANSWERED_BEFORE and (pk := told.act.after.get("answer")):
        return _("The answer that they point to:"), reverse("comment", args=[pk]), f"№\N{NO-BREAK SPACE}{pk}"
    if told.kind == Kind.ACT and told.act.kind == Act.Kind.PROMOTED and (number := told.act.after.get("question")):
        where = reverse("question", args=[told.consultation.slug, number])
        return _("The question:"), where, place_named(number)
    return "", "", ""


def words_by(told: Notification) -> str:
    """Whose words the reason of an act is."""
    if told.act.kind == Act.Kind.DISOWNED:
        is_state = told.comment.capacity == Comment.Capacity.STATE
        return _("The State's words:") if is_state else _("The organization's words:")
    return _("The moderators' words:")


def place_address(told: Notification) -> str:
    """Where the author of a contribution that was given another place may object to that."""
    if told.kind != Kind.ACT or told.act.kind not in {Act.Kind.MOVED, Act.Kind.LISTED}:
        return ""
    return reverse("object_to_place", args=[told.comment_id])


def rule_of(act: Act | None, rules: dict[int, ConductRule]) -> str:
    """The rule in the active language; as it was then, where it is no longer kept."""
    if not (act and act.rule_number):
        return ""
    kept = rules.get(act.rule_number)
    return f"{act.rule_number}. {translated(kept, 'text') if kept else act.rule_text}"


def place(comment: Comment) -> str:
    """The question and the consultation in which a contribution stands."""
    return place_of_question(comment.question)


def place_set(act: Act) -> str:
    """The question that was closed or opened, in its words; empty where it is gone."""
    asked = Question.objects.select_related("consultation").filter(pk=act.after.get("question_id")).first()
    return place_of_question(asked) if asked else ""


def place_of_question(question: Question) -> str:
    title = str(translated(question.consultation, "title"))
    if question.is_open_floor:
        return _("Open floor of “%(title)s”") % {"title": title}
    return _("Question %(number)s of “%(title)s”: %(text)s") % {
        "number": question.number,
        "title": title,
        "text": str(translated(question, "text")),
    }


def shortened(text: str, longest: int) -> tuple[str, bool]:
    """A text as typed, cut if it is longer, after a sentence where one ends late enough, else at a word; and whether
    it was cut."""
    if len(text) <= longest + SHORTEST_REST:
        return text, False
    start = text[:longest]
    ends = [found.end() for found in SENTENCE_END.finditer(text[: longest + 1])]
    if ends and ends[-1] > longest * 2 // 3:
        return start[: ends[-1]] + " […]", True
    if not text[longest].isspace():
        words = start.rstrip().rsplit(None, 1)
        start = words[0] if len(words) > 1 else start
    return start.rstrip() + "…", True
