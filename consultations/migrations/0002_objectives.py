"""The 23 objectives of the Global Compact for Migration (A/RES/73/195, paragraph 16), in short forms."""

from django.db import migrations

OBJECTIVES = [
    (1, "Data", "Données", "Datos"),
    (2, "Minimize adverse drivers", "Lutter contre les facteurs négatifs", "Minimizar factores adversos"),
    (3, "Information provision", "Fourniture d’informations", "Proporcionar información"),
    (4, "Legal identity and documentation", "Identité légale et papiers", "Identidad jurídica y documentación"),
    (5, "Regular pathways", "Filières de migration régulière", "Vías de migración regular"),
    (6, "Recruitment and decent work", "Recrutement et travail décent", "Contratación y trabajo decente"),
    (7, "Reduce vulnerabilities", "Réduire la vulnérabilité", "Reducir vulnerabilidades"),
    (8, "Save lives", "Sauver des vies", "Salvar vidas"),
    (9, "Counter smuggling", "Combattre le trafic de migrants", "Combatir el tráfico de migrantes"),
    (10, "Eradicate trafficking", "Éradiquer la traite de personnes", "Erradicar la trata de personas"),
    (11, "Manage borders", "Gérer les frontières", "Gestión de fronteras"),
    (12, "Screening and referral", "Contrôle, évaluation et orientation", "Verificación de antecedentes y derivación"),
    (13, "Alternatives to detention", "Alternatives à la rétention", "Alternativas a la detención"),
    (14, "Consular protection", "Protection consulaire", "Protección consular"),
    (15, "Access to basic services", "Accès aux services de base", "Acceso a los servicios básicos"),
    (16, "Inclusion and social cohesion", "Intégration et cohésion sociale", "Inclusión y cohesión social"),
    (17, "Eliminate discrimination", "Éliminer les discriminations", "Eliminar la discriminación"),
    (
        18,
        "Skills development and recognition",
        "Perfectionnement et reconnaissance des qualifications",
        "Desarrollo y reconocimiento de competencias",
    ),
    (
        19,
        "Migrant and diaspora contributions",
        "Contributions des migrants et des diasporas",
        "Contribución de migrantes y diásporas",
    ),
    (20, "Remittances", "Envois de fonds", "Remesas"),
    (
        21,
        "Dignified return and reintegration",
        "Retour digne et réintégration durable",
        "Retorno y reintegración dignos",
    ),
    (22, "Social protection", "Protection sociale", "Protección social"),
    (23, "International cooperation", "Coopération internationale", "Cooperación internacional"),
]


def add(apps, schema_editor):
    Objective = apps.get_model("consultations", "Objective")
    for number, english, french, spanish in OBJECTIVES:
        Objective.objects.update_or_create(
            number=number, defaults={"name": english, "name_en": english, "name_fr": french, "name_es": spanish}
        )


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
