"""What staff send to change calendars."""

from django.urls import reverse


def therapist_page(therapist):
    return reverse("admin:booking_therapist_change", args=[therapist.pk])


def span(start, end):
    """Clock times on two days, as the form of a closure or of time off has them."""
    (first, began), (last, ended) = start.split("T"), end.split("T")
    return {"first_day": first, "last_day": last, "hours_from": began, "hours_until": ended}


def time_off(start="2026-11-30T09:00", end="2026-11-30T10:00", **more):
    """What the desk posts for a new row of time off; the hours are not its to change."""
    typed = {f"time_off-0-{name}": value for name, value in span(start, end).items()}
    return {
        **typed,
        "online_booking": "on",
        "time_off-TOTAL_FORMS": "1",
        "time_off-INITIAL_FORMS": "0",
        "time_off-0-reason": "Course",
        "working_hours-TOTAL_FORMS": "0",
        "working_hours-INITIAL_FORMS": "0",
    } | more
