import pytest

from consultations.languages import WRITTEN, recognise

TEXTS = {
    "en": [
        "The form has eleven pages, and nobody explains it. We propose to reduce it to two, and to print it larger.",
        "1. Access to documents\n2. Written deadlines\n3. A way to complain that does not cost money or the job",
        "WE WELCOME THE PROPOSAL AND WOULD LIKE TO ADD THE EXPERIENCE OF OUR OFFICE.",
    ],
    "fr": [
        "Nous saluons la proposition et souhaitons y ajouter l’expérience de notre bureau de district.",
        "Notre association propose trois mesures : un guichet unique, un délai écrit et une voie de recours.",
    ],
    "es": [
        "En nuestra oficina el formulario tiene once páginas y nadie lo explica. Proponemos reducirlo a dos.",
        "Estoy de acuerdo con lo que dice Halima sobre los documentos, y quiero agregar dos cosas más.",
    ],
    "und": [
        "Bom dia a todos. Concordo com a proposta e gostaria de saber como será aplicada nos municípios pequenos.",
        "Buongiorno a tutti. Sono d'accordo con la proposta e vorrei sapere come sarà applicata nei comuni piccoli.",
        "Ninakubaliana na pendekezo hili lakini ningependa kujua jinsi litakavyotekelezwa katika wilaya ndogo.",
        "Мы приветствуем это предложение и хотели бы добавить опыт нашего районного отделения.",
        "نرحب بالاقتراح ونود أن نضيف تجربة مكتبنا في المنطقة.",
        "我们欢迎这一提案",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in TEXTS.items() for text in texts])
def test_sentences_are_recognised(language, text):
    assert recognise(text) == language
    assert language in dict(WRITTEN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ok.",
        "De acuerdo.",
        "I agree with Halima.",
        "😀" * 80,
        "1234567890 " * 10,
        "https://example.org/une-proposition-du-groupe-de-travail-sur-les-documents " * 2,
        "GCM objective 10: recruitment fees, bonds, passports, ILO C181, ILO C189, IRIS, MICIC, GFMD, IOM, OHCHR",
        "\ud800" * 100,
    ],
)
def test_nothing_is_guessed(text):
    assert recognise(text) is None


def test_quotes_and_addresses_do_not_decide():
    answer = "Nous saluons la proposition, et souhaitons ajouter ceci : le délai doit être écrit et connu de tous."
    quote = "> We welcome the proposal and would like to add the experience of our district office.\n" * 10
    assert recognise(f"{quote}\n{answer}\n\nhttps://www.example.org/{'the-proposal-and-' * 20}") == "fr"


def test_a_long_text_is_as_sure_as_a_short_one():
    assert recognise(TEXTS["fr"][0] * 1000) == "fr"
