"""Invented contributions of realistic length for `synthesize_discussion`, put together from sentences.

The same arguments always give the same text.
"""

import random
from functools import cache

ROOT, REPLY, MODERATOR = "root", "reply", "moderator"
# Words of the median text, and the longest.
LENGTHS = {ROOT: (120, 700), REPLY: (75, 450), MODERATOR: (60, 160)}
SPREAD = 0.75

# Words that stand for {span}, {place} and {office} in the sentences of the same language.
WORDS = {
    "en": {
        "span": ["three weeks", "two months", "half a year", "four days", "a whole season", "fourteen months"],
        "place": ["in the port", "in our district", "at the bus station", "in the border town", "in the capital"],
        "office": ["the labour office", "the town hall", "the consulate", "the health centre", "the registry"],
    },
    "fr": {
        "span": ["trois semaines", "deux mois", "six mois", "quatre jours", "un an", "quatorze mois"],
        "place": ["au port", "dans notre district", "à la gare routière", "à la frontière", "dans la capitale"],
        "office": ["le service du travail", "la mairie", "le consulat", "le centre de santé", "l’état civil"],
    },
    "es": {
        "span": ["tres semanas", "dos meses", "medio año", "cuatro días", "un año", "catorce meses"],
        "place": ["en el puerto", "en nuestro distrito", "en la terminal", "en la frontera", "en la capital"],
        "office": ["la oficina de trabajo", "la municipalidad", "el consulado", "el centro de salud", "el registro"],
    },
    "und": {
        "span": ["três semanas", "dois meses", "meio ano", "quatro dias", "um ano", "catorze meses"],
        "place": ["no porto", "no nosso distrito", "na rodoviária", "na fronteira", "na capital"],
        "office": ["a junta de trabalho", "a prefeitura", "o consulado", "o centro de saúde", "o cartório"],
    },
}

SENTENCES = {
    "en": [
        "People wait {span} for an answer that takes an officer ten minutes to write.",
        "We keep a register on paper, because {place} the line is down every second afternoon.",
        "The form asks for an address, and those who sleep where they work have none that they may give.",
        "When {office} opened one evening a week, the queue in the morning became shorter by half.",
        "The rule is good; what is missing is somebody who explains it {place} before people pay for advice.",
        "An interpreter on the telephone costs less than one journey that has to be made twice.",
        "I have seen the same file carried to four counters, each of which copied it by hand.",
        "Recruiters knew of the change before the workers did, and sold it as their own service.",
        "Our members were told to come back after {span}, with a paper that no longer exists.",
        "Fees should be printed on the wall, with the number of somebody to call when more is asked.",
        "Returning is not the end of it: the first {span} at home decide whether a person leaves again.",
        "A skill that took years to learn is worth nothing until {office} recognises the certificate.",
        "Children change schools with the harvest, and each school begins with the same tests.",
        "What helped was small: a stamp, a list of names, and one person who stayed in the post.",
        "The figures that we publish count permits, and permits are not people.",
        "Employers told us that they would pay the fee themselves if all of them had to.",
        "Women who work in houses rarely come to {office}; the information has to go to where they rest.",
        "In the second year we stopped printing leaflets and trained the drivers of the minibuses instead.",
        "Detention was used because no bed was free {place}, and for no better reason.",
        "A hotline without anybody who speaks the caller’s language is an answering machine.",
        "Sending money home costs less by telephone, but the first registration still takes {span}.",
        "Trust was lost in a week and came back in {span}, mostly through people from the same village.",
        "Local budgets are made for those who are registered, and the buses are full of those who are not.",
        "Nobody asked the crews, although they know every place where a boat can be seen in time.",
        "The pilot worked; it ended when the person who ran it was posted elsewhere.",
        "Two ministries keep two lists, and a person can be lawful on one and unknown to the other.",
        "We propose one page in plain language, tested with twenty people before it is printed.",
        "A pension earned in three countries is, for now, a pension in none.",
        "It took {span} to agree on the word for the list, and a morning to fill it.",
        "Young people answered the survey on their telephones, at night, in half the time that we had planned.",
        "Please do not call it voluntary when the other door is locked.",
        "The court asked {office} for a date of entry, and received a photograph of a ticket.",
        "A clinic that asks for papers at the door treats the same illness later, and worse.",
        "Floods came twice, and the second time nobody had to be told where to go.",
    ],
    "fr": [
        "On attend {span} une réponse qui demande dix minutes à celui qui l’écrit.",
        "Nous tenons un registre sur papier, car la ligne tombe un après-midi sur deux.",
        "Le formulaire demande une adresse, et ceux qui dorment sur leur lieu de travail n’en ont pas à donner.",
        "Depuis que le guichet ouvre un soir par semaine, la file du matin a diminué de moitié.",
        "La règle est bonne ; il manque quelqu’un pour l’expliquer avant que l’on paie un intermédiaire.",
        "Un interprète au téléphone coûte moins cher qu’un trajet qu’il faut refaire.",
        "J’ai vu le même dossier porté à quatre guichets, et chacun l’a recopié à la main.",
        "Les recruteurs ont connu le changement avant les travailleurs et l’ont vendu comme un service.",
        "On a dit à nos membres de revenir dans {span}, avec une pièce qui n’existe plus.",
        "Les frais devraient être affichés au mur, avec un numéro à appeler lorsqu’on demande davantage.",
        "Le retour n’est pas la fin : c’est au début que l’on décide de repartir ou de rester.",
        "Un métier appris en plusieurs années ne vaut rien tant que {office} ne reconnaît pas le certificat.",
        "Les enfants changent d’école avec la récolte, et chaque école recommence les mêmes tests.",
        "Ce qui a aidé était modeste : un tampon, une liste de noms et une personne restée à son poste.",
        "Les chiffres que nous publions comptent des permis, et un permis n’est pas une personne.",
        "Des employeurs nous ont dit qu’ils paieraient les frais si tous devaient le faire.",
        "Les femmes employées dans les maisons viennent rarement ; l’information doit aller là où elles se reposent.",
        "La deuxième année, nous avons cessé d’imprimer des dépliants et formé les chauffeurs de minibus.",
        "Une ligne d’écoute où personne ne parle la langue de l’appelant n’est qu’un répondeur.",
        "La confiance s’est perdue en une semaine et a mis {span} à revenir.",
        "Deux ministères tiennent deux listes, et l’on peut être connu de l’une et ignoré de l’autre.",
        "Nous proposons une page en langage simple, essayée avec vingt personnes avant l’impression.",
        "Une pension acquise dans trois pays n’est, pour l’instant, une pension dans aucun.",
        "Personne n’a interrogé les équipages, qui connaissent pourtant chaque endroit de la côte.",
        "Le projet fonctionnait ; il s’est arrêté lorsque sa responsable a été mutée.",
        "Un centre de soins qui demande des papiers à l’entrée soigne la même maladie plus tard, et moins bien.",
    ],
    "es": [
        "Se espera {span} una respuesta que a un funcionario le lleva diez minutos escribir.",
        "Llevamos un registro en papel, porque {place} la línea se cae una tarde de cada dos.",
        "El formulario pide una dirección, y quienes duermen donde trabajan no tienen ninguna que dar.",
        "Desde que la ventanilla abre una noche por semana, la fila de la mañana se redujo a la mitad.",
        "La norma es buena; falta quien la explique {place} antes de que la gente pague a un intermediario.",
        "Un intérprete por teléfono cuesta menos que un viaje que hay que hacer dos veces.",
        "He visto el mismo expediente pasar por cuatro ventanillas, y en cada una lo copiaron a mano.",
        "Las agencias supieron del cambio antes que los trabajadores y lo vendieron como un servicio propio.",
        "A nuestras afiliadas les dijeron que volvieran en {span}, con un papel que ya no existe.",
        "Las tarifas deberían estar en la pared, con un número al que llamar cuando se pida más.",
        "Volver no es el final: al principio se decide si la persona se queda o se marcha otra vez.",
        "Un oficio aprendido durante años no vale nada hasta que {office} reconoce el certificado.",
        "Los niños cambian de escuela con la cosecha, y cada escuela empieza con las mismas pruebas.",
        "Lo que ayudó fue pequeño: un sello, una lista de nombres y una persona que siguió en su puesto.",
        "Las cifras que publicamos cuentan permisos, y un permiso no es una persona.",
        "Varios empleadores nos dijeron que pagarían la tarifa si todos tuvieran que hacerlo.",
        "Quienes trabajan en casas rara vez vienen; la información tiene que ir adonde descansan.",
        "El segundo año dejamos de imprimir folletos y formamos a los conductores de los microbuses.",
        "Una línea en la que nadie habla el idioma de quien llama es un contestador.",
        "La confianza se perdió en una semana y tardó {span} en volver.",
        "Dos ministerios llevan dos listas, y una persona puede constar en una y no existir en la otra.",
        "Proponemos una página en lenguaje sencillo, probada con veinte personas antes de imprimirla.",
        "Una pensión ganada en tres países no es, por ahora, una pensión en ninguno.",
        "Nadie preguntó a las tripulaciones, que conocen cada lugar desde donde se ve llegar un bote.",
        "El proyecto funcionaba; terminó cuando trasladaron a la persona que lo llevaba.",
        "Un consultorio que pide papeles en la puerta trata la misma enfermedad más tarde, y peor.",
    ],
    "und": [
        "Espera-se {span} por uma resposta que se escreve em dez minutos.",
        "O formulário pede um endereço, e quem dorme onde trabalha não tem nenhum para dar.",
        "A regra é boa; falta quem a explique {place} antes que as pessoas paguem a um intermediário.",
        "Vi o mesmo processo passar por quatro balcões, e em cada um foi copiado à mão.",
        "As taxas deveriam estar na parede, com um número para ligar quando se cobra mais.",
        "Um ofício aprendido durante anos não vale nada enquanto {office} não reconhecer o certificado.",
        "O que ajudou foi pouco: um carimbo, uma lista de nomes e uma pessoa que ficou no posto.",
        "A confiança perdeu-se numa semana e levou {span} a voltar.",
        "Dois ministérios mantêm duas listas, e uma pessoa pode existir só numa delas.",
        "As crianças mudam de escola com a colheita, e cada escola recomeça os mesmos testes.",
    ],
}

OPENINGS = {
    REPLY: {
        "en": [
            "I agree with the first half, and would add a case.",
            "That is not what we see {place}.",
            "Thank you; may I ask how long it took?",
            "The point about {office} is the important one.",
        ],
        "fr": [
            "Je suis d’accord avec la première moitié et j’ajoute un cas.",
            "Ce n’est pas ce que nous observons {place}.",
            "Merci ; puis-je demander combien de temps cela a pris ?",
            "Notre expérience va dans le même sens, à une exception près.",
        ],
        "es": [
            "Estoy de acuerdo con la primera mitad y agrego un caso.",
            "No es lo que vemos {place}.",
            "Gracias; ¿puedo preguntar cuánto tiempo llevó?",
            "Nuestra experiencia coincide, con una excepción.",
        ],
        "und": ["Concordo, e acrescento um caso.", "Não é o que vemos {place}."],
    },
    MODERATOR: {
        "en": [
            "Thank you. The note will take this up under practices, with the objection beside it.",
            "Could you name a source for the time that you mention, such as a report or a circular?",
            "A summary so far: two contributions describe the same gap, and one of them a way around it.",
            "To answer the question: position papers are welcome on the open floor until the closing.",
        ],
        "fr": [
            "Merci. La note reprendra ce point parmi les pratiques, avec l’objection en regard.",
            "Pourriez-vous indiquer une source pour le délai cité, par exemple un rapport ou une circulaire ?",
            "Résumé à ce stade : deux contributions décrivent le même manque, et l’une d’elles un moyen d’y remédier.",
        ],
        "es": [
            "Gracias. La nota recogerá este punto entre las prácticas, con la objeción al lado.",
            "¿Podría indicar una fuente del plazo que menciona, por ejemplo un informe o una circular?",
            "Resumen hasta aquí: dos contribuciones describen el mismo vacío, y una de ellas cómo sortearlo.",
        ],
        "und": ["Obrigada. A nota retomará este ponto, com a objeção ao lado."],
    },
}


@cache
def text(kind: str, language: str, number: int) -> str:
    """One of any number of texts of a kind, in light markup."""
    chance = random.Random(f"{kind} {language} {number}")  # noqa: S311
    median, longest = LENGTHS[kind]
    wanted = min(longest, max(12, median * chance.lognormvariate(0, SPREAD)))
    said = [fill(chance, language, chance.choice(OPENINGS[kind][language]))] if kind in OPENINGS else []
    words = sum(len(sentence.split()) for sentence in said)
    paragraphs: list[str] = []
    unsaid: list[str] = []
    while words < wanted:
        if not unsaid:
            unsaid = chance.sample(SENTENCES[language], len(SENTENCES[language]))
        said.append(fill(chance, language, unsaid.pop()))
        words += len(said[-1].split())
        if len(said) >= chance.randint(3, 6):
            paragraphs.append(paragraph(chance, said))
            said = []
    if said:
        paragraphs.append(" ".join(said))
    if chance.random() < 0.05:
        paragraphs.append(f"https://example.org/{language}/{number}")
    return "\n\n".join(paragraphs)


def paragraph(chance: random.Random, sentences: list[str]) -> str:
    """Mostly plain; now and then a list, a quotation or a sentence set off."""
    form = chance.random()
    if form < 0.08:
        return "\n".join(f"- {sentence}" for sentence in sentences)
    if form < 0.12:
        return "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1))
    if form < 0.17:
        return f"> {sentences[0]}\n\n{' '.join(sentences[1:])}"
    if form < 0.25:
        return f"*{sentences[0]}* {' '.join(sentences[1:])}"
    return " ".join(sentences)


def fill(chance: random.Random, language: str, sentence: str) -> str:
    filled = sentence.format(**{name: chance.choice(choices) for name, choices in WORDS[language].items()})
    return filled[0].upper() + filled[1:]
