"""The site's icons."""

from django.contrib.staticfiles import finders


def test_favicon_is_served_where_browsers_ask_for_it(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Content-Type"], response.getvalue()[:4]) == (
        200,
        "image/x-icon",
        b"\0\0\1\0",
    )


def test_the_linked_icon_exists():
    assert finders.find("favicon.svg") is not None
