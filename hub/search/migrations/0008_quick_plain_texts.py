"""Texts without rare signs are not searched for each of them."""

from django.db import migrations

from hub.search import indexing


class Migration(migrations.Migration):
    dependencies = [("search", "0007_scripts_without_blanks")]
    operations = indexing.quick_plain_texts()
