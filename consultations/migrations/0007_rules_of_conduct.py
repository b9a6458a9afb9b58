"""The rules of the first code of conduct, for moderators to name."""

from django.db import migrations

RULES = [
    (
        "Speak for yourself, or for those who asked you to.",
        "Exprimez-vous en votre nom, ou au nom de celles et ceux qui vous l’ont demandé.",
        "Hable en su nombre, o en el de quienes se lo han pedido.",
    ),
    (
        "Argue about proposals, with sources where you can.",
        "Discutez les propositions, en citant vos sources lorsque vous le pouvez.",
        "Discuta las propuestas, citando sus fuentes siempre que pueda.",
    ),
    (
        "Do not attack persons or groups.",
        "N’attaquez ni des personnes ni des groupes.",
        "No ataque a personas ni a grupos.",
    ),
    (
        "Do not reveal what could put somebody at risk.",
        "Ne révélez rien qui puisse mettre quelqu’un en danger.",
        "No revele nada que pueda poner a alguien en peligro.",
    ),
    (
        "No advertising, and no text posted again and again.",
        "Pas de publicité, ni de texte publié plusieurs fois.",
        "Nada de publicidad ni de textos publicados una y otra vez.",
    ),
]


def add(apps, schema_editor):
    ConductRule = apps.get_model("consultations", "ConductRule")
    for number, (english, french, spanish) in enumerate(RULES, start=1):
        ConductRule.objects.get_or_create(
            number=number,
            defaults={"text": english, "text_en": english, "text_fr": french, "text_es": spanish},
        )


class Migration(migrations.Migration):
    dependencies = [("consultations", "0006_moderation")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
