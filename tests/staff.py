"""Staff who are signed in, at a fixed moment: the Friday before the week of the tests."""

import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client

from booking.models import Appointment
from tests.builders import NOW
from tests.typed import fields_of

# Pages whose forms say it.
SAYING = ("/change/", "/contact/", "/delete/", "/approve/", "/booking/onlinebooking/")
# Buttons of a visit, which say for which state of it they are shown.
BUTTON = re.compile(r"/appointment/(\d+)/(status/\w+|cancel|undo|keep|tell)/")


class Browser(Client):
    """Sends back what a form of the admin says that it showed, as a browser does."""

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
        if button := BUTTON.search(path):
            path, data = as_shown(button, path, data or {})
        elif data is None or isinstance(data, dict):
            data = self.what_was_shown(path, data or {}) | (data or {})
        return super().post(path, data, *args, **kwargs)

    def what_was_shown(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        """The hidden field of the page that such a form stands on; none of one that has none."""
        page = path.partition("?rows=")[0]
        name = "version" if page.endswith("/approve/") else "seen"
        if name in data or not (page.endswith(SAYING) or "action" in data):
            return {}
        shown = (self.get(path).context or {}).get(name, "")
        if "action" in data and "post" in data:
            asking = {key: data[key] for key in data if key != "post"} | {name: shown}
            shown = (super().post(path, asking).context or {}).get(name, "")
        return {name: shown}


def as_shown(button: re.Match[str], path: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Where a click on a button leads, and what it sends, where the test says nothing else."""
    visit = Appointment.objects.filter(pk=button[1]).first()
    if visit is None:
        return path, data
    if button[2].startswith("status/") and "?" not in path:
        path = f"{path}?was={visit.status}"
    return path, {"sequence": str(visit.sequence)} | data


def save_and_list(client: Client, path: str, asked: Any, follow: bool = True) -> Any:
    """Say yes on the page that showed by which visits a saving would stop being true."""
    yes = {"save_and_list": asked.context["affected"]}
    return client.post(path, fields_of(asked, "save-and-list") | yes, follow=follow)


def go_back(client: Client, path: str, asked: Any) -> Any:
    """Go back to the form from that page."""
    return client.post(path, fields_of(asked, "save-and-list") | {"go_back": "1"})


@pytest.fixture(autouse=True)
def now(db):
    """The clock stands at NOW; `now.move_to(instant)` turns it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def sign_in():
    """A client on which a member of a group is signed in: `sign_in("Front desk")`."""

    def start(*groups: str, therapist=None, superuser: bool = False) -> Browser:
        name = "-".join(groups).lower().replace(" ", "-") or "someone"
        user = User.objects.create_user(
            f"{name}-{User.objects.count()}", is_staff=True, is_superuser=superuser
        )
        user.groups.set(Group.objects.filter(name__in=groups))
        if therapist:
            therapist.user = user
            therapist.save()
        client = Browser(headers={"host": "127.0.0.1"})
        client.force_login(user)
        return client

    return start


@pytest.fixture
def desk(sign_in) -> Client:
    """Somebody of the front desk, signed in."""
    return sign_in("Front desk")
