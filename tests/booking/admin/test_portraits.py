"""A therapist's photograph from the admin to the public pages, and away again."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from booking import photographs
from booking.models import Therapist
from conditions.images.uploads import MAX_BYTES
from tests.builders import make_therapist
from tests.pictures import BLUE, RED, picture, upload
from tests.reading import texts, tight
from tests.typed import fields_of

pytestmark = pytest.mark.usefixtures("uploads")
TOO_MANY_BYTES = "This file is too large: it may have 8 MB, at most."
FIELDS = {
    "name": "Ana Ruiz",
    "slug": "ana-ruiz",
    "active": "on",
    "online_booking": "on",
    "order": "0",
    "time_off-TOTAL_FORMS": "0",
    "time_off-INITIAL_FORMS": "0",
    "working_hours-TOTAL_FORMS": "0",
    "working_hours-INITIAL_FORMS": "0",
}


@pytest.fixture
def uploads(settings, tmp_path):
    """An empty place for uploads."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def manager(sign_in):
    return sign_in("Manager")


@pytest.fixture
def save(manager, django_capture_on_commit_callbacks):
    """Save a therapist's page as a manager, and do what follows the commit."""

    def post(therapist: Therapist, **fields):
        address = reverse("admin:booking_therapist_change", args=[therapist.pk])
        with django_capture_on_commit_callbacks(execute=True):
            return manager.post(address, FIELDS | {"slug": therapist.slug} | fields)

    return post


def name_of(content: bytes) -> str:
    return photographs.prepare(content).name


def files(*names: str) -> list[str]:
    return sorted(f"{name}-{size}.webp" for name in names for size in photographs.SIZES)


def errors(response) -> list[str]:
    return texts(response, "errorlist")


def test_a_photograph_is_kept_in_its_sizes_and_shown_on_the_public_pages(client, save):
    therapist = make_therapist(hours="")
    response = save(therapist, photograph=upload(picture(), "../../etc/IMG 1.exe", "text/html"))

    therapist.refresh_from_db()
    assert (response.status_code, therapist.photo) == (302, name_of(picture()))
    assert sorted(photographs.FILES.stored()) == files(therapist.photo)
    address = f"/photos/{therapist.photo}"
    for path, size, alt in [
        ("/", 288, ""),
        ("/team/", 160, ""),
        ("/team/ana-ruiz/", 224, "Ana Ruiz"),
    ]:
        html = tight(client.get(path).content.decode())
        assert re.findall(r'<img class="portrait".*?>', html) == [
            f'<img class="portrait" src="{address}-192.webp" srcset="{address}-96.webp 96w, '
            f'{address}-192.webp 192w, {address}-384.webp 384w" sizes="{size}px" width="{size}" '
            f'height="{size}" alt="{alt}" loading="lazy" decoding="async">'
        ]
        assert 'class="monogram"' not in html


def test_without_a_photograph_there_is_a_monogram(client):
    make_therapist(hours="")

    for path in ("/", "/team/", "/team/ana-ruiz/"):
        html = client.get(path).content.decode()
        assert '<span class="monogram" aria-hidden="true">AR</span>' in html
        assert 'class="portrait"' not in html


def test_a_stored_size_is_served_as_webp_for_ever_and_nothing_else_is(client, save, uploads):
    therapist = make_therapist(hours="")
    save(therapist, photograph=upload(picture()))
    (uploads / "photos" / "original.jpg").write_bytes(picture())
    name = name_of(picture())
    response = client.get(f"/photos/{name}-192.webp")

    assert (response.status_code, Image.open(BytesIO(response.content)).size) == (200, (192, 192))
    headers = ["Content-Type", "Cache-Control", "X-Content-Type-Options"]
    assert [response[header] for header in headers] == [
        "image/webp",
        "public, max-age=31536000, immutable",
        "nosniff",
    ]
    assert response.cookies == {}
    for path in [f"{name}-193.webp", f"{'0' * 32}-192.webp", f"{name}.webp", "original.jpg"]:
        assert client.get(f"/photos/{path}").status_code == 404
    assert client.get("/photos/../clinic.sqlite3").status_code == 404
    assert client.post(f"/photos/{name}-192.webp").status_code == 405


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (
            b"<script>1</script>",
            "This file is not a JPEG, PNG or WebP picture, or it is damaged.",
        ),
        (
            picture(size=(20, 20)),
            "This picture is too small: it needs 384 pixels each way, at least.",
        ),
        (b"", "The submitted file is empty."),
    ],
)
def test_a_refused_upload_keeps_what_was_typed_and_the_old_photograph(save, content, error):
    therapist = make_therapist(hours="")
    save(therapist, photograph=upload(picture()))
    response = save(therapist, bio="Typed for long", photograph=upload(content))

    assert (response.status_code, errors(response)) == (200, [error])
    assert response.context["adminform"].form["bio"].value() == "Typed for long"
    assert sorted(photographs.FILES.stored()) == files(name_of(picture()))


def test_too_many_bytes_are_refused(save):
    """The control: one byte less is read, and found to be no photograph."""
    therapist = make_therapist(hours="")
    found = [
        errors(save(therapist, photograph=upload(b"x" * (MAX_BYTES + more)))) for more in (1, 0)
    ]

    assert found == [
        [TOO_MANY_BYTES],
        ["This file is not a JPEG, PNG or WebP picture, or it is damaged."],
    ]


def test_a_photograph_that_is_replaced_or_removed_goes_when_nobody_has_it(save):
    ana, ben = make_therapist(hours=""), make_therapist("ben-cole", hours="")
    red, blue = picture(colour=RED), picture(colour=BLUE)
    save(ana, photograph=upload(red))
    save(ben, photograph=upload(red))
    save(ana, photograph=upload(blue))
    both = sorted(photographs.FILES.stored())
    save(ben, remove_photograph="on")

    assert both == sorted(files(name_of(red), name_of(blue)))
    assert sorted(photographs.FILES.stored()) == files(name_of(blue))
    photos = Therapist.objects.order_by("pk").values_list("photo", flat=True)
    assert list(photos) == [name_of(blue), ""]


def test_what_was_removed_stays_until_the_change_is_committed(save, manager):
    therapist = make_therapist(hours="")
    save(therapist, photograph=upload(picture()))
    address = reverse("admin:booking_therapist_change", args=[therapist.pk])
    manager.post(address, FIELDS | {"remove_photograph": "on"})

    assert sorted(photographs.FILES.stored()) == files(name_of(picture()))
    photographs.sweep()
    assert photographs.FILES.stored() == []


def test_a_therapist_who_is_deleted_leaves_no_photograph(
    save, sign_in, django_capture_on_commit_callbacks
):
    therapist = make_therapist(hours="")
    save(therapist, photograph=upload(picture()))
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(superuser=True).post(
            reverse("admin:booking_therapist_delete", args=[therapist.pk]), {"post": "yes"}
        )

    assert (Therapist.objects.count(), photographs.FILES.stored()) == (0, [])


def test_choosing_and_removing_at_once_is_an_error(save):
    response = save(make_therapist(hours=""), photograph=upload(picture()), remove_photograph="on")

    assert errors(response) == ["Choose a new photograph or remove the old one, not both."]


def test_saving_without_a_new_photograph_keeps_the_old_one(save):
    therapist = make_therapist(hours="")
    save(therapist, photograph=upload(picture()))
    save(therapist, name="Ana Maria Ruiz")

    therapist.refresh_from_db()
    assert (therapist.name, therapist.photo) == ("Ana Maria Ruiz", name_of(picture()))


def test_the_desk_sees_the_photograph_and_cannot_change_it(desk, save, uploads):
    therapist = make_therapist(hours="")
    save(therapist, photograph=upload(picture(colour=RED)))
    address = reverse("admin:booking_therapist_change", args=[therapist.pk])
    page = desk.get(address).content.decode()
    desk.post(address, FIELDS | {"photograph": upload(picture(colour=BLUE))})
    desk.post(address, FIELDS | {"remove_photograph": "on"})

    therapist.refresh_from_db()
    assert therapist.photo == name_of(picture(colour=RED))
    assert ('class="portrait"' in page, 'type="file"' in page) == (True, False)


def test_the_history_tells_that_the_photograph_changed(save, manager):
    therapist = make_therapist(hours="")
    save(therapist, photograph=upload(picture()))
    page = manager.get(reverse("admin:booking_therapist_history", args=[therapist.pk]))

    assert f"Photograph: {name_of(picture())}" in " ".join(texts(page, "tr"))


def test_a_manager_adds_a_therapist_with_a_photograph(manager):
    address = reverse("admin:booking_therapist_add")
    assert manager.get(address).status_code == 200
    manager.post(address, FIELDS | {"photograph": upload(picture())})

    assert Therapist.objects.get().photo == name_of(picture())


@pytest.mark.parametrize("change", ["remove", "replace"])
def test_a_page_opened_before_a_photograph_came_does_not_take_it_away(manager, save, change):
    therapist = make_therapist(hours="")
    page = reverse("admin:booking_therapist_change", args=[therapist.pk])
    save(therapist)
    stale = fields_of(manager.get(page), "therapist_form")
    save(therapist, photograph=upload(picture()))
    typed = {
        "remove": {"remove_photograph": "on"},
        "replace": {"photograph": upload(picture(colour=BLUE))},
    }
    response = manager.post(page, stale | typed[change])
    told = [(each.label, each.now) for each in response.context["meanwhile"]]
    therapist.refresh_from_db()

    assert (response.status_code, therapist.photo) == (409, name_of(picture()))
    assert told == [("New photograph", "a picture")]
    assert therapist.photo not in response.content.decode().split('name="seen"')[1].split(">")[0]


@pytest.mark.parametrize("change", ["remove", "replace"])
def test_a_double_click_with_a_photograph_passes(manager, save, change):
    therapist = make_therapist(hours="")
    save(therapist, photograph=upload(picture()))
    page = reverse("admin:booking_therapist_change", args=[therapist.pk])
    typed = fields_of(manager.get(page), "therapist_form")
    name = "" if change == "remove" else name_of(picture(colour=BLUE))
    for _click in range(2):
        blue = {"photograph": upload(picture(colour=BLUE))}
        more = {"remove_photograph": "on"} if change == "remove" else blue
        assert manager.post(page, typed | more).status_code == 302
        therapist.refresh_from_db()
        assert therapist.photo == name


def test_a_page_opened_before_a_photograph_came_keeps_it(manager, save):
    therapist = make_therapist(hours="")
    page = reverse("admin:booking_therapist_change", args=[therapist.pk])
    save(therapist)
    stale = fields_of(manager.get(page), "therapist_form")
    save(therapist, photograph=upload(picture()))

    assert manager.post(page, stale).status_code == 302
    therapist.refresh_from_db()
    assert therapist.photo == name_of(picture())
