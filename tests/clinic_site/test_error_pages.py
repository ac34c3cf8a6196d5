"""Error pages: the telephone number, one heading, and no database."""

import re

import pytest
from django.template.loader import get_template

PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "413.html", "500.html", "503.html"]
CLINIC = {
    "clinic_name": "Elm Clinic",
    "clinic_phone": "(212) 555-0199",
    "clinic_phone_link": "tel:+12125550199",
}


@pytest.mark.parametrize("page", PAGES)
def test_error_page_offers_the_telephone_without_a_database(page):
    html = get_template(page).render(CLINIC)

    assert (
        html.count("<h1>"),
        '<a class="button" href="tel:+12125550199">Call (212) 555-0199</a>' in html,
        re.findall(r"<title>.* – (.*)</title>", html),
    ) == (1, True, ["Elm Clinic"])


@pytest.mark.parametrize("page", PAGES)
def test_error_page_renders_even_with_nothing_known(page):
    html = get_template(page).render()

    assert (html.count("<h1>"), "tel:" in html, 'class="demo"' in html) == (1, False, False)


def test_only_the_demo_says_that_it_is_an_example():
    html = get_template("404.html").render(CLINIC | {"demo": True})

    assert len(re.findall(r'<p class="demo">\s*<strong>Example clinic:</strong>', html)) == 1


@pytest.mark.parametrize("page", PAGES)
def test_error_page_shows_a_drawing(page):
    html = get_template(page).render(CLINIC)
    main = html[html.index("<main") : html.index("</main>")]

    assert "/static/drawings/scene.svg#scene" in main


def test_who_finds_no_page_sees_ways_on_without_a_database():
    html = get_template("404.html").render(CLINIC)
    main = html[html.index("<main") : html.index("</main>")]

    assert re.findall(r'<li><a class="tap" href="(.*?)">', main) == [
        "/",
        "/conditions/",
        "/exercises/",
        "/team/",
        "/appointment/",
        "/contact/",
    ]
