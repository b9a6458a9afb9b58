import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from consultations.models import Terms
from tests import make, migrated


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Transactional tests end by emptying every table: put back what the portal ships as data.

    At once, as any test may be next: a process that has none left takes over those of another. After the very last
    one the database is gone.
    """
    result = yield
    if nextitem is not None and is_transactional(item):
        with item.config.stash[blocking_manager_key].unblock():
            restore_data_of_migrations()
    return result


def is_transactional(item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in item.fixturenames


def restore_data_of_migrations() -> None:
    if Terms.objects.exists():
        return
    ours = {"accounts", "consultations", "pages", "resources", "review"}
    loader = MigrationLoader(connection)
    leaves = [key for key in loader.graph.leaf_nodes() if key[0] in ours]
    # Each once, as several rooms build on the same ones.
    for app, name in dict.fromkeys(step for key in leaves for step in loader.graph.forwards_plan(key)):
        for operation in loader.disk_migrations[app, name].operations if app in ours else []:
            if isinstance(operation, RunPython):
                operation.code(apps, None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Transactional tests end by emptying every table, which the record of moderation refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE moderation_act DISABLE TRIGGER no_emptying")
