"""The code of conduct and the criteria of review are found."""

from django.db import migrations

from hub.search import indexing

# As the page is called.
TITLES = """(VALUES
    ('en', 'Code of conduct and use of contributions', given.conduct_en, given.use_of_contributions_en),
    ('fr', 'Règles de conduite et utilisation des contributions', given.conduct_fr, given.use_of_contributions_fr),
    ('es', 'Normas de conducta y uso de las contribuciones', given.conduct_es, given.use_of_contributions_es)
) AS written (language, heading, conduct, use)"""
CRITERION = ("name", "question", "weak", "sufficient", "strong")


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0005_countries_and_practices"),
        ("consultations", "0003_first_terms"),
        ("review", "0002_criteria"),
    ]

    operations = [
        *indexing.keep(
            "terms",
            "consultations_terms",
            ["in_force_from", *indexing.translated_columns("conduct", "use_of_contributions")],
            f"""
            SELECT given.id::bigint, written.language, written.heading, concat_ws(E'\\n', written.conduct, written.use),
                NULL::bigint, given.in_force_from
            FROM {TITLES} WHERE written.conduct <> ''
            """,
        ),
        *indexing.keep(
            "criterion",
            "review_criterion",
            ["is_in_use", *indexing.translated_columns(*CRITERION)],
            f"""
            SELECT given.id::bigint, written.language, written.heading::text, written.body, NULL::bigint, now()
            FROM {indexing.in_each_language(*CRITERION)} WHERE given.is_in_use AND written.heading <> ''
            """,
        ),
    ]
