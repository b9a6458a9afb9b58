"""Index what a discussion is ordered by so that PostgreSQL cannot prefer the primary key to it."""

from django.db import migrations
from django.db.models import F, Index, Q

PLACE = F("id") + 0
NAMES = ["comment_roots", "comment_answered_roots", "comment_language"]
INDEXES = [
    Index(F("question"), PLACE, condition=Q(parent=None), name="comment_roots"),
    Index(F("question"), PLACE, condition=Q(parent=None, is_answered_by_moderator=True), name="comment_answered_roots"),
    Index(F("question"), F("language"), PLACE, name="comment_language"),
]


class Migration(migrations.Migration):
    dependencies = [("consultations", "0004_organizers")]
    operations = [migrations.RemoveIndex("comment", name) for name in NAMES] + [
        migrations.AddIndex("comment", index) for index in INDEXES
    ]
