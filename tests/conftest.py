import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from tests import make, migrated, shipped


@pytest.fixture(autouse=True)
def every_test_uses_the_database(db):
    """The database is real in all tests; limits on log-ins, and the language, begin afresh in each."""
    cache.clear()
    translation.activate("en")


@pytest.fixture
def question():
    """Question 1 of an open consultation."""
    return make.consultation().questions.get(number=1)


@pytest.fixture
def participant():
    return make.person(name="Amina Diarra")


def pytest_collection_modifyitems(items):
    """The longest first, so that no process is left with one of them while the others have nothing to do."""
    items.sort(key=lambda item: ("browser" not in item.path.parts, item.path.name != "test_every_page.py"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        shipped.remember()
    TransactionTestCase._fixture_teardown = lambda self: shipped.put_back()
