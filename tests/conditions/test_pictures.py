"""Files of pictures: who may see one, how long it may be kept, and when it goes."""

import pytest
from django.db import OperationalError, connection, transaction

from booking.models import LocationPicture
from conditions import pictures
from conditions.images.rows import kinds_of_picture
from conditions.models import (
    AreaPicture,
    ArticlePicture,
    ConditionPicture,
    ExercisePicture,
    HomePicture,
    State,
)
from tests.builders import make_location
from tests.conditions.builders import make_area, make_condition, make_exercise
from tests.pictures import BLUE, RED, picture
from tests.staff import sign_in  # noqa: F401
from tests.threads import meanwhile

pytestmark = pytest.mark.usefixtures("uploads")
FOR_EVER = "public, max-age=31536000, immutable"


def give(kind=HomePicture, colour=RED, **owner):
    row = kind(alt="A back", **owner)
    pictures.give(row, pictures.prepare(picture(size=(800, 500), colour=colour)))
    row.save()
    return row


def files(*rows):
    return sorted(f"{row.file}-{width}.webp" for row in rows for width in row.widths)


def answer(client, row):
    response = client.get(row.get_absolute_url())
    return response.status_code, response["Cache-Control"]


def test_every_kind_of_picture_is_known_to_the_sweep_and_to_the_visitors_gate():
    of_pages = {AreaPicture, ArticlePicture, ConditionPicture, ExercisePicture, HomePicture}

    assert set(kinds_of_picture()) == of_pages | {LocationPicture}


def test_a_picture_of_a_public_page_is_webp_and_may_be_kept_for_ever(db, demo, client):
    row = give(ConditionPicture, condition=make_condition(state=State.EXAMPLE))
    response = client.get(row.get_absolute_url())

    assert (row.width, row.height, row.widths) == (720, 450, [360, 720])
    assert answer(client, row) == (200, FOR_EVER)
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == (
        "image/webp",
        "nosniff",
    )
    assert (response.content[8:12], response.cookies) == (b"WEBP", {})


def test_a_picture_of_a_draft_is_shown_to_staff_alone_and_kept_by_nobody(
    db,
    client,
    sign_in,  # noqa: F811
):
    row = give(ConditionPicture, condition=make_condition())

    assert client.get(row.get_absolute_url()).status_code == 404
    assert answer(sign_in("Editor"), row) == (200, "private, no-cache")


@pytest.mark.parametrize(
    ("demo_is_on", "state", "status"),
    [(True, "example", 200), (False, "example", 404), (True, "draft", 404)],
)
def test_a_picture_is_as_public_as_its_page(db, client, settings, demo_is_on, state, status):
    settings.DEMO = demo_is_on
    row = give(ConditionPicture, condition=make_condition(state=state))

    assert client.get(row.get_absolute_url()).status_code == status


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("example", 200)])
def test_a_picture_of_an_area_is_public_with_the_first_exercise_of_it(
    db, demo, client, state, status
):
    row = give(AreaPicture, area=make_area("knee"))
    make_exercise("reach", area=make_area("hip"))
    alone = client.get(row.get_absolute_url()).status_code
    for slug in ("bend", "stretch"):
        make_exercise(slug, area=row.area, state=state)

    assert (alone, client.get(row.get_absolute_url()).status_code) == (404, status)


def test_the_same_picture_on_a_draft_and_on_the_home_page_is_public(db, client):
    row, home = give(ConditionPicture, condition=make_condition()), give()

    assert row.file == home.file
    assert answer(client, row) == (200, FOR_EVER)


def test_pictures_of_home_page_and_places_are_public_once_saved(db, client):
    place = give(LocationPicture, location=make_location(), colour=BLUE)

    assert [answer(client, row) for row in (give(), place)] == [(200, FOR_EVER)] * 2


def test_whether_a_picture_is_public_takes_one_query(db, client, django_assert_num_queries):
    row = give()

    with django_assert_num_queries(1):
        assert client.get(row.get_absolute_url()).status_code == 200


def test_nothing_else_is_served(db, client, uploads):
    row = give()
    (uploads / "pictures" / "original.jpg").write_bytes(picture())

    for file in [f"{row.file}-361", f"{row.file}-1280", f"{'0' * 32}-360", row.file, "original"]:
        assert (file, client.get(f"/pictures/{file}.webp").status_code) == (file, 404)
    for path in ["/pictures/original.jpg", "/pictures/../clinic.sqlite3", "/pictures/"]:
        assert (path, client.get(path).status_code) == (path, 404)
    assert client.post(row.get_absolute_url()).status_code == 405


def test_a_file_goes_once_no_row_of_any_kind_has_it(db):
    one = give(ConditionPicture, condition=make_condition())
    same, place = give(), give(LocationPicture, location=make_location(), colour=BLUE)
    one.delete()
    pictures.sweep()
    both = pictures.FILES.stored()
    same.delete()
    pictures.sweep()

    assert (sorted(both), sorted(pictures.FILES.stored())) == (files(same, place), files(place))


def test_a_sweep_leaves_files_that_are_not_ours(db, uploads):
    give().delete()
    (uploads / "pictures" / "notes.txt").write_text("Mine")
    pictures.sweep()

    assert pictures.FILES.stored() == ["notes.txt"]


@transaction.atomic
def impatient_sweep():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
    pictures.sweep()


# SQLite has one writer at a time: there is nothing to lock.
@pytest.mark.only("postgresql")
def test_a_sweep_waits_for_an_upload_that_is_not_yet_committed(transactional_db):
    with meanwhile(give), pytest.raises(OperationalError, match="lock timeout"):
        impatient_sweep()

    assert sorted(pictures.FILES.stored()) == files(HomePicture.objects.get())
