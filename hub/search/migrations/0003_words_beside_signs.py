"""Words beside quotation marks, dashes and other signs are found too."""

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
    dependencies = [("search", "0002_resources_and_experts")]
    operations = indexing.plain_texts(TABLES)
