"""The site's icons."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders


def test_favicon_is_served_where_browsers_ask_for_it(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response["Content-Type"], response.getvalue()[:4]) == (
        200,
        "image/x-icon",
        b"\0\0\1\0",
    )


def test_the_linked_icon_is_the_mark_beside_the_name_and_small(db, client):
    html = client.get("/").content.decode()
    [linked] = re.findall(r'<link rel="icon" href="/static/(.*?)"', html)
    drawn = Path(finders.find(linked)).read_text()

    assert (linked, len(drawn) < 500) == ("icon.svg", True)
    assert re.findall(r'<use href="/static/icon.svg#(.*?)"', html) == ["mark"]
    assert 'id="mark"' in drawn
