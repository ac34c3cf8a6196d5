"""`/book/` is computed afresh: what staff change shows at once, whatever is rendered but once."""

import pytest

from booking.models import Closure, Location, OnlineBooking, Therapist, VisitType, WorkingHours
from conditions.models import Condition, Page
from tests.builders import NOW, add_hours, at, book, make_location, make_therapist, make_visit_type
from tests.reading import tight


@pytest.fixture
def clinic(ana, settings):
    """More than one of all that there is to choose, and a page of the clinic's own."""
    settings.DEMO = True
    add_hours(
        make_therapist("ben-cole", hours=""), 5, "9:00-10:00", make_location("oak", name="Oak")
    )
    make_visit_type("second-opinion", name="Second opinion", order=1)
    for slug, title in [("back-pain", "Back pain"), ("sciatica", "Sciatica")]:
        Condition.objects.create(slug=slug, title=title, state="example")
    Page.objects.create(slug="services", title="Services", state="example")
    Page.objects.create(slug="privacy", title="Privacy", state="example")


def lengthen_lunch():
    WorkingHours.objects.filter(opens="13:00").update(opens="14:00")


def close_now():
    Closure.objects.create(name="Snow", starts_at=NOW, ends_at=at("10:00"))


def book_a_time():
    book(Therapist.objects.get(slug="ana-ruiz"), at("9:00"))


def pause():
    OnlineBooking.objects.create(pk=1, paused=True)


def leave():
    Therapist.objects.filter(slug="ben-cole").update(active=False)


def alter(model, slug, /, **values):
    return lambda: model.objects.filter(slug=slug).update(**values)


NINE = 'href="/book/ana-ruiz/20261130T1400Z/?'
FIRST = '<ul class="times"><li><a href="/book/ana-ruiz/{}/?'
OPTION = '<option value="{}">{}</option>'
# What staff do, what the page says until then, and what from then on.
CHANGES = [
    (lengthen_lunch, "opens at 1 p.m.", "opens at 2 p.m."),
    (close_now, "opens at 1 p.m.", "opens Monday, 10 a.m."),
    (book_a_time, NINE, FIRST.format("20261130T1445Z")),
    (pause, NINE, "No free times online"),
    (leave, "therapist=ben-cole&amp;", "Filter: any day, any time<"),
    (alter(Therapist, "ana-ruiz", name="Ana Diaz"), "with Ana Ruiz, ", "with Ana Diaz, "),
    (alter(Therapist, "ben-cole", slug="ben"), "therapist=ben-cole&amp;", "therapist=ben&amp;"),
    (alter(Location, "oak", name="Elm"), OPTION.format("oak", "Oak"), OPTION.format("oak", "Elm")),
    (
        alter(VisitType, "initial-consultation", name="First visit"),
        "Initial consultation, 45 minutes",
        "First visit, 45 minutes",
    ),
    (
        alter(VisitType, "initial-consultation", minutes=60),
        "45 minutes with a physical therapist",
        "60 minutes with a physical therapist",
    ),
    (
        alter(VisitType, "second-opinion", name="Another view"),
        OPTION.format("second-opinion", "Second opinion"),
        OPTION.format("second-opinion", "Another view"),
    ),
    (alter(Condition, "sciatica", title="Leg pain"), "about sciatica<", "about leg pain<"),
    (
        alter(Page, "services", title="What we do"),
        'class="tap" href="/services/">Services<',
        "What we do",
    ),
    (alter(Page, "privacy", title="Your data"), "Privacy</a>", "Your data</a>"),
]


@pytest.mark.parametrize(("change", "before", "after"), CHANGES)
def test_what_staff_change_shows_at_once(client, clinic, change, before, after):
    pages = [read(client), read(client)]
    change()
    pages.append(read(client))

    said = [(before in page, after in page) for page in pages]
    assert said == [(True, False), (True, False), (False, True)]


def read(client):
    asked = {"for": "sciatica", "from": "2026-11-30"}
    return tight(client.get("/book/", asked).content.decode())
