"""Which group gets which page: every view of the desk, by a table."""

import pytest
from django.urls import reverse

from booking.admin.appointments import VIEWS
from booking.desk import urls
from booking.models import Appointment, OutgoingEmail
from booking.visits import changes
from tests.builders import NOW, at, book, book_series, enquiry, make_therapist, slot, wait
from tests.reading import texts

GROUPS = ["Front desk", "Therapist", "Editor", "Manager"]
OK, NO, NONE = 200, 403, 404
# What a group gets: a page, "forbidden", or a row that does not exist for them. A therapist asks
# for a colleague's visit here. 302 is done, and on to the next page; 405 is no such method.
READING = {
    "desk:day": [OK, OK, NO, OK],
    "desk:visit visit": [OK, NONE, NO, OK],
    "desk:board": [OK, OK, NO, OK],
    "desk:week": [OK, OK, NO, OK],
    "desk:paper": [OK, OK, NO, OK],
    "desk:calls": [OK, OK, NO, OK],
    "desk:to_do": [OK, OK, NO, OK],
    "desk:next_free": [OK, NO, NO, OK],
    "desk:times": [OK, NO, NO, OK],
    "desk:absence": [NONE, NO, NO, NONE],  # without saying which
    "desk:series": [OK, NO, NO, OK],
    "desk:series_of series": [OK, NONE, NO, OK],
    "desk:series_cancel series": [OK, NO, NO, OK],
    "desk:series_move series": [OK, NO, NO, OK],
    "desk:walk_in": [OK, NO, NO, OK],
    "desk:find": [OK, OK, NO, OK],
    "desk:person visit": [OK, NONE, NO, OK],
    "desk:person_copy visit": [NO, NO, NO, OK],
    "desk:person_erase visit": [NO, NO, NO, OK],
    "desk:wish_copy wish": [NO, NO, NO, OK],
    "desk:wish_erase wish": [NO, NO, NO, OK],
    "desk:question_copy enquiry": [NO, NO, NO, OK],
    "desk:question_erase enquiry": [NO, NO, NO, OK],
    "desk:next_visit visit": [302, NONE, NO, 302],
    "booking_appointment_day": [302, 302, 302, 302],  # its former address
    "booking_appointment_changelist": [OK, OK, NO, OK],
    "booking_appointment_add": [OK, NO, NO, OK],
    "booking_appointment_to_deal_with": [OK, OK, NO, OK],
    "booking_appointment_cancel_many": [OK, NO, NO, OK],
    "booking_appointment_twice": [OK, OK, NO, OK],
    "booking_appointment_estimates": [OK, NO, NO, OK],
    "booking_appointment_change visit": [OK, 302, NO, OK],
    "booking_appointment_history visit": [OK, NONE, NONE, OK],
    "booking_appointment_move visit": [OK, NO, NO, OK],
    "booking_appointment_cancel visit": [OK, NO, NO, OK],
    "booking_appointment_contact visit": [OK, NO, NO, OK],
    "booking_appointment_delete visit": [NO, NO, NO, NO],
    "booking_onlinebooking_changelist": [OK, NO, NO, OK],
    "booking_onlinebooking_add": [NO, NO, NO, NO],
    "booking_outgoingemail_changelist": [OK, NO, NO, OK],
    "booking_waitlistentry_changelist": [OK, NO, NO, OK],
    "booking_waitlistentry_add": [OK, NO, NO, OK],
    "booking_waitlistentry_close wish": [OK, NO, NO, OK],
    "booking_waitlistentry_suits wish": [OK, NO, NO, OK],
    "booking_waitlistentry_change wish": [OK, NO, NO, OK],
    "booking_timeoffer_changelist": [OK, NO, NO, OK],
    "booking_timeoffer_add": [NO, NO, NO, NO],
    "booking_enquiry_changelist": [OK, NO, NO, OK],
    "booking_enquiry_add": [NO, NO, NO, NO],
    "booking_enquiry_change enquiry": [OK, NO, NO, OK],
    "booking_enquiry_history enquiry": [OK, NO, NO, OK],
    "booking_enquiry_delete enquiry": [NO, NO, NO, NO],
    "booking_therapist_changelist": [OK, NO, NO, OK],
    "booking_therapist_add": [NO, NO, NO, OK],
    "booking_therapist_change therapist": [OK, NO, NO, OK],
    "booking_therapist_history therapist": [OK, NO, NO, OK],
    "booking_therapist_delete therapist": [NO, NO, NO, NO],
    "booking_closure_changelist": [OK, NO, NO, OK],
    "booking_closure_add": [OK, NO, NO, OK],
    "booking_location_changelist": [OK, NO, NO, OK],
    "booking_location_add": [NO, NO, NO, OK],
    "booking_visittype_changelist": [OK, NO, NO, OK],
    "booking_visittype_add": [NO, NO, NO, OK],
    "booking_retention_changelist": [NO, NO, NO, 302],
    "booking_datarequest_changelist": [NO, NO, NO, OK],
    "booking_signin_changelist": [NO, NO, NO, OK],
    "booking_signin_add": [NO, NO, NO, NO],
    "booking_look_changelist": [NO, NO, NO, OK],
    "booking_look_add": [NO, NO, NO, NO],
    "booking_datarequest_add": [NO, NO, NO, NO],
    "auth_user_changelist": [NO, NO, NO, OK],
    "auth_user_add": [NO, NO, NO, OK],
    "auth_group_changelist": [NO, NO, NO, OK],
    "auth_group_add": [NO, NO, NO, NO],
    "auditlog_logentry_changelist": [NO, NO, NO, OK],
}
WRITING = {
    "desk:people": [OK, NO, NO, OK],
    "desk:walk_in": [OK, NO, NO, OK],
    "desk:find": [302, 302, NO, 302],
    "booking_appointment_status visit arrived": [302, NONE, NO, 302],
    "booking_appointment_cancel visit": [302, NO, NO, 302],
    "booking_appointment_cancel_many": [OK, NO, NO, OK],
    "booking_appointment_keep visit": [302, NO, NO, 302],
    "desk:series": [OK, NO, NO, OK],
    "desk:series_cancel series": [409, NO, NO, 409],
    "desk:series_move series": [409, NO, NO, 409],
    "booking_appointment_seen": [302, 302, NO, 302],
    "booking_appointment_tell visit": [302, NO, NO, 302],
    "booking_appointment_tell_all": [302, NO, NO, 302],
    "booking_appointment_undo visit": [302, NO, NO, 302],
    "booking_appointment_move visit": [OK, NO, NO, OK],
    "booking_appointment_contact visit": [OK, NO, NO, OK],
    "booking_appointment_send_again visit": [302, NO, NO, 302],
    "booking_appointment_estimate visit given": [NONE, NO, NO, NONE],
    "booking_appointment_add": [OK, NO, NO, OK],
    "booking_appointment_change visit": [302, NO, NO, 302],
    "booking_appointment_delete visit": [NO, NO, NO, NO],
    "desk:person_copy visit": [NO, NO, NO, OK],
    "desk:person_erase visit": [NO, NO, NO, OK],  # asks once more
    "desk:wish_copy wish": [NO, NO, NO, OK],
    "desk:wish_erase wish": [NO, NO, NO, OK],
    "desk:question_copy enquiry": [NO, NO, NO, OK],
    "desk:question_erase enquiry": [NO, NO, NO, OK],
    "booking_onlinebooking_changelist": [302, NO, NO, 302],
    "booking_outgoingemail_again email": [302, NO, NO, 302],
    "booking_enquiry_answered enquiry": [302, NO, NO, 302],
    "booking_enquiry_reopen enquiry": [302, NO, NO, 302],
    "booking_enquiry_change enquiry": [NO, NO, NO, NO],
    "desk:absence": [NONE, NO, NO, NONE],
    "desk:telephoned": [NONE, NONE, NO, NONE],
    "booking_waitlistentry_add": [OK, NO, NO, OK],
    "booking_waitlistentry_close wish": [302, NO, NO, 302],
    "booking_waitlistentry_suits wish": [OK, NO, NO, OK],
}


@pytest.fixture
def rows():
    therapist = make_therapist()
    visit = book(therapist, at("9:30"))
    return {
        "visit": visit,
        "series": book_series(slot(therapist, at("14:00"))),
        "therapist": therapist,
        "email": OutgoingEmail.objects.get(appointment=visit),
        "wish": wait(visit),
        "enquiry": enquiry(),
    }


def member(sign_in, group):
    """Somebody of the group; a therapist has a calendar of their own, without visits."""
    return sign_in(group, therapist=make_therapist("ben-cole") if group == "Therapist" else None)


def address(name, rows):
    view, *words = name.split()
    view = view if ":" in view else f"admin:{view}"
    return reverse(view, args=[rows[word].pk if word in rows else word for word in words])


@pytest.mark.parametrize("name", READING)
def test_who_may_open(sign_in, rows, name):
    answers = [member(sign_in, group).get(address(name, rows)).status_code for group in GROUPS]

    assert dict(zip(GROUPS, answers, strict=True)) == dict(zip(GROUPS, READING[name], strict=True))


@pytest.mark.parametrize("name", WRITING)
def test_who_may_write(sign_in, rows, name):
    answers = [member(sign_in, group).post(address(name, rows)).status_code for group in GROUPS]

    assert dict(zip(GROUPS, answers, strict=True)) == dict(zip(GROUPS, WRITING[name], strict=True))


def test_every_view_of_the_desk_is_in_the_tables():
    views = {f"booking_appointment_{name}" for _address, _view, name in VIEWS}
    views |= {f"{urls.app_name}:{page.name}" for page in urls.urlpatterns}
    named = {name.split()[0] for name in [*READING, *WRITING]}

    assert views - named == set()


@pytest.mark.parametrize("name", [*READING, *WRITING])
def test_nobody_gets_in_without_signing_in(client, rows, name):
    response = client.post(address(name, rows))

    assert response.url.startswith("/admin/login/?next=")
    assert {row.status for row in Appointment.objects.all()} == {"booked"}


def test_a_therapist_sees_their_own_visits_alone(sign_in):
    ana, ben = make_therapist(), make_therapist("ben-cole")
    own, other = book(ana, at("9:30")), book(ben, at("9:30"))
    changes.cancel_by_patient(appointment=book(ben, at("11:00")), now=NOW)
    client = sign_in("Therapist", therapist=ana)

    listed = client.get(reverse("admin:booking_appointment_changelist"))
    assert [visit.pk for visit in listed.context["cl"].queryset] == [own.pk]
    day = client.get(reverse("desk:day"), {"date": "2026-11-30"})
    assert texts(day, "h2") == ["Ana Ruiz, PT, DPT"]
    assert texts(day, "desk-new") == ["New since yesterday: 1 online, 0 by the front desk"]
    assert texts(day, "desk-time") == []
    assert other.reference not in day.content.decode()


def test_a_therapist_says_who_arrived_but_neither_moves_nor_cancels(sign_in, now):
    ana = make_therapist()
    visit = book(ana, at("9:30"))
    client = sign_in("Therapist", therapist=ana)
    now.move_to(at("9:31"))

    day = client.get(reverse("desk:day"))
    assert texts(day, "desk-click") == ["Arrived", "Did not come"]
    client.post(reverse("admin:booking_appointment_status", args=[visit.pk, "arrived"]))
    client.post(reverse("admin:booking_appointment_change", args=[visit.pk]), {"note": "x"})

    visit.refresh_from_db()
    assert (visit.status, visit.note) == ("arrived", "")


def test_a_member_of_the_group_without_a_calendar_sees_nothing(sign_in, rows):
    client = sign_in("Therapist")
    day = client.get(reverse("desk:day"), {"date": "2026-11-30"})

    assert texts(day, "desk-column") == []
    listed = client.get(reverse("admin:booking_appointment_changelist"))
    assert list(listed.context["cl"].queryset) == []


def test_the_former_address_of_the_day_keeps_what_was_asked(sign_in):
    response = sign_in("Front desk").get("/admin/booking/appointment/day/?date=2026-11-30")

    assert response.url == "/admin/desk/?date=2026-11-30"
