"""Pictures on pages: with their words, their size and their place, and never in the way."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import LocationPicture
from clinic_site.look.style_sheet import SHEETS
from conditions.images.rows import kinds_of_picture
from conditions.models import (
    AreaPicture,
    Article,
    ArticlePicture,
    ConditionPicture,
    ExercisePicture,
    HomePicture,
)
from conditions.models.base import new_slug
from tests.builders import make_location
from tests.conditions.builders import (
    make_area,
    make_condition,
    make_exercise,
    make_picture,
)
from tests.reading import tight

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
FILE = "0123456789abcdef" * 2
IMAGE = (
    f'<img src="/pictures/{FILE}-360.webp" srcset="/pictures/{FILE}-360.webp 360w, '
    f'/pictures/{FILE}-720.webp 720w, /pictures/{FILE}-1280.webp 1280w" sizes="%s" '
    'width="1280" height="720" alt="%s" loading="%s" decoding="async">'
)
# The first picture of the home page is the large one at its top: shown at once.
AT_THE_TOP = {"/": ("(min-width: 64rem) 55vw, 100vw", "eager")}
OF_PAGE, OF_CARD = "(min-width: 42rem) 40rem, 100vw", "(min-width: 40rem) 17rem, 100vw"
SHEET = "/exercises/program/?exercise=bird-dog"


def html_of(client, path):
    response = client.get(path)
    assert (path, response.status_code) == (path, 200)
    return tight(response.content.decode())


def figures(html):
    return re.findall(r'<figure class="photo">(.*?)</figure>', html)


def has_sheet(html):
    return f"<style>{SHEETS['pictures']}</style>" in html


def kind_shown():
    """The one kind of which there are pictures."""
    (kind,) = [kind for kind in kinds_of_picture() if kind.objects.exists()]
    return kind


def one_more(**fields):
    """A picture like the one that is there, on the same page."""
    row = kind_shown().objects.first()
    row.pk = None
    for name, value in ({"slug": new_slug()} | fields).items():
        setattr(row, name, value)
    row.save()


def make_article():
    return Article.objects.create(slug="essay", title="Essay", summary="New.", state="example")


def on_condition(**fields):
    make_picture(ConditionPicture, condition=make_condition(state="example"), **fields)


def on_article(**fields):
    make_picture(ArticlePicture, article=make_article(), **fields)


def on_exercise(**fields):
    exercise = make_exercise(slug="bird-dog", state="example")
    make_picture(ExercisePicture, exercise=exercise, **fields)


def on_home_page(**fields):
    make_picture(HomePicture, **fields)


def on_contact_page(**fields):
    make_picture(LocationPicture, location=make_location(), **fields)


PAGES = {
    "/conditions/pain/": on_condition,
    "/articles/essay/": on_article,
    "/exercises/bird-dog/": on_exercise,
    "/": on_home_page,
    "/contact/": on_contact_page,
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_its_pictures_in_order_with_words_size_and_credit(client, path):
    PAGES[path](alt='A back & "a knee"', order=2, credit="Photo: <Ann>")
    one_more(alt="First", order=1, credit="")
    html = html_of(client, path)
    sizes, loading = AT_THE_TOP.get(path, (OF_PAGE, "lazy"))

    assert figures(html) == [
        IMAGE % (sizes, "First", loading),
        IMAGE % (OF_PAGE, "A back &amp; &quot;a knee&quot;", "lazy")
        + '<figcaption class="quiet">Photo: &lt;Ann&gt;</figcaption>',
    ]
    assert has_sheet(html)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_without_a_picture_carries_nothing_for_one(client, path):
    PAGES[path]()
    kind_shown().objects.all().delete()
    html = html_of(client, path)

    assert (figures(html), has_sheet(html), "webp" in html) == ([], False, False)


@pytest.mark.parametrize("path", ["/conditions/pain/", "/articles/essay/", "/exercises/bird-dog/"])
def test_the_first_picture_goes_with_a_link_to_the_page(client, path):
    PAGES[path]()
    html, address = html_of(client, path), f"http://127.0.0.1:8000/pictures/{FILE}-1280.webp"

    assert re.findall(r'property="og:image" content="(.*?)"', html) == [address]
    assert f'"image":["{address}"]' in html


def test_the_pictures_of_a_draft_are_on_no_page_and_in_no_list(client):
    make_picture(ConditionPicture, condition=make_condition())

    assert FILE not in html_of(client, "/") + html_of(client, "/conditions/")


# In lists

ICON = (
    f'<img class="icon" src="/pictures/{FILE}-360.webp" width="64" height="64" alt="" '
    'loading="lazy" decoding="async">'
)
DRAWING = '<svg class="icon" viewBox="40 0 240 240" width="64" height="64" aria-hidden="true">'


def test_a_picture_stands_beside_the_name_and_the_drawing_where_there_is_none(client):
    on_condition()
    make_condition(slug="back-pain", title="Back pain", state="example", order=1)
    found = re.findall(r'<(?:img|svg) class="icon".*?>', html_of(client, "/conditions/"))

    assert found[:2] == [ICON, DRAWING]


def test_the_list_of_articles_shows_them_too(client):
    on_article()

    assert re.findall(r'<img class="icon".*?>', html_of(client, "/articles/")) == [ICON]


# Areas

SMALL = "(min-width: 20rem) 17rem, 100vw"


def small(html):
    return re.findall(r'<h2>([^<]*)</h2><figure class="photo small">(.*?)</figure>', html)


def test_pictures_of_an_area_stand_small_over_its_exercises_and_on_no_other_page(client):
    for slug in ("hip", "knee"):
        exercise = make_exercise(f"{slug}-move", area=make_area(slug), state="example")
    condition = make_condition(areas=[exercise.area], state="example")
    condition.exercises.add(exercise)
    make_picture(AreaPicture, area=exercise.area, alt="A bent knee", credit="Photo: Ann")
    html = html_of(client, "/exercises/")
    elsewhere = ["/", "/conditions/pain/", "/exercises/knee-move/", "/exercises/program/"]

    assert small(html) == [
        (
            "Knee",
            IMAGE % (SMALL, "A bent knee", "lazy")
            + '<figcaption class="quiet">Photo: Ann</figcaption>',
        )
    ]
    assert has_sheet(html)
    assert [path for path in elsewhere if FILE in html_of(client, path)] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_pictures_of_areas_take_one_query_however_many_there_are(client, rows):
    for number in range(rows):
        area = make_area(f"area-{number}")
        make_exercise(f"move-{number}", area=area, state="example")
        make_picture(AreaPicture, area=area)
    with CaptureQueriesContext(connection) as asked:
        html = html_of(client, "/exercises/")

    queries = [each for each in asked if 'FROM "conditions_areapicture"' in each["sql"]]
    assert (len(queries), html.count('class="photo small"')) == (1, rows)


# Exercises

PLACES = ["/exercises/", "/conditions/pain/", "/articles/essay/", "/exercises/program/", SHEET]


def with_a_picture(slug, **fields):
    exercise = make_exercise(slug=slug, state="example")
    make_picture(ExercisePicture, exercise=exercise, **fields)
    condition, article = make_condition(state="example"), make_article()
    shown = {"followed_by": "exercises", "area": exercise.area}
    article.sections.create(heading="Move", **shown)
    for page in (condition, article):
        page.exercises.add(exercise)


@pytest.mark.parametrize("path", PLACES)
def test_the_drawing_stays_where_no_editor_says_otherwise(client, path):
    with_a_picture("bird-dog")
    html = html_of(client, path)

    assert (figures(html), has_sheet(html)) == ([], False)
    assert html.count('<svg class="movement"') == 1


@pytest.mark.parametrize("path", [*PLACES, "/exercises/bird-dog/"])
def test_a_picture_takes_the_place_of_the_drawing_where_an_editor_says_so(client, path):
    with_a_picture("bird-dog", replaces_drawing=True)
    html = html_of(client, path)
    loading = "eager" if path == SHEET else "lazy"  # what is printed has to be there

    assert figures(html) == [IMAGE % (OF_CARD, "A back", loading)]
    assert ('<svg class="movement"' in html, has_sheet(html)) == (False, True)


@pytest.mark.parametrize("path", ["/exercises/", "/conditions/pain/", "/exercises/a-new-move/"])
def test_an_exercise_without_a_drawing_shows_its_first_picture(client, path):
    with_a_picture("a-new-move")

    assert figures(html_of(client, path)) == [IMAGE % (OF_CARD, "A back", "lazy")]


def test_the_page_of_an_exercise_shows_its_other_pictures_below(client):
    with_a_picture("bird-dog", replaces_drawing=True, order=1)
    exercise = ExercisePicture.objects.get().exercise
    make_picture(ExercisePicture, exercise=exercise, alt="From above", order=0)

    assert figures(html_of(client, "/exercises/bird-dog/")) == [
        IMAGE % (OF_CARD, "A back", "lazy"),
        IMAGE % (OF_PAGE, "From above", "lazy"),
    ]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", PAGES)
def test_pictures_take_one_query_however_many_there_are(client, path, rows):
    PAGES[path]()
    for _row in range(1, rows):
        one_more()
    with CaptureQueriesContext(connection) as asked:
        html = html_of(client, path)

    queries = [
        each["sql"] for each in asked if f'FROM "{kind_shown()._meta.db_table}"' in each["sql"]
    ]
    assert (len(queries), len(figures(html))) == (1, rows)
