"""The clinic's row is gone, by a shell: the site goes on, and a manager makes it anew."""

import pytest
from django.conf import settings

from booking.models import Clinic
from tests.staff import now, sign_in  # noqa: F401

pytestmark = pytest.mark.django_db
LIST = "/admin/booking/clinic/"
ADD, CHANGE = f"{LIST}add/", f"{LIST}1/change/"
OAK = {"name": "Oak Avenue", "style": "warm", "colour": "#9d174d"}


@pytest.fixture
def manager(sign_in):  # noqa: F811
    return sign_in("Manager")


def test_a_manager_makes_it_anew_from_what_the_site_shows(manager):
    Clinic.objects.all().delete()
    shown = manager.get(manager.get(LIST)["Location"])
    initial = shown.context["adminform"].form.initial
    response = manager.post(ADD, OAK)

    assert shown.request["PATH_INFO"] == ADD
    assert {name: initial[name] for name in OAK} == {
        "name": settings.CLINIC_NAME,
        "style": settings.CLINIC_STYLE,
        "colour": settings.CLINIC_COLOR,
    }
    assert (response.status_code, Clinic.objects.values("pk", *OAK).get()) == (
        302,
        OAK | {"pk": 1},
    )
    assert manager.get(LIST)["Location"] == CHANGE


def test_there_is_never_a_second(manager):
    Clinic.objects.all().delete()
    manager.post(ADD, OAK)

    assert [manager.get(ADD).status_code, manager.post(ADD, OAK).status_code] == [403, 403]
    assert Clinic.objects.count() == 1


@pytest.mark.parametrize("colour", ["red", "#ffcc00"])
def test_a_new_one_is_looked_at_like_the_first(manager, colour):
    Clinic.objects.all().delete()
    response = manager.post(ADD, OAK | {"colour": colour})

    assert (response.status_code, list(response.context["adminform"].form.errors)) == (
        200,
        ["colour"],
    )
    assert not Clinic.objects.exists()


@pytest.mark.parametrize("group", ["Front desk", "Editor", "Therapist"])
def test_others_make_none(sign_in, group):  # noqa: F811
    other = sign_in(group)
    Clinic.objects.all().delete()

    assert [other.get(LIST).status_code, other.post(ADD, OAK).status_code] == [403, 403]
    assert not Clinic.objects.exists()


@pytest.mark.parametrize(
    "path", ["/", "/team/", "/contact/", "/nowhere/", "/theme.css", "/card.png"]
)
def test_the_site_goes_on_without_it(client, path):
    with_row = client.get(path).content
    Clinic.objects.all().delete()

    assert client.get(path).content == with_row


def test_what_was_being_typed_into_the_deleted_one_is_shown(manager):
    seen = manager.get(CHANGE).context["seen"]
    Clinic.objects.all().delete()
    response = manager.post(CHANGE, OAK | {"seen": seen})

    assert (response.status_code, "Oak Avenue" in response.content.decode()) == (409, True)
