"""A picture on the form of each row that shows one: chosen, described, replaced, removed."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from booking.models import LocationPicture
from conditions import pictures
from conditions.admin.pictures import MOST
from conditions.images.uploads import MAX_BYTES
from conditions.models import (
    AreaPicture,
    Article,
    ArticlePicture,
    ConditionPicture,
    ExercisePicture,
    HomePicture,
    State,
)
from conditions.review import approval
from tests.builders import make_location
from tests.conditions.builders import (
    make_area,
    make_condition,
    make_emergency_line,
    make_exercise,
    make_picture,
    make_reviewer,
    sign,
)
from tests.pictures import BLUE, RED, picture, png_header, upload
from tests.reading import texts
from tests.staff import now, sign_in  # noqa: F401
from tests.typed import fields_of

pytestmark = pytest.mark.usefixtures("uploads")
NAME = pictures.prepare(picture()).name
NO_PICTURE = "This file is not a JPEG, PNG or WebP picture, or it is damaged."


def make_article():
    return Article.objects.create(slug="essay", title="Essay", summary="It is new.")


OWNERS = {
    AreaPicture: make_area,
    ConditionPicture: make_condition,
    ArticlePicture: make_article,
    ExercisePicture: lambda: make_exercise("reach"),
    LocationPicture: make_location,
}
WORDS = {"alt": "A back", "credit": "Photo: Ann Lee", "order": "0"}


@pytest.fixture
def boss(sign_in):  # noqa: F811
    return sign_in("Manager", "Editor")


@pytest.fixture
def condition(db):
    return make_condition()


def page(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row):
    return fields_of(client.get(page(row)), f"{row._meta.model_name}_form")


def row_of(number, **fields):
    return {f"pictures-{number}-{name}": value for name, value in fields.items()}


def added(client, row, content=None, number=0, **words):
    """The form of a row with one more picture typed in."""
    typed = opened(client, row) | row_of(number, **WORDS | words)
    typed |= {"pictures-TOTAL_FORMS": str(number + 1)}
    return typed | ({f"pictures-{number}-upload": upload(content)} if content else {})


@pytest.fixture
def save(boss, django_capture_on_commit_callbacks):
    """Save the form of a row, and do what follows the commit."""

    def post(row, typed):
        with django_capture_on_commit_callbacks(execute=True):
            return boss.post(page(row), typed)

    return post


@pytest.fixture
def pictured(condition, boss, save):
    """A condition with a red picture."""
    save(condition, added(boss, condition, picture()))
    return condition


def errors(response):
    return texts(response, "errorlist")


def stored():
    return sorted({file.partition("-")[0] for file in pictures.FILES.stored()})


def name_of(colour):
    return pictures.prepare(picture(colour=colour)).name


@pytest.mark.parametrize("kind", OWNERS, ids=lambda kind: kind.__name__)
def test_a_picture_is_added_on_the_form_of_the_row_that_shows_it(db, boss, save, kind):
    make_reviewer(user=User.objects.get())
    owner = OWNERS[kind]()
    typed = added(boss, owner) | {
        "pictures-0-upload": upload(picture(), "../../etc/IMG 1.svg", "image/svg+xml"),
        "pictures-0-file": "../../etc/passwd",
    }
    response = save(owner, typed)
    row = kind.objects.get()

    assert (response.status_code, row.file, stored()) == (302, NAME, [NAME])
    assert (row.width, row.height, row.alt, row.credit) == (360, 360, "A back", "Photo: Ann Lee")
    assert list(owner.pictures.all()) == [row]
    assert f'src="{row.smallest}" width="180" height="180" alt="A back"' in (
        boss.get(page(owner)).content.decode()
    )


def test_a_picture_that_nobody_would_sign_is_a_reviewers_alone(db, boss, save):
    area = make_area("knee")
    row = make_picture(AreaPicture, area=area)
    save(area, opened(boss, area) | row_of(0, id=str(row.pk), alt="Other words", DELETE="on"))
    save(area, added(boss, area, picture(), 1))

    assert [each.alt for each in AreaPicture.objects.all()] == [row.alt]
    assert 'name="pictures-0-alt"' not in boss.get(page(area)).text


def test_a_picture_of_the_home_page_has_a_form_of_its_own(boss, django_capture_on_commit_callbacks):
    address = reverse("admin:conditions_homepicture_add")
    without = boss.post(address, WORDS)
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(address, WORDS | {"upload": upload(picture()), "file": "x"})

    assert errors(without) == ["Choose a picture."]
    assert (HomePicture.objects.get().file, stored()) == (NAME, [NAME])


@pytest.mark.parametrize(
    ("content", "words", "error"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {}, NO_PICTURE),
        (picture("GIF"), {}, NO_PICTURE),
        (b"x" * (MAX_BYTES + 1), {}, "This file is too large: it may have 8 MB, at most."),
        (
            png_header(9000, 9000),
            {},
            "This picture is too large: it may have 25 million pixels, at most.",
        ),
        (b"", {}, "The submitted file is empty."),
        (None, {}, "Choose a picture."),
        (picture(), {"alt": " "}, "This field is required."),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    condition, boss, save, content, words, error
):
    typed = added(boss, condition, content, **words) | {"about": "Typed for long"}
    if content == b"":
        typed["pictures-0-upload"] = upload(b"")
    response = save(condition, typed)

    assert (response.status_code, errors(response)) == (200, [error])
    assert response.context["adminform"].form["about"].value() == "Typed for long"
    assert (ConditionPicture.objects.count(), stored()) == (0, [])


def test_more_pictures_than_a_page_may_have_are_refused(condition, boss, save):
    for number in range(MOST):
        make_picture(ConditionPicture, condition=condition, order=number)
    response = save(condition, added(boss, condition, picture(), MOST, order="99"))

    assert (response.status_code, condition.pictures.count()) == (200, MOST)


def test_the_name_of_a_stored_file_is_never_one_that_was_typed(pictured, boss, save):
    typed = opened(boss, pictured) | {"pictures-0-file": "0" * 32, "pictures-0-alt": "My back"}
    save(pictured, typed)

    assert pictured.pictures.values_list("file", "alt").get() == (NAME, "My back")


def test_a_picture_that_is_replaced_or_removed_goes_once_that_is_committed(pictured, boss, save):
    blue = opened(boss, pictured) | {"pictures-0-upload": upload(picture(colour=BLUE))}
    boss.post(page(pictured), blue)
    before = stored()
    save(pictured, opened(boss, pictured))  # nothing changes, and nothing follows
    pictures.sweep()
    replaced = stored()
    save(pictured, opened(boss, pictured) | {"pictures-0-DELETE": "on"})

    assert (before, replaced, stored()) == (sorted([NAME, name_of(BLUE)]), [name_of(BLUE)], [])
    assert not pictured.pictures.exists()


@pytest.mark.parametrize("several", [False, True])
def test_pictures_go_with_their_page(pictured, boss, several, django_capture_on_commit_callbacks):
    name = "changelist" if several else "delete"
    address = reverse(f"admin:conditions_condition_{name}", args=[] if several else [pictured.pk])
    act = {"action": "delete_selected", "_selected_action": pictured.pk} if several else {}
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(address, act | {"post": "yes"})

    assert (ConditionPicture.objects.count(), stored()) == (0, [])


def test_a_place_that_was_asked_about_and_taken_back_leaves_no_file(boss):
    place = make_location()
    stray = pictures.prepare(picture(colour=BLUE))
    pictures.FILES.store(stray)  # as of a saving that the page which asks has taken back
    response = boss.post(page(place), added(boss, place, picture(), alt=""))

    assert (response.status_code, stored()) == (200, [])


# The second to save


def told(response):
    return [(each.label, each.now) for each in response.context["meanwhile"]]


def test_a_form_opened_before_the_picture_was_replaced_puts_no_words_to_it(pictured, boss, save):
    stale = opened(boss, pictured)
    blue = {"pictures-0-upload": upload(picture(colour=BLUE)), "pictures-0-alt": "A knee"}
    save(pictured, opened(boss, pictured) | blue)
    response = save(pictured, stale | {"pictures-0-alt": "A shoulder"})

    assert (response.status_code, told(response)) == (
        409,
        [("A knee: What it shows", "A knee")],
    )
    assert pictured.pictures.values_list("file", "alt").get() == (name_of(BLUE), "A knee")


def test_the_same_picture_twice_changes_nothing(pictured, boss, save):
    blue = opened(boss, pictured) | {"pictures-0-alt": "A knee"}

    for _click in range(2):
        typed = blue | {"pictures-0-upload": upload(picture(colour=BLUE))}
        assert save(pictured, typed).status_code == 302
    assert (stored(), pictured.pictures.get().alt) == ([name_of(BLUE)], "A knee")


def test_a_picture_that_a_colleague_removed_comes_back_by_no_saving(pictured, boss, save):
    stale = opened(boss, pictured)
    pictured.pictures.all().delete()
    response = save(pictured, stale | {"about": "More."})
    again = save(pictured, fields_of(response, "condition_form"))
    pictured.refresh_from_db()

    assert (response.status_code, again.status_code, pictured.about) == (409, 302, "More.")
    assert told(response) == [("condition picture", "removed")]
    assert not pictured.pictures.exists()


def test_words_for_a_picture_that_a_colleague_removed_are_kept_and_ask_for_one(
    pictured, boss, save
):
    stale = opened(boss, pictured)
    pictured.pictures.all().delete()
    response = save(pictured, stale | {"pictures-0-alt": "A knee"})
    kept = fields_of(response, "condition_form")
    refused = save(pictured, kept)
    save(pictured, kept | {"pictures-0-upload": upload(picture(colour=RED))})

    assert (response.status_code, errors(refused)) == (409, ["Choose a picture."])
    assert pictured.pictures.values_list("file", "alt").get() == (NAME, "A knee")


# The signature


@pytest.fixture
def approved(pictured):
    make_emergency_line()
    return sign(pictured)


CHANGES = {
    "words": lambda: {"pictures-0-alt": "Other words"},
    "picture": lambda: {"pictures-0-upload": upload(picture(colour=BLUE))},
    "removal": lambda: {"pictures-0-DELETE": "on"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_approved_page_whose_picture_changes_is_a_draft_again(
    approved, boss, save, client, change
):
    address = approved.pictures.get().get_absolute_url()
    before = client.get(address).status_code
    save(approved, opened(boss, approved) | CHANGES[change]())
    approved.refresh_from_db()

    assert (before, approved.state, client.get(address).status_code) == (200, State.DRAFT, 404)


def test_an_approved_page_that_is_saved_as_it_is_stays_approved(approved, boss, save):
    save(approved, opened(boss, approved))
    approved.refresh_from_db()

    assert approved.state == State.APPROVED


def test_a_picture_that_changed_since_it_was_read_is_not_signed(pictured, boss):
    make_emergency_line()
    version = approval.version(pictured)
    pictured.pictures.update(file="0" * 32)

    assert approval.version(pictured) != version


def test_the_history_tells_of_a_picture(db, boss, save):
    place = make_location()
    save(place, added(boss, place, picture()))
    history = boss.get(reverse("admin:booking_location_history", args=[place.pk]))

    assert f"File: {NAME}" in " ".join(texts(history, "tr"))
