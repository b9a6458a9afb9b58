"""Discussions of any size for measurements and trials, made with bulk inserts.

The same size and seed always give the same discussion: the same texts by the same invented people in
the same threads. What `posting.py` keeps for one comment (path, first version, counts) is written here for
all of them at once; the tests compare both with `consistency.py`.
"""

import datetime
import random
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from consultations.models import (
    Comment,
    CommentVersion,
    Consultation,
    DiscussionSpace,
    Draft,
    LanguageCount,
    Moderator,
    Participation,
    Question,
    ThreadMove,
)
from consultations.synthesis.people import ensure_people
from consultations.synthesis.shape import MODERATORS, draw
from consultations.synthesis.writing import Rows, write

SPACE = "synthetic"
OPENED_DAYS_AGO, CLOSES_IN_DAYS = 30, 60
COMMENTS_PER_PERSON = 25
MOST_PEOPLE = 5_000


class SynthesisRefused(Exception):
    """The discussion cannot be made here; the message says why."""


def synthesize(
    slug: str,
    size: int,
    seed: int = 1,
    *,
    replace: bool = False,
    advance: Callable[[int], object] = lambda written: None,
) -> bool:
    """Make consultation `slug` whose question 1 holds `size` comments; `advance` is told of each batch.

    Returns False when it is there already, of the same size and seed. Raises SynthesisRefused when
    it is there otherwise, unless `replace`; and always when `slug` is a consultation not made here.
    """
    if slugify(slug) != slug or not 0 < len(slug) <= 50:
        raise SynthesisRefused(f"“{slug}” cannot stand in an address: use small letters, digits and hyphens.")
    if size < 1:
        raise SynthesisRefused("There must be at least one comment.")
    with transaction.atomic():
        if there := Consultation.objects.filter(slug=slug).select_related("space").first():
            if there.space.slug != SPACE:
                raise SynthesisRefused(f"“{slug}” is a consultation of people. Choose another slug.")
            if made_as(size, seed) == there.questions.get(number=1).introduction_en:
                return False
            if not replace:
                raise SynthesisRefused(f"“{slug}” is there with another size or seed. Add --replace to make it anew.")
            remove(there)
        people = ensure_people(min(MOST_PEOPLE, max(MODERATORS + 3, size // COMMENTS_PER_PERSON)))
        question = make_question(slug, size, seed, people[:MODERATORS])
        plan = draw(size, seed, len(people))
        # The slug is in, because a person never uses one key for two comments.
        write(question, Rows(question, plan, people, random.Random(f"{slug} {seed}")), advance)  # noqa: S311
    with connection.cursor() as cursor:
        # The planner would otherwise believe that the tables are as small as before.
        for model in (Comment, CommentVersion, Question, LanguageCount, Participation, User):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    return True


def made_as(size: int, seed: int) -> str:
    """The note by which a discussion made here is known again."""
    return f"Made by synthesize_discussion: {size} contributions, seed {seed}."


def make_question(slug: str, size: int, seed: int, moderators: list[User]) -> Question:
    space, _made = DiscussionSpace.objects.get_or_create(
        slug=SPACE,
        defaults={
            "order": 900,
            "title_en": "Synthetic discussions",
            "title_fr": "Discussions synthétiques",
            "title_es": "Debates sintéticos",
        },
    )
    now = timezone.now()
    consultation = Consultation.objects.create(
        space=space,
        slug=slug,
        state=Consultation.State.PUBLISHED,
        opens_at=now - datetime.timedelta(days=OPENED_DAYS_AGO),
        closes_at=now + datetime.timedelta(days=CLOSES_IN_DAYS),
        languages=["en", "fr", "es"],
        title_en=f"Synthetic discussion “{slug}”",
        title_fr=f"Discussion synthétique «\u00a0{slug}\u00a0»",
        title_es=f"Debate sintético «{slug}»",
        summary_en="Made by a program, to measure how the portal behaves.",
        summary_fr="Produite par un programme, pour mesurer le comportement du portail.",
        summary_es="Hecho por un programa, para medir cómo se comporta el portal.",
    )
    for person in moderators:
        Moderator.objects.create(consultation=consultation, user=person, organization=person.organization)
    return Question.objects.create(
        consultation=consultation,
        number=1,
        text_en="What stands between people and the procedures made for them?",
        text_fr="Qu’est-ce qui sépare les personnes des procédures prévues pour elles\u00a0?",
        text_es="¿Qué separa a las personas de los trámites previstos para ellas?",
        introduction_en=made_as(size, seed),
    )


def remove(consultation: Consultation) -> None:
    """Delete a synthetic consultation with all that belongs to it, without reading its comments."""
    questions = Question.objects.filter(consultation=consultation)
    comments = Comment.objects.filter(question__in=questions).order_by()
    for belonging in (
        CommentVersion.objects.filter(comment__in=comments),
        Draft.objects.filter(question__in=questions),
        ThreadMove.objects.filter(root__in=comments),
        comments,
    ):
        # Django would read all comments first, to look for what answers them.
        belonging.order_by()._raw_delete(belonging.db)
    consultation.delete()
