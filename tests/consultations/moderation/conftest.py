import pytest

from tests import make


@pytest.fixture
def consultation():
    return make.consultation(questions=2, title_fr="Consultation française")


@pytest.fixture
def question(consultation):
    """Question 1 of the consultation."""
    return consultation.questions.select_related("consultation").get(number=1)


@pytest.fixture
def teresa(consultation):
    return make.moderator(consultation, name="Teresa Manalo")


@pytest.fixture
def noor(consultation):
    return make.moderator(consultation, name="Noor Haddad")
