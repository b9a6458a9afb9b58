"""The first terms of participation. Later versions are added in the administration."""

import datetime

from django.db import migrations

CONDUCT = {
    "en": """1. Speak for yourself, or for those who asked you to.
2. Argue about proposals, with sources where you can.
3. Do not attack persons or groups.
4. Do not reveal what could put somebody at risk: names, addresses, papers, places.
5. No advertising, and no text posted again and again.

A moderator who removes or holds a text says why, and its author can ask for another look.""",
    "fr": """1. Exprimez-vous en votre nom, ou au nom de celles et ceux qui vous l’ont demandé.
2. Discutez les propositions, en citant vos sources lorsque vous le pouvez.
3. N’attaquez ni des personnes ni des groupes.
4. Ne révélez rien qui puisse mettre quelqu’un en danger : noms, adresses, papiers, lieux.
5. Pas de publicité, ni de texte publié plusieurs fois.

Lorsque la modération retire un texte ou le met en attente, elle dit pourquoi, et la personne qui l’a écrit peut demander un nouvel examen.""",
    "es": """1. Hable en su nombre, o en el de quienes se lo han pedido.
2. Discuta las propuestas, citando sus fuentes siempre que pueda.
3. No ataque a personas ni a grupos.
4. No revele nada que pueda poner a alguien en peligro: nombres, direcciones, documentos, lugares.
5. Nada de publicidad ni de textos publicados una y otra vez.

Cuando la moderación retira un texto o lo deja pendiente, dice por qué, y quien lo escribió puede pedir una nueva revisión.""",
}
USE = {
    "en": """What you post is public. It is shown with your name, and with your organization, country and stakeholder group if your profile shows them. It stays readable after the consultation has closed.

The organizers read it, may translate it, and may quote it in the background note and in the proceedings with a link to it. They do not change your words.

You can edit your contribution while the consultation is open; earlier versions stay readable. You can withdraw it at any time: a marker stays in its place, and so do the replies to it.""",
    "fr": """Ce que vous publiez est public. Votre nom y figure, ainsi que votre organisation, votre pays et votre catégorie de partie prenante si votre profil les montre. Votre texte reste lisible après la clôture de la consultation.

Les organisateurs le lisent, peuvent le traduire et le citer dans la note d’information et dans le recueil des contributions, avec un lien vers l’original. Ils ne modifient pas vos mots.

Vous pouvez modifier votre contribution tant que la consultation est ouverte ; les versions antérieures restent lisibles. Vous pouvez la retirer à tout moment : un repère reste à sa place, de même que les réponses qu’elle a reçues.""",
    "es": """Lo que usted publica es público. Se muestra con su nombre y, si su perfil los muestra, con su organización, su país y su grupo de partes interesadas. Sigue pudiéndose leer después del cierre de la consulta.

La entidad organizadora lo lee, puede traducirlo y puede citarlo en la nota de antecedentes y en la recopilación de las contribuciones, con un enlace al original. No cambia sus palabras.

Puede editar su contribución mientras la consulta esté abierta; las versiones anteriores siguen pudiéndose leer. Puede retirarla en cualquier momento: en su lugar queda una marca, y también las respuestas recibidas.""",
}


def add(apps, schema_editor):
    texts = {f"conduct_{language}": text for language, text in CONDUCT.items()}
    texts |= {f"use_of_contributions_{language}": text for language, text in USE.items()}
    apps.get_model("consultations", "Terms").objects.get_or_create(
        version="2026-11",
        defaults={
            "in_force_from": datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC),
            "conduct": CONDUCT["en"],
            "use_of_contributions": USE["en"],
            **texts,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("consultations", "0002_objectives")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
