import pytest

PAGES = ["about", "privacy", "accessibility", "help"]
LANGUAGES = ["en", "fr", "es"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_works(client, language):
    for name in ["", *(f"{page}/" for page in PAGES), "contact/"]:
        response = client.get(f"/{language}/{name}")
        assert response.status_code == 200, name
        assert response.content.decode().count("<h1") == 1, name
