"""A second version of the shipped files, and what a reviewer decides on what it brings."""

from typing import Any, NamedTuple

import yaml

from conditions.shipped import fixtures

PAGE = "/admin/conditions/reviewer/newer/"


def rewrite(top, model, slug, fields):
    """Change the row in its file, or add it to a new file."""
    files = sorted((top / "content").glob("*.yaml"))
    for path in files:
        rows = yaml.load(path.read_text(), Loader=fixtures.LOADER) or []
        for row in rows:
            if (row["model"], row["fields"].get("slug")) == (model, slug):
                row["fields"] |= fields
                return path.write_text(yaml.safe_dump(rows))
    new = {"model": model, "fields": {"slug": slug} | fields}
    path = top / "content" / "a-new.yaml"
    rows = yaml.load(path.read_text(), Loader=fixtures.LOADER) if path.exists() else []
    return path.write_text(yaml.safe_dump([*rows, new]))


class Shown(NamedTuple):
    """A row that waits, and all that is taken with it."""

    row: Any
    offer: Any


def address(row):
    return f"{PAGE}{row.text.model}/{row.text.slug}/"


def shown_to(client):
    """All that waits, by the titles of the rows."""
    groups = client.get(PAGE).context["newer"]
    offers = [client.get(address(rows[0])).context["offer"] for rows in groups]
    return {row.title: Shown(row, offer) for offer in offers for row in offer.together.rows}


def row_of(client, title):
    rows = [row for rows in client.get(PAGE).context["newer"] for row in rows]
    row = next(row for row in rows if row.title == title)
    offer = client.get(address(row)).context["offer"]
    return Shown(next(each for each in offer.together.rows if each.title == title), offer)


def decide(client, shown, what):
    version = shown.offer.version if what == "take" else shown.row.version
    return client.post(address(shown.row), {"version": version, what: "1"}, follow=True)
