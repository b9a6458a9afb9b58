"""What consultations keep about one person: to be handed over, and to be erased."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Case, CharField, Value, When
from django.utils import timezone

from consultations import posting, states
from consultations.models import Comment, CommentVersion, Draft, Moderator, Participation, TextDigest


class Contributions:
    """One of the PERSONAL_DATA that the accounts wing asks."""

    def export(self, user) -> dict:
        """The person's contributions with all their versions, oldest first, and their drafts."""
        comments = (
            Comment.objects.filter(author=user)
            .select_related("question__consultation", "group", "terms", "proposed_text")
            .prefetch_related("versions")
            .order_by("pk")
        )
        drafts = Draft.objects.filter(author=user).select_related("question__consultation")
        roles = Moderator.objects.filter(user=user).select_related("consultation")
        return {
            "contributions": [contribution(each) for each in comments],
            "drafts": [
                {
                    "consultation": each.question.consultation.slug,
                    "question": each.question.number or "open floor",
                    "in reply to contribution": each.parent_id,
                    "saved": each.saved_at,
                    "text": each.body,
                }
                for each in drafts
            ],
            "moderator of": [
                {"consultation": each.consultation.slug, "organization": each.organization} for each in roles
            ],
        }

    def erase(self, user, *, keep_contributions: bool) -> None:
        """Leave no trace of who wrote the contributions, or of the contributions themselves.

        Expects to be called in a transaction that also deletes the user. Threads are locked first and
        questions last, as in `posting`, so that people who write at the same time are not stopped.
        """
        comments = Comment.objects.filter(author=user)
        lock_threads(comments)
        get_user_model().objects.select_for_update().get(pk=user.pk)
        # From here on this person posts no more; what they posted a moment ago, elsewhere, is there now.
        lock_threads(comments)
        Draft.objects.filter(author=user).delete()
        # Nobody is left who wants it.
        for comment in comments.exclude(proposed_text=None).select_related("question__consultation"):
            posting.drop_proposed_text(comment)
        if not keep_contributions:
            withdraw_all(user)
        # What was withdrawn before is not kept behind the marker either.
        erase_texts(comments.filter(state=Comment.State.WITHDRAWN))
        anonymise(comments)


def contribution(comment: Comment) -> dict:
    return {
        "number": comment.pk,
        "address": settings.PORTAL_URL + comment.get_absolute_url(),
        "consultation": comment.question.consultation.slug,
        "question": comment.question.number or "open floor",
        "in reply to contribution": comment.parent_id,
        "state": comment.state,
        "posted": comment.created_at,
        "language": comment.language,
        "shown as": {
            "name": comment.author_name,
            "pseudonym": comment.is_pseudonym,
            "speaks for": comment.capacity,
            "organization": comment.organization,
            "country or area": comment.country.code,
            "stakeholder group": comment.group.slug if comment.group else "",
            "organization, country and group are shown": comment.shows_profile,
        },
        "received": comment.origin,
        "confirmed by the organization or State": comment.confirmation,
        "question to the moderators": comment.asks_moderators,
        "terms agreed to": comment.terms.version,
        "text": comment.body,
        "proposed text": proposed_text(comment),
        "versions": [
            {"number": each.number, "from": each.created_at, "language": each.language, "text": each.body}
            for each in comment.versions.all()
        ],
    }


def proposed_text(comment: Comment) -> dict | None:
    """What is to replace the text, or was refused."""
    kept = getattr(comment, "proposed_text", None)
    if not kept:
        return None
    return {"from": kept.proposed_at, "language": kept.language, "text": kept.body, "not published": kept.refused_at}


def lock_threads(comments) -> None:
    roots = {path[0] for path in comments.values_list("path", flat=True)}
    list(Comment.objects.filter(pk__in=roots).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def withdraw_all(user) -> None:
    """Turn every contribution into a marker; what moderators removed keeps its state, without the text."""
    comments = Comment.objects.filter(author=user)
    standing = comments.filter(state__in=[Comment.State.PUBLISHED, Comment.State.HELD])
    now = timezone.now()
    for comment in standing.select_related("question__consultation").order_by("question_id", "pk"):
        states.take_away(comment, now, state=Comment.State.WITHDRAWN)
    erase_texts(comments)
    Participation.objects.filter(user=user, comment_count=0).delete()


def erase_texts(comments) -> None:
    CommentVersion.objects.filter(comment__in=comments).delete()
    TextDigest.objects.filter(comment__in=comments).delete()
    comments.order_by().update(
        body="", html="", fold_at=None, words=0, author_name="", is_pseudonym=False, organization="", country=""
    )


def anonymise(comments) -> None:
    """Take the name away, and what was said of the person alone.

    A pseudonym stays, because it is not the person's name; whoever spoke for an organization or a
    State did not speak as themselves, so that these stay too. The group stays for the figures.
    The author goes with the account: until then others find by it what they keep about the contributions.
    """
    for_themselves = When(capacity=Comment.Capacity.PERSON, then=Value(""))
    comments.order_by().update(
        author_name=Case(When(is_pseudonym=True, then="author_name"), default=Value("")),
        organization=Case(for_themselves, default="organization", output_field=CharField()),
        country=Case(for_themselves, default="country", output_field=CharField()),
    )
