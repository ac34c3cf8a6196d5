"""Pages with pictures: in a browser nothing moves or breaks, and a sheet keeps to its two pages."""

import re

import pytest

from booking.models import LocationPicture
from conditions import pictures
from conditions.models import (
    AreaPicture,
    Article,
    ArticlePicture,
    BodyArea,
    Condition,
    ConditionPicture,
    Exercise,
    ExercisePicture,
    HomePicture,
)
from conditions.pages import program
from tests import shipped
from tests.browser.shown import Shown
from tests.builders import make_location
from tests.conditions.builders import make_picture
from tests.pictures import picture

# What a page looks like does not depend on the database; SQLite's process has the time.
pytestmark = pytest.mark.only("sqlite")

TALL = {"width": 360, "height": 1080}
CREDIT = "Photo: Ann Lee of the Springfield School of Physical Therapy, used by permission"


@pytest.fixture
def shown(db, settings, demo, new_page):
    """Pages of a clinic where everything has a wide and a tall picture."""
    settings.DEMO = True
    shipped.load()
    for number, size in enumerate([{"width": 1280, "height": 720}, TALL]):
        about = size | {"order": number, "credit": CREDIT, "alt": "A woman lies on her back."}
        for row in Condition.objects.all():
            make_picture(ConditionPicture, condition=row, **about)
        for row in Article.objects.all():
            make_picture(ArticlePicture, article=row, **about)
        for row in Exercise.objects.all():
            make_picture(ExercisePicture, exercise=row, replaces_drawing=size == TALL, **about)
        for row in BodyArea.objects.all():
            make_picture(AreaPicture, area=row, **about)
        make_picture(HomePicture, **about)
        make_picture(LocationPicture, location=make_location(), **about)
    page = new_page()
    tall = pictures.prepare(picture(size=(360, 1080))).files[360]
    page.route("**/pictures/**", lambda route: route.fulfill(body=tall, content_type="image/webp"))
    return Shown(page, demo)


PAGES = ["/", "/contact/", "/conditions/", "/conditions/back-pain/", "/exercises/bird-dog/"]
PAGES += ["/exercises/", "/exercises/program/", "/exercises/program/?exercise=bird-dog"]
PAGES += ["/articles/aquatic-therapy/"]


def test_pages_with_pictures_are_accessible_and_fit_a_small_phone(shown):
    for path in PAGES:
        shown.show(path, shown.client.get(path))

    assert shown.statuses() == {path: (200, []) for path in PAGES}


# The clinic's own photograph on the home page is a ground, not a picture in a text.
IN_TEXT = "main :not(.hero-art) > .photo img"
WIDE = "all => all.filter(one => one.getBoundingClientRect().width > 640).length"


@pytest.mark.parametrize("path", PAGES)
def test_no_picture_is_larger_than_the_text_is_wide(shown, path):
    shown.look(shown.client.get(path).content.decode())
    shown.page.set_viewport_size({"width": 1280, "height": 900})

    assert shown.page.locator(IN_TEXT).evaluate_all(WIDE) == 0


def test_a_sheet_with_tall_pictures_prints_on_two_letter_pages(shown):
    rows = Exercise.objects.with_parts()
    longest = sorted(rows, key=lambda row: -sum(len(step.text) for step in row.steps.all()))
    path = program.path(longest[: program.MOST_EXERCISES])
    shown.look(shown.client.get(path).content.decode())
    printed = shown.page.pdf(format="Letter")

    assert shown.page.locator(".pose .photo").count() == program.MOST_EXERCISES
    assert len(re.findall(rb"/Type /Page\b", printed)) == 2
