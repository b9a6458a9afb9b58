"""Contributions about which moderators have to decide."""

from consultations.models import Comment, ConductRule, Consultation
from consultations.moderation import acts, complaints
from consultations.moderation.models import Case
from tests import make


def rule(number: int = 3) -> ConductRule:
    return ConductRule.objects.get(number=number)


def case_of(comment: Comment, kind: str = "") -> Case:
    """The case about the comment that waits; the only one, unless a kind is named."""
    waiting = Case.objects.waiting().filter(comment=comment)
    return waiting.get(kind=kind) if kind else waiting.get()


def asked(question, parent=None, **fields) -> Comment:
    """A question to the moderators."""
    return make.comment(question, parent, asks_moderators=True, **fields)


def reported(question, **fields) -> Comment:
    comment = make.comment(question, **fields)
    complaints.report(comment=comment, reporter=make.person(), rule=rule(), words="It attacks a person.")
    return comment


def held(question, **fields) -> Comment:
    consultation = question.consultation
    Consultation.objects.filter(pk=consultation.pk).update(holding=Consultation.Holding.EVERYBODY)
    consultation.holding = Consultation.Holding.EVERYBODY
    comment = make.comment(question, **fields)
    Consultation.objects.filter(pk=consultation.pk).update(holding=Consultation.Holding.NOBODY)
    consultation.holding = Consultation.Holding.NOBODY
    assert comment.state == Comment.State.HELD
    return comment


def hidden(question, by, **fields) -> Comment:
    comment = make.comment(question, **fields)
    return acts.hide(comment=comment, moderator=by, rule=rule(), reason="It attacks a person.")


def appealed(question, by, **fields) -> Comment:
    comment = hidden(question, by, **fields)
    complaints.appeal(comment=comment, author=comment.author, words="It was about a text, not a person.")
    return comment


def on_open_floor(consultation, **fields) -> Comment:
    return make.comment(consultation.questions.get(number=None), **fields)
