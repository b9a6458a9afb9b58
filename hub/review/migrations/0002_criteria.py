"""The criteria with which the portal begins; from then on they are the editors' own, in Django admin."""

from django.db import migrations

CRITERIA = [
    {
        "slug": "relevance",
        "name": ("Relevance", "Pertinence", "Pertinencia"),
        "question": (
            "Does it help to carry out one or more objectives of the Global Compact?",
            "Aide-t-elle à mettre en œuvre un ou plusieurs objectifs du Pacte mondial ?",
            "¿Ayuda a llevar a la práctica uno o varios objetivos del Pacto Mundial?",
        ),
        "weak": (
            "It touches on migration, but somebody who works on the objective would do nothing differently after it.",
            "Elle touche à la migration, mais une personne qui travaille sur l’objectif ne ferait rien autrement après "
            "l’avoir consultée.",
            "Trata de la migración, pero quien trabaja en el objetivo no haría nada de otra manera después de "
            "consultarlo.",
        ),
        "sufficient": (
            "It answers a question that people who work on an objective have, in at least one kind of setting.",
            "Elle répond à une question que se posent les personnes qui travaillent sur un objectif, dans au moins un "
            "type de contexte.",
            "Responde a una pregunta que se hacen quienes trabajan en un objetivo, al menos en un tipo de contexto.",
        ),
        "strong": (
            "It is what one would hand to a colleague who begins with an objective, or it changes how the objective is "
            "understood.",
            "C’est ce que l’on donnerait à une ou un collègue qui aborde un objectif, ou bien elle change la façon de "
            "comprendre cet objectif.",
            "Es lo que se entregaría a un o una colega que empieza con un objetivo, o cambia la manera de entenderlo.",
        ),
    },
    {
        "slug": "evidence",
        "name": ("Evidence and method", "Données probantes et méthode", "Pruebas y método"),
        "question": (
            "Can one see what its statements rest on, and how they were arrived at?",
            "Voit-on sur quoi reposent ses affirmations et comment elle y est parvenue ?",
            "¿Se ve en qué se apoyan sus afirmaciones y cómo se llegó a ellas?",
        ),
        "weak": (
            "Statements stand without a source, or the method is not told.",
            "Les affirmations n’ont pas de source, ou la méthode n’est pas indiquée.",
            "Las afirmaciones carecen de fuente o no se explica el método.",
        ),
        "sufficient": (
            "Sources and method are named; the limits can be guessed.",
            "Les sources et la méthode sont indiquées ; les limites se devinent.",
            "Se indican las fuentes y el método; los límites se adivinan.",
        ),
        "strong": (
            "Sources, method and limits are told so that others could check or repeat the work.",
            "Les sources, la méthode et les limites sont exposées de sorte que d’autres puissent vérifier ou refaire "
            "le travail.",
            "Se exponen las fuentes, el método y los límites de modo que otras personas puedan comprobar o repetir el "
            "trabajo.",
        ),
    },
    {
        "slug": "principles",
        "name": ("Guiding principles", "Principes directeurs", "Principios rectores"),
        "question": (
            "Are the guiding principles of the Compact respected, above all human rights, gender and the child?",
            "Les principes directeurs du Pacte sont-ils respectés, en particulier les droits humains, l’égalité des "
            "sexes et les droits de l’enfant ?",
            "¿Se respetan los principios rectores del Pacto, sobre todo los derechos humanos, la perspectiva de género "
            "y la infancia?",
        ),
        "weak": (
            "It recommends or praises something that goes against a principle, or speaks of migrants without respect.",
            "Elle recommande ou vante quelque chose de contraire à un principe, ou parle des migrants sans respect.",
            "Recomienda o elogia algo contrario a un principio, o habla de los migrantes sin respeto.",
        ),
        "sufficient": (
            "It respects the principles, and takes into account those that its subject touches.",
            "Elle respecte les principes et tient compte de ceux que touche son sujet.",
            "Respeta los principios y tiene en cuenta los que su tema toca.",
        ),
        "strong": (
            "The principles shaped the work, and migrants themselves had a part in it.",
            "Les principes ont façonné le travail, et les migrants eux-mêmes y ont pris part.",
            "Los principios dieron forma al trabajo, y los propios migrantes participaron en él.",
        ),
    },
    {
        "slug": "replicability",
        "name": ("Replicability", "Reproductibilité", "Replicabilidad"),
        "question": (
            "Could others do the same, or use it, with ordinary means?",
            "D’autres pourraient-ils en faire autant, ou s’en servir, avec des moyens ordinaires ?",
            "¿Podrían otros hacer lo mismo, o utilizarlo, con medios corrientes?",
        ),
        "weak": (
            "It depends on conditions that hardly exist elsewhere, or does not say what it took.",
            "Elle dépend de conditions qui n’existent guère ailleurs, ou ne dit pas ce qu’il a fallu.",
            "Depende de condiciones que apenas existen en otros lugares, o no dice qué hizo falta.",
        ),
        "sufficient": (
            "Others can see what it took, and adapt it with some work of their own.",
            "D’autres peuvent voir ce qu’il a fallu et l’adapter avec un travail raisonnable.",
            "Otros pueden ver qué hizo falta y adaptarlo con un trabajo razonable.",
        ),
        "strong": (
            "It tells the steps, the costs and what went wrong, or has been repeated elsewhere.",
            "Elle indique les étapes, les coûts et ce qui n’a pas marché, ou a déjà été reproduite ailleurs.",
            "Indica los pasos, los costos y lo que salió mal, o ya se ha repetido en otros lugares.",
        ),
    },
    {
        "slug": "clarity",
        "name": ("Clarity", "Clarté", "Claridad"),
        "question": (
            "Do people outside of the field, who read in their second language, understand it?",
            "Les personnes extérieures au domaine, qui lisent dans une deuxième langue, la comprennent-elles ?",
            "¿La entienden personas ajenas a la materia que leen en su segunda lengua?",
        ),
        "weak": (
            "One has to know the field, or read it several times, to know what it says.",
            "Il faut connaître le domaine, ou la relire plusieurs fois, pour savoir ce qu’elle dit.",
            "Hay que conocer la materia, o leerlo varias veces, para saber qué dice.",
        ),
        "sufficient": (
            "The main points are found quickly; technical words are mostly explained.",
            "Les points principaux se trouvent vite ; les termes techniques sont expliqués pour la plupart.",
            "Los puntos principales se encuentran pronto; los términos técnicos se explican en su mayoría.",
        ),
        "strong": (
            "It is well ordered and plain from beginning to end, and can be read on a phone.",
            "Elle est bien ordonnée et simple du début à la fin, et se lit sur un téléphone.",
            "Está bien ordenado y es sencillo de principio a fin, y se lee en un teléfono.",
        ),
    },
]


def add(apps, schema_editor):
    criterion_model = apps.get_model("review", "Criterion")
    for order, criterion in enumerate(CRITERIA, 1):
        slug = criterion["slug"]
        fields = {
            f"{name}_{code}": text
            for name, texts in criterion.items()
            if name != "slug"
            for code, text in zip(("en", "fr", "es"), texts, strict=True)
        }
        criterion_model.objects.get_or_create(slug=slug, defaults={"order": order, **fields})


class Migration(migrations.Migration):
    dependencies = [("review", "0001_peer_review")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
