"""A second version of the shipped files, and what a reviewer decides on what it brings."""

import yaml

from conditions.shipped import fixtures

PAGE = "/admin/conditions/reviewer/newer/"


def rewrite(top, model, slug, fields):
    """Change the row in its file, or add it to the first one."""
    files = sorted((top / "content").glob("*.yaml"))
    for path in files:
        rows = yaml.load(path.read_text(), Loader=fixtures.LOADER) or []
        for row in rows:
            if (row["model"], row["fields"].get("slug")) == (model, slug):
                row["fields"] |= fields
                return path.write_text(yaml.safe_dump(rows))
    new = {"model": model, "fields": {"slug": slug} | fields}
    return (top / "content" / "a-new.yaml").write_text(yaml.safe_dump([new]))


def row_of(client, title):
    return next(each for each in client.get(PAGE).context["newer"] if each.title == title)


def decide(client, each, what):
    named = {"model": each.text.model, "slug": each.text.slug, "version": each.version}
    return client.post(PAGE, named | {what: "1"}, follow=True)
