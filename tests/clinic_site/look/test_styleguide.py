"""The style guide: for staff alone, with figures of the real style sheet."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from booking.brand import palettes
from booking.models import Clinic, Style
from clinic_site.look import styleguide
from clinic_site.look.style_sheet import sheet
from tests.axe import violations
from tests.clinic_site.look.palette import LIGHT, contrast, schemes

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
    with_colour = set(
        re.findall(r"^\.(?!sample)(?:swatch\.)?([\w-]+) { background", guide_css(), re.M)
    )
    assert swatches == with_colour == LIGHT.keys()


def guide_css():
    return (palettes.SHEETS / "styleguide.css").read_text()


@pytest.mark.parametrize("style", Style)
def test_every_contrast_is_that_of_the_style_sheet_and_enough(style):
    rows = styleguide.shown(style, "#9d174d").contrasts
    light, dark = schemes(sheet(style, "#9d174d"))

    assert [row for row in rows if min(row.light, row.dark) < row.least] == []
    assert [(row.light, row.dark) for row in rows] == [
        pytest.approx(tuple(contrast(each[row.text], each[row.ground]) for each in (light, dark)))
        for row in rows
    ]


def test_both_styles_are_shown_in_both_schemes_and_in_the_clinics_colour(client, admin_user):
    Clinic.objects.update(colour="#9d174d", style="warm")
    client.force_login(admin_user)
    html = client.get("/styleguide/").content.decode()
    css = client.get("/styleguide/styles.css").content.decode()

    shown = re.findall(r'<section class="sample (\w+ \w+)">', html)
    assert shown == ["calm light", "calm dark", "warm light", "warm dark"]
    assert re.findall(r"This clinic has chosen: (\w+)", html) == ["warm"]
    assert re.findall(r"^\.(\w+)\.(\w+){.*?--brand:(#\w+)", css, re.M) == [
        (style, scheme, getattr(palettes.palette(style, "#9d174d"), scheme)["brand"])
        for style in palettes.STYLES
        for scheme in ("light", "dark")
    ]
    assert re.findall(r"url\((.*?)\)", css) == [
        "/static/fonts/fraunces.woff2",
        "/static/fonts/figtree.woff2",
    ]


def test_the_samples_are_for_staff_alone(client):
    assert client.get("/styleguide/styles.css").status_code == 302


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
