"""The regions by which resources are found, and the ten guiding principles of the Compact (A/RES/73/195, 15)."""

from django.db import migrations

REGIONS = [
    ("global", "Global", "Monde", "Mundo"),
    ("africa", "Africa", "Afrique", "África"),
    ("americas", "Americas", "Amériques", "Américas"),
    ("asia", "Asia", "Asie", "Asia"),
    ("europe", "Europe", "Europe", "Europa"),
    ("oceania", "Oceania", "Océanie", "Oceanía"),
]
PRINCIPLES = [
    ("a", "People-centred", "Priorité à la dimension humaine", "Centrada en las personas"),
    ("b", "International cooperation", "Coopération internationale", "Cooperación internacional"),
    ("c", "National sovereignty", "Souveraineté nationale", "Soberanía nacional"),
    (
        "d",
        "Rule of law and due process",
        "Primauté du droit et garanties d’une procédure régulière",
        "Estado de derecho y garantías procesales",
    ),
    ("e", "Sustainable development", "Développement durable", "Desarrollo sostenible"),
    ("f", "Human rights", "Droits de l’homme", "Derechos humanos"),
    ("g", "Gender-responsive", "Prise en compte de la problématique femmes-hommes", "Perspectiva de género"),
    ("h", "Child-sensitive", "Adaptation aux besoins de l’enfant", "Perspectiva infantil"),
    (
        "i",
        "Whole-of-government approach",
        "Approche mobilisant l’ensemble des pouvoirs publics",
        "Enfoque pangubernamental",
    ),
    ("j", "Whole-of-society approach", "Approche mobilisant l’ensemble de la société", "Enfoque pansocial"),
]


def names(english, french, spanish):
    return {"name": english, "name_en": english, "name_fr": french, "name_es": spanish}


def add(apps, schema_editor):
    region = apps.get_model("resources", "Region")
    for order, (slug, *translations) in enumerate(REGIONS):
        region.objects.create(slug=slug, order=order, **names(*translations))
    principle = apps.get_model("resources", "GuidingPrinciple")
    for letter, *translations in PRINCIPLES:
        principle.objects.create(letter=letter, **names(*translations))


def remove(apps, schema_editor):
    apps.get_model("resources", "Region").objects.filter(slug__in=[slug for slug, *_ in REGIONS]).delete()
    apps.get_model("resources", "GuidingPrinciple").objects.filter(letter__in="abcdefghij").delete()


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_resources")]
    operations = [migrations.RunPython(add, remove)]
