"""Whether what is kept beside the comments (counts, paths, versions) agrees with the comments themselves."""

from django.db import connection
from django.db.models import Count

from consultations.models import Comment, Consultation, LanguageCount, Participation, Question

# How many comments a sentence names before it says that there are more.
NAMED = 5


def differences(question: Question) -> list[str]:
    """One sentence for each thing that is wrong; none when all agrees. Reads every comment of the question."""
    published = Comment.objects.published().filter(question=question).order_by()
    found = []
    if (counted := published.count()) != (kept := fresh_count(question)):
        found.append(f"{place(question)}: {kept} contributions are counted and there are {counted}.")
    by_language = dict(published.values_list("language").annotate(Count("pk")))
    found += compare(
        f"{place(question)}: contributions in the language",
        dict(LanguageCount.objects.filter(question=question).values_list("language", "comment_count")),
        by_language,
    )
    for sentence, sql in COMMENTS_THAT_DIFFER.items():
        with connection.cursor() as cursor:
            cursor.execute(sql, {"question": question.pk, "limit": NAMED + 1, "max_path": Comment.MAX_PATH})
            wrong = [str(pk) for (pk,) in cursor.fetchall()]
        if wrong:
            more = " and others" if len(wrong) > NAMED else ""
            found.append(f"{place(question)}: {sentence}: № {', '.join(wrong[:NAMED])}{more}.")
    return found


def participation_differences(consultation: Consultation) -> list[str]:
    """The same for how much each person has contributed. Accounts that were deleted are left out."""
    published = Comment.objects.published().filter(question__consultation=consultation).exclude(author=None)
    kept = Participation.objects.filter(consultation=consultation).exclude(user=None)
    return compare(
        f"{consultation.slug}: contributions of the person",
        dict(kept.values_list("user", "comment_count")),
        dict(published.order_by().values_list("author").annotate(Count("pk"))),
    )


def place(question: Question) -> str:
    name = "open floor" if question.is_open_floor else f"question {question.number}"
    return f"{question.consultation.slug}, {name}"


def fresh_count(question: Question) -> int:
    return Question.objects.values_list("comment_count", flat=True).get(pk=question.pk)


def compare(what: str, kept: dict, counted: dict) -> list[str]:
    """A sentence per key whose numbers differ; a number that is not there counts as zero."""
    return [
        f"{what} {key}: {kept.get(key, 0)} are counted and there are {counted.get(key, 0)}."
        for key in sorted(kept.keys() | counted.keys())
        if kept.get(key, 0) != counted.get(key, 0)
    ]


# Each finds the ids of comments of one question about which its sentence is true.
COMMENTS_THAT_DIFFER = {
    "the path does not follow from the contribution answered": """
        SELECT comment.id FROM consultations_comment comment
        LEFT JOIN consultations_comment parent ON parent.id = comment.parent_id
        WHERE comment.question_id = %(question)s AND (
            comment.path <> coalesce(parent.path[:%(max_path)s - 1], '{}') || comment.id
            OR parent.question_id <> comment.question_id
        ) ORDER BY comment.id LIMIT %(limit)s
    """,
    "the number of replies or the mark of a moderator's answer is wrong": """
        SELECT root.id FROM consultations_comment root
        LEFT JOIN (
            SELECT path[1] AS root_id, count(*) FILTER (WHERE state <> 'held' AND NOT was_never_shown) AS replies,
                bool_or(by_moderator AND state = 'published') AS is_answered
            FROM consultations_comment WHERE question_id = %(question)s AND parent_id IS NOT NULL GROUP BY path[1]
        ) thread ON thread.root_id = root.id
        WHERE root.question_id = %(question)s AND root.parent_id IS NULL AND (
            root.reply_count <> coalesce(thread.replies, 0)
            OR root.is_answered_by_moderator <> coalesce(thread.is_answered, false)
        ) ORDER BY root.id LIMIT %(limit)s
    """,
    "a text is proposed beside a contribution that readers do not see": """
        SELECT comment.id FROM consultations_comment comment
        JOIN consultations_proposedtext proposed ON proposed.comment_id = comment.id
        WHERE comment.question_id = %(question)s AND comment.state IN ('held', 'withdrawn')
        ORDER BY comment.id LIMIT %(limit)s
    """,
    "the latest version is not the text": """
        SELECT comment.id FROM consultations_comment comment
        LEFT JOIN LATERAL (
            SELECT body, language FROM consultations_commentversion
            WHERE comment_id = comment.id ORDER BY number DESC LIMIT 1
        ) latest ON true
        -- Of a person who has gone, neither is kept.
        WHERE comment.question_id = %(question)s AND NOT (comment.body = '' AND latest.body IS NULL)
            AND (latest.body, latest.language) IS DISTINCT FROM (comment.body::text, comment.language)
        ORDER BY comment.id LIMIT %(limit)s
    """,
}
