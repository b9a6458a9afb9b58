import pytest
from django.core.cache import cache

from tests import make


@pytest.fixture(autouse=True)
def every_test_uses_the_database(db):
    """The database is real in all tests; limits on log-ins begin afresh in each."""
    cache.clear()


@pytest.fixture
def question():
    """Question 1 of an open consultation."""
    return make.consultation().questions.get(number=1)


@pytest.fixture
def participant():
    return make.person(name="Amina Diarra")
