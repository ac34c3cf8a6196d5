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


def test_the_linked_icon_is_all_that_the_file_of_the_figures_shows_by_itself(db, client):
    [linked] = re.findall(
        r'<link rel="icon" href="/static/(.*?)"', client.get("/").content.decode()
    )

    drawn = Path(finders.find(linked)).read_text()
    shown = re.sub(r"<!--.*?-->|<defs>.*?</defs>", "", drawn, flags=re.DOTALL)
    assert (linked, re.findall(r"<(\w+)", shown), "<g" in drawn) == (
        "figures.svg",
        ["svg", "title", "g", "path", "path"],
        True,
    )
