"""Who looks for help in a crisis finds the Suicide & Crisis Lifeline."""

import pytest

from tests import shipped


@pytest.mark.parametrize("query", ["suicide", "I want to kill myself"])
def test_search_in_a_crisis_names_the_lifeline(db, client, query):
    shipped.load()

    html = client.get("/search/", {"q": query}).content.decode()

    assert "You can call or text 988 at any hour." in html
    assert '<a class="button" href="tel:988">Call 988</a>' in html


def test_search_for_anything_else_does_not(db, client):
    shipped.load()

    assert "988" not in client.get("/search/", {"q": "back pain"}).content.decode()
