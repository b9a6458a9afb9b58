"""What can be found. Both tables are kept by the database and by a task, never by pages."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

MANY = "comment"


class Entry(models.Model):
    """One text that anybody may find, in one language. Triggers keep a row for each; see hub/search/indexing.py.

    A text that is not public has no row. Whether its consultation is published is asked when somebody searches.
    """

    kind = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=3)
    consultation_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    vector = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "language"], name="entry_once_per_text_and_language")
        ]
        indexes = [
            # Apart from each other, so that the few are found without a look at the million. A frequent word is
            # found through the newest, a rare one through the vectors; PostgreSQL knows which is which.
            GinIndex(fields=["vector"], name="entry_vector_of_many", condition=Q(kind=MANY), fastupdate=True),
            GinIndex(fields=["vector"], name="entry_vector_of_few", condition=~Q(kind=MANY), fastupdate=True),
            models.Index(fields=["kind", "-at", "-object_id"], name="entry_newest"),
            models.Index(fields=["consultation_id", "kind", "-at", "-object_id"], name="entry_of_consultation"),
        ]

    def __str__(self):
        return f"{self.kind} {self.object_id} ({self.language})"


class Word(models.Model):
    """A word that occurs in what can be found, for “Did you mean …”. `plain` is without accents."""

    word = models.CharField(max_length=40, primary_key=True)
    plain = models.CharField(max_length=60)
    texts = models.PositiveIntegerField()
    # Of the texts that have it.
    languages = ArrayField(models.CharField(max_length=3), default=list, db_default=[])

    class Meta:
        indexes = [GinIndex(fields=["plain"], name="word_trigrams", opclasses=["gin_trgm_ops"])]

    def __str__(self):
        return self.word
