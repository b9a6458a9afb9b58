"""Words are found by the stem of their own dictionary, too, which reads French and Spanish endings by their accents."""

from django.db import migrations

from hub.search import indexing

TABLES = {
    "comment": "consultations_comment",
    "question": "consultations_question",
    "consultation": "consultations_consultation",
    "page": "pages_page",
    "resource": "resources_resource",
    "expert": "experts_expert",
}


class Migration(migrations.Migration):
    dependencies = [("search", "0003_words_beside_signs")]
    operations = indexing.own_stems(TABLES)
