"""The style guide: for staff alone, with figures of the real style sheet."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from clinic_site.look import colours, styleguide
from tests.axe import violations
from tests.clinic_site.look.palette import DARK, LIGHT, contrast

pytestmark = pytest.mark.django_db


def test_others_than_staff_are_asked_to_sign_in(client):
    answers = [client.get("/styleguide/")]
    client.force_login(User.objects.create_user("rosa"))
    answers.append(client.get("/styleguide/"))

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, "/admin/login/?next=/styleguide/")
    ] * 2
    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}


def test_staff_see_tokens_and_components_that_nobody_keeps_or_lists(client, admin_user):
    client.force_login(admin_user)
    page = client.get("/styleguide/")
    html = page.content.decode()

    assert (page.status_code, page["Cache-Control"], page["X-Robots-Tag"]) == (
        200,
        "no-store",
        "noindex",
    )
    assert 'style="' not in html
    swatches = set(re.findall(r'class="swatch ([\w-]+)"', html))
    with_colour = set(re.findall(r"^\.(?:swatch\.)?([\w-]+) { background", guide_css(), re.M))
    assert swatches == with_colour == LIGHT.keys()


def guide_css():
    return (styleguide.settings.BASE_DIR / "static/css/styleguide.css").read_text()


def test_every_contrast_is_that_of_the_style_sheet_and_enough():
    rows = styleguide.pairs(*styleguide.schemes(styleguide.sheet("site")))

    assert [row for row in rows if min(row.light, row.dark) < 4.5] == []
    assert [(row.light, row.dark) for row in rows] == [
        pytest.approx(
            tuple(contrast(scheme[row.text], scheme[row.ground]) for scheme in (LIGHT, DARK))
        )
        for row in rows
    ]


def test_figures_follow_the_clinics_own_colour(settings):
    settings.CLINIC_COLOR = "#9d174d"
    light, dark = styleguide.schemes(styleguide.sheet("site"))

    assert (light["brand"], dark["brand"]) == ("#9d174d", colours.dark("#9d174d")["brand"])


def session_cookie(user, url):
    """The cookie of somebody who is signed in."""
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


# What the page looks like does not depend on the database.
@pytest.mark.only("postgresql")
def test_the_style_guide_is_accessible_in_both_schemes(serve, new_page, transactional_db):
    site = serve(environment={"DEMO": "1"})
    site.manage("load_content").check_returncode()
    user = User.objects.create_user("rosa", is_staff=True)
    page = new_page(base_url=site.url)
    page.context.add_cookies([session_cookie(user, site.url)])
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto("/styleguide/")
        found[scheme] = violations(page)

    assert page.locator("h1").inner_text() == "Style guide"
    assert page.locator(".exercise svg").count() == 1
    assert found == {"light": [], "dark": []}
