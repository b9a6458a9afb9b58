import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def addresses_are_english():
    """A request leaves its language behind, in which the next test would look up addresses."""
    with override("en"):
        yield
