"""The earlier-time list for callers: the desk adds wishes, changes what suits, and ends them."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from booking.earlier import offers, waitlist
from booking.models import OutgoingEmail, TimeOffer, WaitlistEntry
from booking.visits import changes
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    ask_without_visit,
    at,
    book,
    make_location,
    make_therapist,
    make_visit_type,
    wait,
    wait_without_visit,
)
from tests.reading import said, texts
from tests.worker import send_due

ADD = reverse("admin:booking_waitlistentry_add")
LIST = reverse("admin:booking_waitlistentry_changelist")
THURSDAY = MONDAY + timedelta(days=3)
SUITS = {"weekdays": ["0", "2"], "parts": ["morning"]}


@pytest.fixture(autouse=True)
def ana():
    make_visit_type()
    return make_therapist()


def caller(**typed):
    return (
        {
            "visit_type": "initial-consultation",
            "name": "Omar Haddad",
            "phone": "(212) 555-0123",
            "email": "omar@example.org",
            "key": str(uuid.uuid4()),
            "agreed": "on",
        }
        | SUITS
        | typed
    )


def page(wish, what):
    return reverse(f"admin:booking_waitlistentry_{what}", args=[wish.pk])


def suits(wish):
    return wish.weekdays, [part.slug for part in wish.parts]


def test_a_caller_is_on_the_list_at_once_and_is_asked(desk, ana):
    response = desk.post(ADD, caller(), follow=True)
    wish = WaitlistEntry.objects.get()

    assert response.redirect_chain == [(page(wish, "change"), 302)]
    assert said(response) == ["Omar Haddad is on the list."]
    assert (wish.source, wish.confirmed_at, wish.network, suits(wish)) == (
        "desk",
        NOW,
        "",
        ("02", ["morning"]),
    )
    assert (offers.look(NOW), TimeOffer.objects.get().entry) == (1, wish)
    assert "Front desk" in texts(desk.get(page(wish, "change")), "field-source")[0]


def test_they_get_the_email_with_the_link_that_leaves_the_list(desk, mailoutbox):
    desk.post(ADD, caller())
    assert send_due(NOW) == 1

    [email] = mailoutbox
    assert email.to == ["omar@example.org"]
    assert "You are on the earlier-time list" in email.body
    assert "press the button" not in email.body


def test_a_double_click_adds_one(desk):
    typed = caller()
    for _click in range(2):
        assert desk.post(ADD, typed).status_code == 302

    assert (WaitlistEntry.objects.count(), OutgoingEmail.objects.count()) == (1, 1)


def test_whoever_waits_already_keeps_the_place_and_waits_once(desk, now):
    before = wait_without_visit(replace(PATIENT, name="Omar Haddad", email="omar@example.org"))
    now.shift(timedelta(hours=1))
    desk.post(ADD, caller())

    states = dict(WaitlistEntry.objects.values_list("pk", "state"))
    new = WaitlistEntry.objects.get(state="open")
    assert (states[before.pk], new.created_at) == ("over", before.created_at)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"agreed": ""}, "Ask them, then tick this"),
        ({"email": ""}, "Enter an e-mail address: times are offered by e-mail alone"),
        ({"weekdays": []}, "Choose at least one day that suits you"),
        ({"name": ""}, "Enter the name of the person coming"),
        ({"visit_type": "nothing"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_is_said_and_the_typing_stays(desk, typed, error):
    response = desk.post(ADD, caller(**typed))

    assert error in texts(response, "errornote")[0]
    assert 'value="(212) 555-0123"' in response.text
    assert WaitlistEntry.objects.count() == 0


def test_a_likely_slip_in_the_address_is_asked_about(desk):
    response = desk.post(ADD, caller(email="omar@gmial.com"))

    assert "Did you mean omar@gmail.com?" in response.text
    desk.post(ADD, caller(email="omar@gmial.com", use_address="omar@gmail.com"))
    assert WaitlistEntry.objects.get().email == "omar@gmail.com"


def test_a_visits_page_starts_the_form_for_that_visit(desk, ana):
    visit = book(ana, at("9:30", THURSDAY))
    form = f"{ADD}?visit={visit.pk}"
    assert (
        f'href="{form}"'
        in desk.get(reverse("admin:booking_appointment_change", args=[visit.pk])).text
    )
    assert visit.reference in desk.get(form).text
    response = desk.post(form, SUITS | {"agreed": "on"}, follow=True)

    wish = WaitlistEntry.objects.get()
    assert said(response) == ["Rosa Marquez is on the list."]
    assert (wish.appointment, wish.source, suits(wish), wish.confirmed_at) == (
        visit,
        "desk",
        ("02", ["morning"]),
        NOW,
    )
    desk.post(form, SUITS | {"agreed": "on", "weekdays": ["4"]})
    assert suits(WaitlistEntry.objects.get()) == ("4", ["morning"])


@pytest.mark.parametrize("why", ["no address", "cancelled", "today"])
def test_a_visit_that_cannot_be_on_the_list_says_why(desk, ana, now, why):
    patient = replace(PATIENT, email="") if why == "no address" else PATIENT
    visit = book(ana, at("9:30", THURSDAY), patient=patient)
    if why == "cancelled":
        changes.cancel_by_desk(appointment=visit, now=NOW)
    if why == "today":
        now.move_to(at("8:00", THURSDAY))
    response = desk.get(f"{ADD}?visit={visit.pk}", follow=True)

    words = "It needs an e-mail address, and a day before it on which it could be."
    assert (said(response), WaitlistEntry.objects.count()) == ([words], 0)
    assert "Wants an earlier time" not in response.text


def test_what_suits_is_changed_and_the_place_in_line_stays(desk):
    wish = wait_without_visit()
    form = desk.get(page(wish, "suits"))
    response = desk.post(page(wish, "suits"), SUITS | {"seen": form.context["seen"]}, follow=True)

    after = WaitlistEntry.objects.get()
    assert said(response) == ["Saved."]
    assert (suits(after), after.created_at) == (("02", ["morning"]), wish.created_at)


def test_a_colleagues_change_is_not_wiped_by_a_stale_form(desk, ana):
    wish = wait_without_visit()
    seen = desk.get(page(wish, "suits")).context["seen"]
    WaitlistEntry.objects.update(weekdays="4")
    response = desk.post(page(wish, "suits"), SUITS | {"seen": seen})

    assert response.status_code == 409
    words = "Somebody changed this wish meanwhile, or it has ended. See how it is now."
    assert words in texts(response, "errornote")[0]
    assert suits(WaitlistEntry.objects.get())[0] == "4"
    desk.post(page(wish, "suits"), SUITS | {"seen": response.context["seen"]})
    assert suits(WaitlistEntry.objects.get())[0] == "02"


def test_a_double_click_on_save_is_no_change_of_a_colleague(desk):
    wish = wait_without_visit()
    typed = SUITS | {"seen": desk.get(page(wish, "suits")).context["seen"]}

    assert [desk.post(page(wish, "suits"), typed).status_code for _click in range(2)] == [302, 302]


def test_a_wish_that_has_ended_is_not_changed(desk):
    wish = wait_without_visit()
    seen = desk.get(page(wish, "suits")).context["seen"]
    waitlist.leave(wish=wish, now=NOW)

    assert desk.post(page(wish, "suits"), SUITS | {"seen": seen}).status_code == 409
    assert suits(WaitlistEntry.objects.get())[0] == "01234"


def test_taking_off_the_list_asks_first(desk, ana):
    wish = wait(book(ana, at("9:30", THURSDAY)))
    offers.look(NOW)
    asked = desk.get(page(wish, "close"))
    assert (texts(asked, "h1"), WaitlistEntry.objects.get().state) == (
        ["Take off the list"],
        "open",
    )
    desk.post(page(wish, "close"))

    assert WaitlistEntry.objects.get().state == "closed"
    assert TimeOffer.objects.get().state == "gone"


def test_the_list_says_who_was_asked_and_what_they_said(desk, ana):
    wait(book(ana, at("9:30", THURSDAY)))
    ask_without_visit(replace(PATIENT, name="Al Ito"))
    offers.look(NOW)
    assert texts(desk.get(LIST), "field-asked") == ["Nothing yet", "1 time, Nov 27, noon: Asked"]

    offers.decline(offer=TimeOffer.objects.with_details().get(), now=NOW)
    assert texts(desk.get(LIST), "field-asked")[1] == "1 time, Nov 27, noon: No"


def test_places_are_asked_about_where_there_are_several(desk, ana):
    assert 'name="location"' not in desk.get(ADD).text
    place = make_location("oak-avenue", name="Oak Avenue")
    ana.working_hours.filter(weekday=4).update(location=place)

    assert 'name="location"' in desk.get(ADD).text
