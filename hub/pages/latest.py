"""What was just said, for the home page."""

from django.db import connection

from consultations import languages
from consultations.models import Comment, Question
from consultations.threads import Step, steps

# Every pair of question and language is one look into the index comment_language, which holds `id + 0` in
# order (see CommentQuerySet.placed); nothing is read but `limit` rows of each:
# Nested Loop → Limit → Index Scan Backward using comment_language.
LATEST = """
    SELECT latest.id
    FROM unnest(%(questions)s::bigint[]) AS question(id)
    CROSS JOIN unnest(%(languages)s::text[]) AS written(code)
    CROSS JOIN LATERAL (
        SELECT id FROM consultations_comment
        WHERE question_id = question.id AND language = written.code AND state = 'published'
        ORDER BY id + 0 DESC LIMIT %(limit)s
    ) AS latest
    ORDER BY (written.code = %(language)s) DESC, latest.id DESC
    LIMIT %(limit)s
"""


def latest_contributions(questions: list[Question], language: str, limit: int) -> list[Step]:
    """The newest published contributions to `questions`, newest first.

    Those in `language` come in before others do, so that a reader understands what they see;
    the others fill the places that are left. Three queries, whatever the size of the discussions.
    """
    if not questions:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            LATEST,
            {
                "questions": [question.pk for question in questions],
                "languages": [code for code, _name in languages.WRITTEN],
                "language": language,
                "limit": limit,
            },
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    found = Comment.objects.in_context().filter(pk__in=ids).order_by("-pk")
    by_id = {question.pk: question for question in questions}
    for comment in found:
        comment.question = by_id[comment.question_id]
    return steps([comment] for comment in found)
