"""The outbox, as the desk sees it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from booking.earlier import offers, waitlist
from booking.models import Appointment, OutgoingEmail, Therapist, WaitlistEntry
from booking.visits.requests import Patient
from tests.builders import (
    MONDAY,
    NOW,
    at,
    book,
    enquiry,
    make_therapist,
    wait,
    wait_without_visit,
)
from tests.reading import said, texts

LIST = reverse("admin:booking_outgoingemail_changelist")
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def lost():
    book(make_therapist(), at("9:30"))
    OutgoingEmail.objects.update(state="given-up", attempts=14, last_error="SMTPServerDisconnected")
    return OutgoingEmail.objects.get()


def again(message):
    return reverse("admin:booking_outgoingemail_again", args=[message.pk])


def states():
    return list(OutgoingEmail.objects.values_list("kind", "occasion", "state").order_by("pk"))


def test_what_was_given_up_is_listed_with_its_reason_and_sent_again(desk, lost):
    page = desk.get(LIST, {"state__exact": "given-up"})
    assert texts(page, "field-last_error") == ["SMTPServerDisconnected"]
    assert f'formaction="{again(lost)}"' in page.content.decode()

    response = desk.post(again(lost), follow=True)
    assert said(response) == ["The message is on its way again."]
    assert states() == [("confirmation", "", "superseded"), ("confirmation", "again-1", "owed")]


def test_a_message_sent_again_by_two_people_is_owed_once(desk, sign_in, lost):
    desk.post(again(lost))
    response = sign_in("Front desk").post(again(lost), follow=True)

    assert said(response) == ["Somebody changed this visit meanwhile. See how it is now."]
    assert len(states()) == 2


@pytest.mark.parametrize("state", ["owed", "sent", "superseded"])
def test_only_what_was_given_up_is_sent_again(desk, lost, state):
    OutgoingEmail.objects.update(state=state)
    desk.post(again(lost))

    assert states() == [("confirmation", "", state)]


def test_the_outbox_is_for_reading(sign_in, lost):
    root = sign_in(superuser=True)
    change = reverse("admin:booking_outgoingemail_change", args=[lost.pk])
    delete = reverse("admin:booking_outgoingemail_delete", args=[lost.pk])

    assert [
        root.get(change).status_code,
        root.post(change, {"state": "sent"}).status_code,
        root.post(delete, {"post": "yes"}).status_code,
        root.get(reverse("admin:booking_outgoingemail_add")).status_code,
    ] == [200, 403, 403, 403]
    assert states() == [("confirmation", "", "given-up")]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_outbox_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, rows):
    for number in range(rows):
        book(make_therapist(f"therapist-{number}"), at("9:00"))
        OutgoingEmail.objects.create(enquiry=enquiry(), kind="desk-enquiry", due_at=NOW)
        wait_without_visit(named(f"{number} Waiting"))
    offers.look(NOW)

    with django_assert_num_queries(9):
        desk.get(LIST)


@pytest.fixture
def coming(now):
    """Given up about each thing to come: a visit, a wish that waits, a time that was offered."""
    ana = make_therapist(hours="9:00-9:45")
    book(make_therapist("ben-hill"), at("9:30"), patient=named("Vera Visit"))
    wait(book(ana, at("9:00", THURSDAY), patient=named("Omar Offered")))
    offers.look(NOW)
    wait_without_visit(named("Willa Waiting"))
    OutgoingEmail.objects.exclude(appointment__name="Omar Offered").update(state="given-up")


def named(name):
    return Patient(name, "(212) 555-0188", "+12125550188", f"{name[0]}@example.org".lower())


def to_call(client):
    page = client.get(LIST, {"to": "call"})
    return dict(zip(texts(page, "field-about"), texts(page, "field-phone_link"), strict=True))


def notice(client):
    page = client.get(reverse("desk:day"))
    return [text for text in texts(page, "li") if "could not be sent" in text]


def test_whoever_could_not_be_told_is_counted_and_listed_to_be_called(desk, coming):
    names = ["Willa Waiting", "Omar Offered", f"Vera Visit {Appointment.objects.first()}"]

    assert to_call(desk) == dict.fromkeys(names, "(212) 555-0188")
    words = "3 e-mails about coming visits or sooner times could not be sent. See them and call"
    assert notice(desk) == [words]


def test_who_sees_only_their_own_visits_sees_the_e_mails_of_these_alone(coming, sign_in):
    ben = Therapist.objects.get(slug="ben-hill")
    client = sign_in("Therapist", therapist=ben)
    ben.user.user_permissions.add(Permission.objects.get(codename="view_outgoingemail"))

    assert [name.split()[0] for name in to_call(client)] == ["Vera"]
    words = "1 e-mail about a coming visit or a sooner time could not be sent. See them and call"
    assert notice(client) == [words]


def test_an_offer_that_was_given_up_is_not_sent_again(desk, coming):
    page = desk.get(LIST, {"to": "call"}).content.decode()
    lost = OutgoingEmail.objects.filter(state="given-up")
    found = {message.kind: again(message) in page for message in lost}
    assert found == {"confirmation": True, "wish": True, "offer": False}

    [offer] = OutgoingEmail.objects.filter(kind="offer")
    desk.post(again(offer))
    assert OutgoingEmail.objects.filter(kind="offer").count() == 1


def test_nobody_is_called_about_what_is_over(desk, coming, now):
    for entry in WaitlistEntry.objects.all():
        waitlist.leave(wish=entry, now=NOW)
    assert [name.split()[0] for name in to_call(desk)] == ["Vera"]

    now.move_to(at("17:00"))
    assert (to_call(desk), notice(desk)) == ({}, [])


def test_nobody_is_called_about_an_offered_time_that_is_past(desk, coming, now):
    now.move_to(at("17:00"))
    assert to_call(desk) == {"Willa Waiting": "(212) 555-0188"}


def test_a_message_about_a_question_names_who_asked_and_is_sent_again(desk, sign_in):
    asked = enquiry()
    message = OutgoingEmail.objects.create(
        enquiry=asked, kind="desk-enquiry", state="given-up", due_at=NOW
    )
    page = desk.get(LIST)
    assert texts(page, "field-about") == ["Rosa Marquez"]
    assert f"/admin/booking/enquiry/{asked.pk}/change/" in page.content.decode()

    desk.post(again(message))
    desk.post(again(message))
    assert states() == [("desk-enquiry", "", "superseded"), ("desk-enquiry", "again-1", "owed")]
