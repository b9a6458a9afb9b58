"""Mails about notifications, each in the language of the person who gets it, the text part first."""

import re
import textwrap
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parseaddr
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from consultations.following import preferences, unsubscribing
from consultations.following.models import Kind, Notification, Pace
from consultations.following.words import FOR_ME, Entry, entry, of_report, place, rule_of
from consultations.models import Comment, ConductRule
from consultations.moderation.models import Act, Received, Report
from consultations.templatetags.discussion import translated

COLUMNS = 72


@dataclass(frozen=True)
class Section:
    """What a digest says below one heading. The title is in `language`, if that is not the reader's."""

    heading: str
    entries: list[Entry]
    lang: str = ""


def send_one(told: Notification) -> None:
    """Send the mail about one notification, loaded with its user and `in_words`."""
    user = told.user
    with override(user.language):
        said = entry(told, rules_by_number())
        context = {
            "name": user.name,
            "entry": said,
            "consultation": told.consultation,
            "settings_address": settings.PORTAL_URL + reverse("mail_settings"),
            "stop_address": stop_address(user, told.kind),
            "kind": Kind(told.kind).label,
            "pace": Pace.AT_ONCE.label,
        }
        hand_over("notification", said.sentence, context, user.email, user.language, f"notification-{told.pk}")


def send_digest(user, told: list[Notification], *, others: int, day: date) -> None:
    """Send one mail about several notifications, oldest first; `others` more are counted and not listed."""
    with override(user.language):
        rules = rules_by_number()
        entries = [entry(each, rules) for each in told]
        count = len(entries) + others
        subject = entries[0].sentence
        if count > 1:
            subject = ngettext(
                "%(count)s new event in the consultations that you follow",
                "%(count)s new events in the consultations that you follow",
                count,
            ) % {"count": count}
        context = {
            "name": user.name,
            "sections": sections(entries),
            "others": others,
            "notifications_address": settings.PORTAL_URL + reverse("notifications"),
            "settings_address": settings.PORTAL_URL + reverse("mail_settings"),
            "stop_address": stop_address(user, preferences.DIGEST),
        }
        hand_over("digest", subject, context, user.email, user.language, f"digest-{user.pk}-{day:%Y%m%d}")


def answer_report(report: Report, act: Act | None) -> None:
    """Tell somebody without an account what came of their report; the caller's transaction says that it is once."""
    with override(report.language):
        comment = report.comment
        subject = of_report(comment.pk, act)
        context = {
            "sentence": subject,
            "address": comment.get_absolute_url(),
            "where": place(comment),
            "rule": rule_of(act, rules_by_number()),
            "is_withdrawn": act is None,
            "is_shown_again": bool(act and act.kind == Act.Kind.RESTORED),
        }
        what = f"report-{report.pk}-{act.pk}" if act else f"report-{report.pk}"
        hand_over("report_answer", subject, context, report.email, report.language, what)


def tell_unclaimed(received: Received, told: Notification) -> None:
    """Tell somebody whose contribution was posted for them, and who has no account yet; the caller's transaction says
    that it is once. `told` is kept nowhere."""
    comment = received.comment
    with override(received.language):
        told.actor_name = told.actor_name or told.comment.author_name
        said = replace(entry(told, rules_by_number()), reply_address="", appeal_address="", place_address="")
        if told.act and told.act.kind == Act.Kind.APPROVED:
            said = replace(said, own_text=comment.body, own_html=comment.html, own_language=comment.language)
        elif told.act and told.act.before.get("state") == Comment.State.HELD:
            # Whoever typed the address may have had nothing else in mind than to have this text sent there.
            said = replace(said, own_text="")
        context = {"name": comment.author_name, "entry": said, "claim_address": reverse("claim")}
        what = f"act-{told.act.pk}" if told.act else f"answer-{told.comment.pk}"
        hand_over("unclaimed", said.sentence, context, received.email, received.language, f"{what}-{received.pk}")


def rules_by_number() -> dict[int, ConductRule]:
    return {rule.number: rule for rule in ConductRule.objects.all()}


def stop_address(user, what: str) -> str:
    return settings.PORTAL_URL + reverse("unsubscribe", args=[unsubscribing.token_for(user, what)])


def sections(entries: list[Entry]) -> list[Section]:
    """What concerns the reader first, then the consultations one after the other."""
    mine = [each for each in entries if each.told.kind in FOR_ME]
    others = sorted(
        (each for each in entries if each.told.kind not in FOR_ME), key=lambda each: each.told.consultation_id
    )
    found = [Section(_("For you"), mine)] if mine else []
    for _pk, group in groupby(others, key=lambda each: each.told.consultation_id):
        together = list(group)
        title = translated(together[0].told.consultation, "title")
        found.append(Section(str(title), together, title.lang))
    return found


def hand_over(template: str, subject: str, context: dict, to: str, language: str, name: str) -> None:
    """Compose and send, under a Message-ID of its own, so that it is one mail however often it is sent."""
    subject = " ".join(subject.split())
    context |= {
        "subject": subject,
        "language": language,
        "site_name": settings.SITE_NAME,
        "portal_url": settings.PORTAL_URL,
        "demonstration": settings.DEMONSTRATION,
    }
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
    if stop := context.get("stop_address"):
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
        subject,
        in_columns(render_to_string(f"mails/{template}.txt", context)),
        to=[to],
        reply_to=[f"no-reply@{host}"],
        headers=headers,
    )
    message.attach_alternative(render_to_string(f"mails/{template}.html", context), "text/html")
    message.send()


def in_columns(text: str) -> str:
    """The text with no line longer than COLUMNS, save for addresses; indented lines stay indented."""
    lines = []
    for line in text.strip().splitlines():
        indent = line[: len(line) - len(line.lstrip(" "))]
        if len(line) <= COLUMNS or "://" in line:
            lines.append(line.rstrip())
            continue
        lines += textwrap.wrap(line, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
