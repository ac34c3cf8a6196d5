"""Closures and time off are entered by days; clock times only for a part of a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.models import Closure, TimeOff
from tests.booking.admin.calendar_forms import therapist_page, time_off
from tests.builders import MONDAY, at, make_therapist
from tests.reading import texts

ADD = reverse("admin:booking_closure_add")
LIST = reverse("admin:booking_closure_changelist")
THANKSGIVING = {"name": "Thanksgiving", "first_day": "2026-11-26", "last_day": "2026-11-27"}
THURSDAY = date(2026, 11, 26)


def span(model=Closure):
    return model.objects.values_list("starts_at", "ends_at").get()


def page():
    return reverse("admin:booking_closure_change", args=[Closure.objects.get().pk])


def shown(client) -> dict:
    """What the closure's form shows of its time."""
    form = client.get(page()).context["adminform"].form
    return {name: form[name].value() for name in ("first_day", "last_day", "hours")}


def errors(client, **typed):
    answer = client.post(ADD, THANKSGIVING | typed)
    assert (answer.status_code, Closure.objects.count()) == (200, 0)
    return answer.context["adminform"].form.errors


def test_whole_days_are_entered_by_dates_alone_and_shown_as_dates(desk):
    desk.post(ADD, THANKSGIVING)
    assert span() == (at("0:00", THURSDAY), at("0:00", THURSDAY + 2 * DAY))
    assert shown(desk) == {
        "first_day": THURSDAY,
        "last_day": THURSDAY + DAY,
        "hours": None,
    }
    listed = texts(desk.get(LIST), "field-when")
    assert listed == ["Thu, Nov 26, 2026 – Fri, Nov 27, 2026, all day"]


def test_one_day_needs_one_date(desk):
    desk.post(ADD, THANKSGIVING | {"last_day": ""})
    assert span() == (at("0:00", THURSDAY), at("0:00", THURSDAY + DAY))


PARTS = {
    "the middle": ("09:00", "12:30", at("9:00", THURSDAY), at("12:30", THURSDAY)),
    "from noon": ("12:00", "", at("12:00", THURSDAY), at("0:00", THURSDAY + DAY)),
    "until noon": ("", "12:00", at("0:00", THURSDAY), at("12:00", THURSDAY)),
    "until midnight": ("12:00", "00:00", at("12:00", THURSDAY), at("0:00", THURSDAY + DAY)),
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_only_part_of_a_day_opens_clock_times(desk, part):
    began, ended, *expected = part
    clock = {"last_day": "", "hours_from": began, "hours_until": ended}
    assert "<details><summary>Only part of a day</summary>" in desk.get(ADD).content.decode()
    desk.post(ADD, THANKSGIVING | clock)
    assert list(span()) == expected

    html = desk.get(page()).content.decode()
    assert "<details open><summary>Only part of a day</summary>" in html
    desk.post(page(), THANKSGIVING | clock | {"name": "Holiday"})
    assert (list(span()), Closure.objects.get().name) == (expected, "Holiday")


def test_it_may_begin_on_one_day_and_end_on_another(desk):
    desk.post(ADD, THANKSGIVING | {"hours_from": "12:00", "hours_until": "09:00"})
    assert span() == (at("12:00", THURSDAY), at("9:00", THURSDAY + DAY))


WRONG = {
    "no day": ({"first_day": ""}, {"first_day": ["This field is required."]}),
    "back": (
        {"last_day": "2026-11-25"},
        {"last_day": ["The last day must not be before the first."]},
    ),
    "clock back": (
        {"last_day": "", "hours_from": "10:00", "hours_until": "09:00"},
        {"hours": ["The end must be after the start."]},
    ),
    "seconds": ({"hours_from": "10:00:30"}, {"hours": ["Enter a valid time."]}),
}


@pytest.mark.parametrize(("typed", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_an_error_on_its_field(desk, typed, said):
    assert errors(desk, **typed) == said


def test_a_clock_time_that_the_clock_skips_is_an_error(desk):
    typed = {"first_day": "2027-03-14", "last_day": "", "hours_from": "02:30"}
    [said] = errors(desk, **typed)["hours"]
    assert "couldn’t be interpreted in time zone America/New_York" in said


# The day whose midnight the clock skips, or shows twice; and its first moment (UTC).
MIDNIGHTS = {
    "America/Santiago": ("2026-09-06", "2026-09-06T04:00"),
    "Asia/Beirut": ("2026-03-29", "2026-03-28T22:00"),
    "Africa/Cairo": ("2026-04-24", "2026-04-23T22:00"),
    "America/Havana": ("2026-11-01", "2026-11-01T04:00"),
    "Atlantic/Azores": ("2026-10-25", "2026-10-25T00:00"),
}


@pytest.mark.parametrize("zone", MIDNIGHTS)
def test_whole_days_work_where_midnight_is_missing_or_double(desk, settings, zone):
    settings.TIME_ZONE = zone
    text, first_moment = MIDNIGHTS[zone]
    day, begins = date.fromisoformat(text), datetime.fromisoformat(f"{first_moment}+00:00")
    for first, last in [(day, day), (day - DAY, day - DAY), (day - DAY, day + DAY)]:
        Closure.objects.all().delete()
        typed = {"name": "Feast", "first_day": first.isoformat(), "last_day": last.isoformat()}
        assert desk.post(ADD, typed).status_code == 302
        assert span() == (hours.day_start(first), hours.day_start(last + DAY))
        assert begins in (*span(), hours.day_start(day))
        assert shown(desk) == {"first_day": first, "last_day": last, "hours": None}
        assert desk.post(page(), typed | {"name": "Feast day"}).status_code == 302
        assert span() == (hours.day_start(first), hours.day_start(last + DAY))
    assert hours.day_start(day) == begins
    assert timezone.localtime(begins - timedelta(minutes=1)).date() == day - DAY


def test_a_time_that_comes_twice_is_kept_as_it_is_where_nobody_changes_it(desk):
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # 1:30 a.m. in New York once more
    Closure.objects.create(name="Feast", starts_at=second, ends_at=second + timedelta(hours=3))
    typed = {"first_day": "2026-11-01", "last_day": "2026-11-01"}
    typed |= {"hours_from": "01:30", "hours_until": "04:30"}
    assert desk.post(page(), typed | {"name": "Feast day"}).status_code == 302
    assert (span()[0], Closure.objects.get().name) == (second, "Feast day")


def test_a_stale_page_says_which_day_somebody_else_has_set(desk):
    desk.post(ADD, THANKSGIVING)
    seen = desk.get(page()).context["seen"]
    desk.post(page(), THANKSGIVING | {"last_day": "2026-11-28"})
    stale = desk.post(page(), THANKSGIVING | {"name": "Holiday", "seen": seen})

    assert stale.status_code == 409
    told = [tuple(each) for each in stale.context["meanwhile"]]
    assert told == [("Last day", "2026-11-28", "2026-11-27")]
    assert span()[1] == at("0:00", THURSDAY + 3 * DAY)


def test_time_off_is_entered_by_days_too(desk):
    therapist = make_therapist()
    days = time_off(f"{MONDAY}T", f"{MONDAY + DAY}T")
    assert desk.post(therapist_page(therapist), days).status_code == 302
    assert span(TimeOff) == (at("0:00"), at("0:00", MONDAY + 2 * DAY))

    formset = desk.get(therapist_page(therapist)).context["inline_admin_formsets"][0].formset
    form = formset.initial_forms[0]
    entered = [form[name].value() for name in ("first_day", "last_day", "hours")]
    assert entered == [MONDAY, MONDAY + DAY, None]
