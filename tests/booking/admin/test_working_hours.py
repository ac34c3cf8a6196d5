"""Weekly hours of one therapist never overlap: nobody is at two places at once."""

import pytest
from django.urls import reverse

from booking.models import Therapist, TimeOff, WorkingHours
from tests.booking.admin.calendar_forms import therapist_page, time_off
from tests.builders import add_hours, make_location, make_therapist
from tests.reading import texts


@pytest.fixture
def manager(sign_in):
    return sign_in("Manager")


def hours_form(*rows, therapist=None):
    """What a manager posts for hours such as "0 09:00-12:00 willow-street 2026-12-01-"."""
    stored = list(therapist.working_hours.all()) if therapist else []
    form = {
        "name": "Ana Ruiz",
        "slug": "ana-ruiz",
        "active": "on",
        "online_booking": "on",
        "order": "0",
        "time_off-TOTAL_FORMS": "0",
        "time_off-INITIAL_FORMS": "0",
        "working_hours-TOTAL_FORMS": str(len(rows)),
        "working_hours-INITIAL_FORMS": str(len(stored)),
    }
    for number, row in enumerate(rows):
        weekday, span, place, *dates = row.split()
        opens, closes = span.split("-")
        valid_from, _to, valid_until = (dates or [".."])[0].partition("..")
        fields = {
            "id": stored[number].pk if number < len(stored) else "",
            "location": make_location(place).pk,
            "weekday": weekday,
            "opens": opens,
            "closes": closes,
            "valid_from": valid_from,
            "valid_until": valid_until,
        }
        form |= {f"working_hours-{number}-{name}": value for name, value in fields.items()}
    return form


def clash(one, other):
    return (
        f"These hours overlap: {one}, and {other}. Change the times, or end one of them on the day"
        " before the other begins."
    )


OLD, NEW = "0 09:00-12:00 willow-street", "0 11:00-15:00 bell-road"
MORNING = "Monday, 9 a.m. – noon, Willow Street"
LATER = "Monday, 11 a.m. – 3 p.m., Bell Road"
APART = [
    ("0 09:00-11:00 willow-street", NEW),
    ("1 09:00-12:00 willow-street", NEW),
    (f"{OLD} ..2026-12-06", f"{NEW} 2026-12-07.."),
    (f"{OLD} 2026-12-07..", f"{NEW} 2026-11-01..2026-12-06"),
]
OVERLAPPING = {
    (OLD, NEW): [clash(MORNING, LATER)],
    (NEW, OLD): [clash(MORNING, LATER)],
    (OLD, f"{NEW} 2026-12-07.."): [clash(MORNING, f"{LATER} from Mon, Dec 7, 2026")],
    (f"{OLD} ..2026-12-07", f"{NEW} 2026-12-07.."): [
        clash(f"{MORNING} until Mon, Dec 7, 2026", f"{LATER} from Mon, Dec 7, 2026")
    ],
    (OLD, "0 11:00-15:00 willow-street"): [
        clash(MORNING, "Monday, 11 a.m. – 3 p.m., Willow Street")
    ],
    (OLD, NEW, "0 14:00-16:00 willow-street"): [
        clash(MORNING, LATER),
        clash(LATER, "Monday, 2 p.m. – 4 p.m., Willow Street"),
    ],
}


@pytest.fixture
def ana():
    make_location("bell-road", name="Bell Road")
    therapist = make_therapist(hours="9:00-12:00")
    therapist.working_hours.exclude(weekday=0).delete()
    return therapist


def hours_errors(response):
    [inline] = [
        row
        for row in response.context["inline_admin_formsets"]
        if row.formset.model is WorkingHours
    ]
    return inline.formset.non_form_errors()


@pytest.mark.parametrize("rows", OVERLAPPING)
def test_hours_at_the_same_time_are_refused_and_the_typing_is_kept(manager, ana, rows):
    before = list(WorkingHours.objects.values())
    response = manager.post(therapist_page(ana), hours_form(*rows, therapist=ana))

    assert hours_errors(response) == OVERLAPPING[rows]
    assert [error in texts(response, "nonform")[0] for error in OVERLAPPING[rows]]
    assert response.content.decode().count('value="11:00"') == 1
    assert list(WorkingHours.objects.values()) == before


def test_a_new_therapist_cannot_be_at_two_places_either(manager, ana):
    form = hours_form(OLD, NEW) | {"name": "Ben Cole", "slug": "ben-cole"}
    response = manager.post(reverse("admin:booking_therapist_add"), form)

    assert hours_errors(response) == [clash(MORNING, LATER)]
    assert list(Therapist.objects.all()) == [ana]


@pytest.mark.parametrize("rows", APART)
def test_hours_that_never_meet_are_kept(manager, ana, rows):
    assert manager.post(therapist_page(ana), hours_form(*rows, therapist=ana)).status_code == 302
    assert WorkingHours.objects.count() == 2


def test_hours_that_go_are_in_the_way_of_none(manager, ana):
    form = hours_form(OLD, NEW, therapist=ana) | {"working_hours-0-DELETE": "on"}

    assert manager.post(therapist_page(ana), form).status_code == 302
    assert [str(rule) for rule in ana.working_hours.all()] == ["Monday, 11 a.m. – 3 p.m."]


def test_hours_that_a_colleague_has_added_meanwhile_are_seen(manager, ana):
    form = hours_form(OLD, "0 13:00-15:00 willow-street", therapist=ana)
    add_hours(ana, 0, "14:00-17:00", make_location("bell-road"))
    response = manager.post(therapist_page(ana), form)

    assert hours_errors(response) == [
        clash("Monday, 1 p.m. – 3 p.m., Willow Street", "Monday, 2 p.m. – 5 p.m., Bell Road")
    ]


def test_hours_that_overlapped_before_stop_nobody_from_other_changes(desk, manager, ana):
    add_hours(ana, 0, "11:00-15:00", make_location("bell-road"))
    form = hours_form(OLD, NEW, "1 09:00-12:00 willow-street", therapist=ana)

    assert desk.post(therapist_page(ana), time_off()).status_code == 302
    assert manager.post(therapist_page(ana), form).status_code == 302
    assert (TimeOff.objects.count(), WorkingHours.objects.count()) == (1, 3)
