"""Words are found in scripts that put no blanks between them, and beside the signs of other scripts."""

from django.db import migrations

from hub.search import indexing

TABLES = {
    "comment": "consultations_comment",
    "question": "consultations_question",
    "consultation": "consultations_consultation",
    "page": "pages_page",
    "resource": "resources_resource",
    "expert": "experts_expert",
    "terms": "consultations_terms",
    "criterion": "review_criterion",
}


class Migration(migrations.Migration):
    dependencies = [("search", "0006_conduct_and_criteria")]
    operations = indexing.spaceless_scripts(TABLES)
