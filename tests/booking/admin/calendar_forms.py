"""What staff send to change calendars."""

from django.urls import reverse


def therapist_page(therapist):
    return reverse("admin:booking_therapist_change", args=[therapist.pk])


def time_off(start="2026-11-30T09:00", end="2026-11-30T10:00", **more):
    """What the desk posts for a new row of time off; the hours are not its to change."""
    return {
        "online_booking": "on",
        "time_off-TOTAL_FORMS": "1",
        "time_off-INITIAL_FORMS": "0",
        "time_off-0-starts_at": start,
        "time_off-0-ends_at": end,
        "time_off-0-reason": "Course",
        "working_hours-TOTAL_FORMS": "0",
        "working_hours-INITIAL_FORMS": "0",
    } | more
