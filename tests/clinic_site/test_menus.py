"""Menus link to what is public, and to nothing else."""

import re

import pytest

from conditions.models import Page
from tests import shipped
from tests.builders import make_therapist, make_visit_type

PAGES = ["/", "/book/", "/team/", "/contact/", "/conditions/", "/appointment/"]


@pytest.fixture
def clinic(db):
    make_visit_type()
    make_therapist()
    shipped.load()


def dead_links(client) -> dict[str, int]:
    """Where a page leads within the site, and what that answers unless it is 200."""
    html = "".join(client.get(path).content.decode() for path in PAGES)
    found = {link for link in re.findall(r'href="(/[^"#?]*)', html) if "/static/" not in link}
    answers = {link: client.get(link).status_code for link in sorted(found)}
    return {link: status for link, status in answers.items() if status != 200}


@pytest.mark.parametrize("demo", [True, False])
def test_no_menu_leads_nowhere(client, clinic, settings, demo):
    settings.DEMO = demo

    assert dead_links(client) == {}


def test_a_page_that_is_no_longer_public_leaves_the_menu(client, clinic, settings):
    settings.DEMO = True
    assert 'href="/services/"' in client.get("/").content.decode()
    Page.objects.filter(slug="services").update(state="draft")

    assert 'href="/services/"' not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/conditions/", {"/conditions/": "page"}),
        ("/conditions/back-pain/", {"/conditions/": "true"}),
        ("/team/ana-ruiz/", {"/team/": "true"}),
        ("/services/", {"/services/": "page"}),
        ("/contact/question/", {}),
        ("/appointment/lost/", {"/appointment/": "true"}),
        ("/book/", {}),
    ],
)
def test_the_menu_says_where_the_reader_is(client, clinic, settings, path, current):
    settings.DEMO = True
    html = client.get(path).content.decode()
    menu = re.search(r'<nav class="nav".*?</nav>', html, re.DOTALL)

    assert dict(re.findall(r'href="([^"]*)" aria-current="(\w+)"', menu[0])) == current


def test_titles_are_escaped(client, clinic, settings):
    settings.DEMO = True
    Page.objects.filter(slug="services").update(title='<script>"Services"</script>')

    html = client.get("/book/").content.decode()

    assert 'href="/services/">&lt;script&gt;&quot;Services&quot;&lt;/script&gt;</a>' in html
    assert "<script" not in html
