"""A manager changes the clinic's name, colour, style and logo; no deploy, no faint colour."""

import re
from io import BytesIO

import pytest
from auditlog.models import LogEntry
from PIL import Image

from booking import logo as logos
from booking.models import Clinic
from clinic_site.middleware.page_cache import SHELF
from tests.pictures import near, picture, upload
from tests.staff import now, sign_in  # noqa: F401

pytestmark = pytest.mark.django_db
LIST = "/admin/booking/clinic/"
CHANGE = f"{LIST}1/change/"
OAK = {"name": "Oak Avenue", "style": "warm", "colour": "#9d174d"}


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def manager(sign_in):  # noqa: F811
    return sign_in("Manager")


def look():
    return Clinic.objects.values("name", "style", "colour").get()


def test_a_manager_changes_name_style_and_color(manager):
    before = look()
    response = manager.post(CHANGE, OAK)
    [entry] = LogEntry.objects.get_for_model(Clinic)

    assert (response.status_code, look()) == (302, OAK)
    assert entry.changes_dict == {name: [before[name], OAK[name]] for name in OAK}
    assert entry.actor.username.startswith("manager")


def test_a_manager_says_whether_there_is_a_pool_and_may_leave_it_unsaid(manager):
    said = []
    for pool in ("yes", "no", "", "maybe"):
        manager.post(CHANGE, OAK | {"pool": pool})
        said.append(Clinic.objects.get().pool)

    assert said == ["yes", "no", "", ""]


def test_the_list_is_the_form_itself(manager):
    assert manager.get(LIST)["Location"] == CHANGE
    assert manager.get(f"{LIST}add/").status_code == 403
    assert manager.post(f"{LIST}1/delete/").status_code == 403


@pytest.mark.parametrize("group", ["Front desk", "Editor", "Therapist"])
def test_others_change_nothing(sign_in, group):  # noqa: F811
    other, before = sign_in(group), look()

    assert [other.get(LIST).status_code, other.get(CHANGE).status_code] == [403, 403]
    assert (other.post(CHANGE, OAK).status_code, look()) == (403, before)


@pytest.mark.parametrize(
    ("colour", "words"),
    [
        ("#ffcc00", "links and the words of buttons on bands across the page would be 1.28 to 1"),
        ("red", "A color is written like #0d5752"),
    ],
)
def test_a_color_that_cannot_be_read_is_refused_and_says_what_could_not(manager, colour, words):
    before = look()
    response = manager.post(CHANGE, OAK | {"colour": colour})
    [said] = response.context["adminform"].form.errors["colour"]

    assert (response.status_code, look(), words in said) == (200, before, True)


def test_a_stale_form_changes_nothing(manager):
    seen = manager.get(CHANGE).context["seen"]
    Clinic.objects.update(name="Elm")
    response = manager.post(CHANGE, OAK | {"seen": seen})

    assert (response.status_code, look()["name"]) == (409, "Elm")


def test_kept_pages_go_when_the_clinic_changes(manager, client, settings):
    settings.PAGE_CACHE_SECONDS = 60
    SHELF.clear()
    names = [name_on(client)]
    Clinic.objects.update(name="Elm")  # nobody has said so: the control
    names.append(name_on(client))
    manager.post(CHANGE, OAK)
    html = client.get("/").content.decode()
    SHELF.clear()

    assert names == ["Willow Street Physical Therapy"] * 2
    assert ("Oak Avenue" in html, "--brand:#9d174d" in html) == (True, True)


def name_on(client):
    SHELF.version_until = 0.0  # a second later
    html = client.get("/").content.decode()
    return re.findall(r'<a class="name" href="/">.*?</svg>\s*(.*?)\s*</a>', html, re.S)[0]


def logo_sent(size=(960, 240), kind="PNG", **more):
    return OAK | {"new_logo": upload(picture(kind, size), "logo.png", "image/png")} | more


def shown(client):
    """The logo at the top of a page: its attributes by name."""
    html = client.get("/").content.decode()
    found = re.findall(r'<a class="name" href="/">\s*<img (.*?)>', html)
    return dict(re.findall(r'(\w+)="(.*?)"', found[0])) if found else None


def test_a_logo_stands_in_place_of_the_name_and_says_it(manager, client, uploads):
    assert manager.post(CHANGE, logo_sent()).status_code == 302
    name = Clinic.objects.get().logo
    found = shown(client)
    answer = client.get(found["src"])
    image = Image.open(BytesIO(answer.content))

    assert found == {
        "src": f"/photos/logo-{name}-48.webp",
        "srcset": f"/photos/logo-{name}-96.webp 2x",
        "width": "160",
        "height": "40",
        "alt": "Oak Avenue",
    }
    assert (image.format, image.size) == ("WEBP", (192, 48))
    assert near(image.convert("RGB").getpixel((90, 20)), (200, 30, 30))
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert f'"logo":"http://127.0.0.1:8000/photos/logo-{name}-96.webp"' in str(
        client.get("/contact/").content.decode()
    )


def test_another_logo_takes_the_place_and_the_old_files_go(
    manager, client, uploads, django_capture_on_commit_callbacks
):
    for size in [(960, 240), (300, 300)]:
        with django_capture_on_commit_callbacks(execute=True):
            manager.post(CHANGE, logo_sent(size))
    first = Clinic.objects.get().logo
    files = sorted(logos.FILES.stored())
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(CHANGE, OAK | {"remove_logo": "on"})

    assert files == [f"{first}-48.webp", f"{first}-96.webp"]
    assert (Clinic.objects.get().logo, logos.FILES.stored(), shown(client)) == ("", [], None)
    assert client.get(f"/photos/logo-{first}-48.webp").status_code == 404


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        (logo_sent((700, 100)), "new_logo", "one side may be 6 times the other"),
        (logo_sent((300, 60)), "new_logo", "at least"),
        (OAK | {"new_logo": upload(b"<svg/>", "logo.svg")}, "new_logo", "not a JPEG, PNG or WebP"),
        (logo_sent(remove_logo="on"), "remove_logo", "not both"),
    ],
)
def test_what_is_no_logo_is_refused_and_nothing_stays(manager, typed, field, words):
    response = manager.post(CHANGE, typed)
    [said] = response.context["adminform"].form.errors[field]

    assert (response.status_code, words in said, Clinic.objects.get().logo) == (200, True, "")
    assert logos.FILES.stored() == []
