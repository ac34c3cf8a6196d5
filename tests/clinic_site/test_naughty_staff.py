"""Whatever staff type into any form of theirs: an answer, and nothing of it run, then or later."""

from html.parser import HTMLParser

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.urls import get_resolver

from tests.booking.admin.addresses import addresses, filled
from tests.builders import MONDAY
from tests.every_row import make_every_row
from tests.naughty import CORPUS, executed
from tests.staff import now, sign_in  # noqa: F401

# All that breaks out of markup, templates, lines and formats, at once; and what PostgreSQL refuses.
PLANTED = {"sqlite": " ".join(CORPUS[:20]), "postgresql": "naughty\x00naughty"}
NOT_TYPED = {"csrfmiddlewaretoken", "_popup", "_to_field", "seen", "version", "key", "shown"}
TYPED = {"text", "search", "email", "tel", "url", "password", "number", "date", "time"}


class Forms(HTMLParser):
    """The forms of a page that post: where each leads, and what a browser would send of it, with
    `planted` typed wherever somebody can type.
    """

    def __init__(self, page: str, planted: str) -> None:
        super().__init__()
        self.planted, self.found = planted, []
        self.fields: dict[str, list[str]] | None = None
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "text").lower()
        if tag == "form" and given.get("method", "").lower() == "post":
            self.fields = {}
            self.found.append((given.get("action", ""), self.fields))
        if self.fields is None or (not name and tag != "option"):
            return
        if tag == "textarea" or (tag == "input" and kind in TYPED and name not in NOT_TYPED):
            self.fields[name] = [self.planted]
        elif tag == "input" and (kind == "hidden" or "checked" in given):
            self.fields.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.fields.setdefault(self.select, []).append(given.get("value", ""))

    def handle_endtag(self, tag):
        self.fields = None if tag == "form" else self.fields
        self.select = "" if tag == "select" else self.select


def opened(client, name, words):
    """A page as it is shown first; None where it shows none."""
    asked = {"date": MONDAY.isoformat()} if "desk:" in name else {}
    page = client.get(filled(name, words), asked)
    kind = page.headers.get("Content-Type", "")
    return page if page.status_code == 200 and kind.startswith("text/html") else None


def wrong_after(client, path, action, fields):
    """What is wrong with the answer to a form, and with where it leads. Nothing of it is kept."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = client.post(action or path, fields, follow=True)
        transaction.set_rollback(True)
    client.cookies = cookies
    if answer.status_code >= 500:
        return [f"{path}: {answer.status_code}"]
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return [f"{path}: {each}" for each in (executed(answer.text) if is_page else [])]


def test_every_form_of_staff_takes_whatever_is_typed(sign_in, now):  # noqa: F811
    client = sign_in(superuser=True)
    make_every_row(User.objects.get())
    found, pages = [], set()
    for name, words in addresses(get_resolver().url_patterns):
        page = opened(client, name, words) if name != "admin:logout" else None
        for action, fields in typed_into(page) if page else []:
            pages.add(name)
            found += wrong_after(client, page.request["PATH_INFO"], action, fields)

    assert found == []
    assert len(pages) > 60


def typed_into(page):
    """Where each form of a page leads in which somebody can type, and what it sends then."""
    planted = PLANTED[connection.vendor]
    forms = Forms(page.text, planted).found
    return [(to, fields) for to, fields in forms if [planted] in fields.values()]
