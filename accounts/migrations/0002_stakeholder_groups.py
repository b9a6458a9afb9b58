"""Who speaks: paragraph 44 of the Global Compact for Migration, States, entities and youth organizations besides."""

from django.db import migrations

GROUPS = [
    ("migrants", "Migrants", "Migrants", "Migrantes"),
    ("civil-society", "Civil society", "Société civile", "Sociedad civil"),
    (
        "diaspora-organizations",
        "Migrant and diaspora organizations",
        "Organisations de migrants et de la diaspora",
        "Organizaciones de migrantes y de la diáspora",
    ),
    ("faith-based", "Faith-based organizations", "Organisations confessionnelles", "Organizaciones confesionales"),
    (
        "local-authorities",
        "Local authorities and communities",
        "Autorités et collectivités locales",
        "Autoridades y comunidades locales",
    ),
    ("private-sector", "Private sector", "Secteur privé", "Sector privado"),
    ("trade-unions", "Trade unions", "Syndicats", "Sindicatos"),
    ("parliamentarians", "Parliamentarians", "Parlementaires", "Parlamentarios y parlamentarias"),
    (
        "human-rights-institutions",
        "National human rights institutions",
        "Institutions nationales des droits de l’homme",
        "Instituciones nacionales de derechos humanos",
    ),
    (
        "red-cross-red-crescent",
        "International Red Cross and Red Crescent Movement",
        "Mouvement international de la Croix-Rouge et du Croissant-Rouge",
        "Movimiento Internacional de la Cruz Roja y de la Media Luna Roja",
    ),
    ("academia", "Academia", "Milieux universitaires", "Mundo académico"),
    ("media", "Media", "Médias", "Medios de comunicación"),
    ("youth", "Youth organizations", "Organisations de jeunes", "Organizaciones juveniles"),
    ("member-states", "Member States", "États Membres", "Estados Miembros"),
    ("un-entities", "United Nations entities", "Entités des Nations Unies", "Entidades de las Naciones Unidas"),
    (
        "regional-organizations",
        "Regional organizations and consultative processes",
        "Organisations régionales et processus consultatifs",
        "Organizaciones regionales y procesos consultivos",
    ),
    ("other", "Other relevant stakeholders", "Autres parties prenantes", "Otras partes interesadas"),
]


def add(apps, schema_editor):
    StakeholderGroup = apps.get_model("accounts", "StakeholderGroup")
    for order, (slug, english, french, spanish) in enumerate(GROUPS, start=1):
        StakeholderGroup.objects.update_or_create(
            slug=slug,
            defaults={"order": order, "name": english, "name_en": english, "name_fr": french, "name_es": spanish},
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
