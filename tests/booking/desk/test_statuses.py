"""Statuses by one click, cancelling, undoing."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from booking.models import Appointment, OutgoingEmail, Therapist
from booking.visits import attendance, changes, staff_changes, tokens, undoing
from tests.builders import MONDAY, NOW, at, book, make_therapist
from tests.reading import said, texts, tight

LIST = reverse("admin:booking_appointment_changelist")
CHANGED = "Somebody changed this visit meanwhile. See how it is now."


def address(name, visit, *more):
    return reverse(f"admin:booking_appointment_{name}", args=[visit.pk, *more])


@pytest.fixture
def visit():
    return book(make_therapist(), at("9:30"))


def status():
    return Appointment.objects.get().status


OFFERED = {
    "booked": ["Arrived", "Did not come"],
    "arrived": ["Seen", "Not here yet"],
    "fulfilled": ["Not seen yet"],
    "noshow": ["Came late", "Back to booked"],
    "cancelled": [],
}


@pytest.mark.parametrize("stored", OFFERED)
def test_day_and_list_offer_the_clicks_that_lead_somewhere(desk, visit, now, stored):
    Appointment.objects.update(status=stored)
    now.move_to(at("9:31"))

    in_list = [text for text in texts(desk.get(LIST), "desk-click") if text]
    in_day = texts(desk.get(reverse("desk:day"), {"open": visit.pk}), "desk-clicks")[-1]
    assert in_list == OFFERED[stored]
    of_booked = ["Move or change", "Cancel…", "Move on the board"] if stored == "booked" else []
    of_any = ["Book again", "Next visit", "All visits", "Close"]
    assert in_day == " ".join([*OFFERED[stored], *of_booked, *of_any])


def test_nobody_missed_a_visit_that_has_not_begun(desk, visit, now):
    now.move_to(at("9:29"))
    assert [text for text in texts(desk.get(LIST), "desk-click") if text] == ["Arrived"]

    now.move_to(NOW)
    assert [text for text in texts(desk.get(LIST), "desk-click") if text] == []


def test_one_click_sets_the_status_and_goes_back_to_where_it_was_made(desk, visit):
    came_from = "http://127.0.0.1/admin/booking/appointment/?status__exact=booked"
    response = desk.post(address("status", visit, "arrived"), headers={"referer": came_from})

    assert status() == "arrived"
    assert response.url == f"{LIST}?status__exact=booked#visit-{visit.pk}"


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example/admin/", "http://127.0.0.1/book/", "//", "http://["]
)
def test_without_a_page_of_ours_it_goes_to_the_visits_day(desk, visit, referer):
    response = desk.post(address("status", visit, "arrived"), headers={"referer": referer})

    assert response.url == f"/admin/desk/?date=2026-11-30&open={visit.pk}#visit-{visit.pk}"


def test_the_buttons_of_the_list_post_to_their_own_address(desk, visit, now):
    now.move_to(at("9:31"))
    page = desk.get(LIST).content.decode()

    assert f'formaction="{address("status", visit, "arrived")}?was=booked"' in page
    assert (
        page.count("<form") == page.count("</form>") == 4
    )  # log out, find, search, the list's own


def test_a_click_that_leads_nowhere_says_so(desk, visit, now):
    attendance.set_status(appointment=visit, status="arrived", now=NOW)
    response = desk.post(address("status", visit, "noshow"), follow=True)

    assert status() == "arrived"
    assert said(response) == [CHANGED]


def test_two_people_who_click_the_same_both_succeed(desk, sign_in, visit):
    for client in (desk, sign_in("Front desk")):
        response = client.post(address("status", visit, "arrived"), follow=True)
        assert said(response) == ["Rosa Marquez: Arrived."]

    assert status() == "arrived"


def taken_by(other):
    return (
        "That time is already taken by Rosa Marquez, 9:30 a.m.–10:15 a.m."
        f" ({other.reference}). Nothing was changed."
    )


def test_a_missed_visit_whose_time_was_given_away_stays_missed(desk, visit):
    Appointment.objects.update(status="noshow")
    given = book(visit.therapist, at("9:30"))
    response = desk.post(address("status", visit, "arrived"), follow=True)

    visit.refresh_from_db()
    assert visit.status == "noshow"
    assert said(response) == [taken_by(given)]


@pytest.mark.parametrize("wrong", ["cancelled", "seen", "BOOKED"])
def test_a_status_that_no_button_has_is_not_found(desk, visit, wrong):
    assert desk.post(address("status", visit, wrong)).status_code == 404
    assert status() == "booked"


@pytest.mark.parametrize("name", ["status", "undo", "send_again"])
def test_reading_changes_nothing(desk, visit, name):
    more = ["arrived"] if name == "status" else []

    assert desk.get(address(name, visit, *more)).status_code == 405
    assert status() == "booked"


def test_cancelling_asks_first_and_says_what_is_mailed(desk, visit):
    response = desk.get(address("cancel", visit))

    assert status() == "booked"
    [letter] = texts(response, "desk-letter")
    assert "your visit is cancelled Your visit is cancelled. You do not need to come." in letter
    assert tokens.make(visit) not in response.content.decode()

    Appointment.objects.update(email="")
    assert "There is no e-mail address: please tell them by telephone." in texts(
        desk.get(address("cancel", visit)), "p"
    )


def test_cancelling_mails_the_patient_and_can_be_undone_for_ten_minutes(desk, visit, now):
    response = desk.post(address("cancel", visit), follow=True)
    assert status() == "cancelled"
    assert list(OutgoingEmail.objects.values_list("kind", flat=True).order_by("pk")) == [
        "confirmation",
        "cancelled",
    ]
    assert "Undo the cancellation" in texts(response, "desk-click")

    now.shift(timedelta(minutes=10))
    desk.post(address("undo", visit))
    assert status() == "booked"


@pytest.mark.parametrize("move", [changes.move_by_patient, staff_changes.change_by_desk])
def test_a_visit_that_moved_meanwhile_is_asked_about_once_more(desk, visit, move):
    open_page = sequence(desk.get(address("cancel", visit)))
    starts_at = at("11:00", MONDAY + timedelta(days=1))
    move(appointment=visit, therapist=visit.therapist, starts_at=starts_at, now=NOW)
    response = desk.post(address("cancel", visit), {"sequence": open_page})

    assert (response.status_code, said(response)) == (409, [CHANGED])
    assert "Tuesday, December 1, 2026, 11 a.m." in texts(response, "dd")[1]
    assert status() == "booked"
    desk.post(address("cancel", visit), {"sequence": sequence(response)})
    assert status() == "cancelled"


DAY = reverse("desk:day")
BUTTON = re.compile(
    r'action="(?P<address>[^"]+)"[^<>]*(?:>\s*<[^<>]*>\s*<button class="desk-click")?'
    r' name="sequence" value="(?P<sequence>\d+)" aria-label="(?P<label>[^"]+): Rosa Marquez"'
)


def clicks(page):
    """What each of the page's buttons would do: where it posts, and what."""
    found = BUTTON.finditer(tight(page.content.decode()))
    return {row["label"]: (row["address"], {"sequence": row["sequence"]}) for row in found}


@pytest.fixture(params=["day", "list", "visit"])
def open_page(request, desk, visit, now):
    """A page with the visit's buttons, asked for once it has begun."""
    now.move_to(at("9:31"))
    return {"day": f"{DAY}?open={visit.pk}", "list": LIST, "visit": address("change", visit)}[
        request.param
    ]


def test_a_click_says_nothing_of_a_visit_that_moved_meanwhile(desk, visit, open_page):
    before = clicks(desk.get(open_page))
    assert before.keys() == {"Arrived", "Did not come"}
    staff_changes.change_by_desk(
        appointment=visit,
        therapist=visit.therapist,
        starts_at=at("14:00"),
        now=NOW,
    )
    where, what = before["Did not come"]
    response = desk.post(where, what)

    assert (response.status_code, said(response), status()) == (409, [CHANGED], "booked")
    assert "Monday, November 30, 2026, 2 p.m." in texts(response, "dd")[1]
    where, what = clicks(response)["Arrived"]
    answer = desk.post(where, what, headers={"referer": f"http://127.0.0.1{where}"})
    assert (answer.url, status()) == (
        f"{DAY}?date=2026-11-30&open={visit.pk}#visit-{visit.pk}",
        "arrived",
    )


def test_a_click_takes_back_nothing_that_a_colleague_said_meanwhile(desk, visit, open_page):
    where, what = clicks(desk.get(open_page))["Arrived"]
    for seen in ("arrived", "fulfilled"):
        attendance.set_status(appointment=visit, status=seen, now=at("9:31"))
    response = desk.post(where, what)

    assert (response.status_code, status()) == (409, "fulfilled")
    assert clicks(response).keys() == {"Not seen yet"}


def test_undo_is_about_the_cancellation_that_was_shown(desk, visit, now):
    changes.cancel_by_desk(appointment=visit, now=NOW)
    where, what = clicks(desk.get(address("change", visit)))["Undo the cancellation"]
    undoing.undo_cancel(appointment=visit, now=NOW)
    changes.cancel_by_patient(appointment=visit, now=NOW)
    response = desk.post(where, what)

    assert (response.status_code, said(response), status()) == (409, [CHANGED], "cancelled")
    desk.post(*clicks(response)["Undo the cancellation"])
    assert status() == "booked"


@pytest.mark.parametrize("rubbish", ["", "x", "-1", "9" * 5000])
def test_a_click_with_rubbish_is_about_no_visit(desk, visit, rubbish):
    answers = [
        desk.post(f"{address('status', visit, 'arrived')}?was=booked", {"sequence": rubbish}),
        desk.post(f"{address('status', visit, 'arrived')}?was={rubbish[:9]}", {"sequence": "0"}),
        desk.post(address("undo", visit), {"sequence": rubbish}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert status() == "booked"


def sequence(response):
    return re.search(r'name="sequence" value="(\d+)"', response.content.decode())[1]


def test_after_ten_minutes_nothing_is_undone(desk, visit, now):
    desk.post(address("cancel", visit))
    now.shift(timedelta(minutes=10, seconds=1))
    response = desk.post(address("undo", visit), follow=True)

    assert status() == "cancelled"
    assert "Undo the cancellation" not in texts(response, "desk-click")
    assert said(response)[-1] == "Cancelled more than ten minutes ago: book it again instead."


def test_undoing_when_the_time_is_taken_says_so(desk, visit):
    desk.post(address("cancel", visit))
    given = book(visit.therapist, at("9:30"))
    response = desk.post(address("undo", visit), follow=True)

    visit.refresh_from_db()
    assert visit.status == "cancelled"
    assert said(response)[-1] == taken_by(given)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["cancel", "move"])
def test_a_visit_that_is_not_booked_is_neither_moved_nor_cancelled(desk, visit, name, method):
    Appointment.objects.update(status="fulfilled")
    response = getattr(desk, method)(address(name, visit), follow=True)

    assert status() == "fulfilled"
    words = {"cancel": "cancelled", "move": "changed"}[name]
    assert said(response) == [f"Only a booked visit can be {words}. See how it is now."]


@pytest.mark.parametrize(
    ("button", "said"),
    [
        (("status", "arrived"), {}),
        (("status", "arrived"), {"sequence": "0"}),  # but not which status it was offered for
        (("cancel",), {}),
        (("undo",), {}),
        (("keep",), {"code": ["inactive"]}),
        (("tell",), {"code": ["inactive"], "by": "email"}),
    ],
)
def test_a_click_that_does_not_say_what_it_saw_does_nothing(desk, visit, button, said):
    Therapist.objects.update(active=False)
    if button == ("undo",):
        changes.cancel_by_desk(appointment=visit, now=NOW)
    before = list(Appointment.objects.values())
    name, *words = button
    answer = Client.post(desk, address(name, visit, *words), said)

    assert (answer.status_code, list(Appointment.objects.values())) == (409, before)
