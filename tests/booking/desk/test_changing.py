"""Anything of a visit, from its page: looked at first, withheld, undone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from booking.models import Appointment, OutgoingEmail, StaffChange
from booking.visits import tokens
from booking.visits.recalling import WAIT
from tests.booking.desk.pages import DAY, opened, sheet
from tests.builders import NOW, PATIENT, at, book, make_location, make_therapist, make_visit_type
from tests.reading import said, texts, tight
from tests.worker import send_due

FORM = {"therapist": "ana-ruiz", "day": "2026-11-30", "time": "09:30", "sequence": "0", "asks": "1"}
MAILED = FORM | {"tells": "on"}
SLOT = {"slot": "ana-ruiz:20261130T1500Z", "sequence": "0"}


@pytest.fixture
def visit():
    """Booked, and told so."""
    booked = book(make_therapist(), at("9:30"))
    send_due(NOW)
    mail.outbox.clear()
    return booked


@pytest.fixture
def longer():
    return make_visit_type("long", name="Long visit", minutes=60)


def address(name, visit):
    return reverse(f"admin:booking_appointment_{name}", args=[visit.pk])


def row():
    fields = ["therapist__slug", "starts_at", "visit_type__slug", "location__slug", "sequence"]
    return Appointment.objects.values_list(*fields).get()


AS_BOOKED = ("ana-ruiz", at("9:30"), "initial-consultation", "willow-street")


def news():
    rows = OutgoingEmail.objects.filter(sequence__gt=0).order_by("pk")
    return list(rows.values_list("kind", "state"))


def test_the_form_changes_type_place_therapist_and_time_at_once(desk, visit, longer):
    make_location("oak", name="Oak")
    make_therapist("ben-cole")
    form = MAILED | {"therapist": "ben-cole", "time": "14:00", "visit_type": "long"}
    form |= {"location": "oak"}
    asked = desk.post(address("move", visit), form)
    assert asked.context["doubts"] == ["Ben Cole works at Willow Street then."]
    tick = {"confirm": asked.context["form"].confirmation()}
    response = desk.post(address("move", visit), form | tick, follow=True)

    assert row() == ("ben-cole", at("14:00"), "long", "oak", 1)
    assert (Appointment.objects.get().minutes, news()) == (60, [("moved", "owed")])
    assert said(response) == ["Moved to Monday, November 30, 2 p.m.: Rosa Marquez."]


def test_the_page_stands_as_the_visit_does(desk, visit):
    form = desk.get(address("move", visit)).context["form"]
    names = ["therapist", "visit_type", "minutes", "tells", "sequence"]

    assert [form[name].value() for name in names] == [
        "ana-ruiz",
        "initial-consultation",
        None,
        True,
        0,
    ]
    assert f"{form['day'].value()} {form['time'].value()}" == "2026-11-30 09:30:00"


def test_look_first_shows_old_and_new_and_the_email_and_changes_nothing(desk, visit, longer):
    form = MAILED | {"visit_type": "long", "time": "10:00", "look": "1"}
    response = desk.post(address("move", visit), form)

    assert texts(response, "desk-look") == [
        "What would change"
        " When: Monday, November 30, 9:30 a.m. → Monday, November 30, 10 a.m."
        " What: Initial consultation → Long visit"
        " Minutes: 45 → 60"
    ]
    assert (row(), news()) == ((*AS_BOOKED, 0), [])
    shown = response.context["preview"]

    desk.post(address("move", visit), MAILED | {"visit_type": "long", "time": "10:00"})
    send_due(NOW + WAIT)
    [message] = mail.outbox
    link = tokens.make(visit)
    assert (shown.to, shown.subject) == (PATIENT.email, message.subject)
    assert shown.text == message.body.replace(link, "…")
    assert link in message.body
    assert link not in response.content.decode()


def test_what_speaks_against_it_stands_with_the_email(desk, visit):
    response = desk.post(address("move", visit), MAILED | {"time": "18:00"})

    assert response.context["doubts"] == ["Outside Ana Ruiz's working hours."]
    assert response.context["preview"].subject.endswith("your visit has moved")
    assert response.context["form"]["tells"].value() is True


@pytest.mark.parametrize("sent", [SLOT, SLOT | {"asks": ""}])
def test_a_click_that_was_not_asked_mails(desk, visit, sent):
    desk.post(address("move", visit), sent)

    assert news() == [("moved", "owed")]


def test_a_click_that_needs_a_tick_is_asked_with_the_email_ticked(desk, visit):
    asked = desk.post(address("move", visit), SLOT | {"slot": "ana-ruiz:20261130T2300Z"})

    assert 'name="tells" id="id_tells" checked' in tight(asked.content.decode())


def test_without_the_tick_nothing_is_mailed_and_the_visit_is_to_be_dealt_with(desk, visit):
    desk.post(address("move", visit), FORM | {"time": "10:00"})

    assert (row(), news(), send_due(NOW + WAIT)) == (
        ("ana-ruiz", at("10:00"), *AS_BOOKED[2:], 1),
        [],
        0,
    )
    listed = desk.get(reverse("admin:booking_appointment_to_deal_with"))
    assert texts(listed, "desk-warn") == [
        "The patient was told another time, therapist or place.",
    ]
    assert "Changed without an e-mail" in texts(desk.get(address("change", visit)), "desk-mail")[0]


def test_who_has_no_address_is_to_be_told_by_telephone(desk, visit):
    Appointment.objects.update(email="")
    response = desk.post(address("move", visit), FORM | {"time": "10:00", "look": "1"})

    assert response.context["preview"] is None
    assert "There is no e-mail address: please tell them by telephone." in texts(response, "p")


@pytest.mark.parametrize("minutes", ["4", "481", "x"])
def test_a_length_that_is_none_is_an_error_on_its_field(desk, visit, minutes):
    response = desk.post(address("move", visit), MAILED | {"minutes": minutes})

    assert (list(response.context["form"].errors), row()) == (["minutes"], (*AS_BOOKED, 0))


def test_a_double_click_changes_once(desk, visit, longer):
    form = MAILED | {"visit_type": "long"}
    answers = [desk.post(address("move", visit), form).status_code for _click in range(2)]

    assert (answers, row()[-1], news()) == ([302, 302], 1, [("details", "owed")])


def test_what_a_colleague_changed_is_shown_and_the_typing_stays(desk, visit, longer):
    desk.post(address("move", visit), MAILED | {"time": "14:00"})
    response = desk.post(address("move", visit), MAILED | {"visit_type": "long", "minutes": "50"})
    form = response.context["form"]

    assert form.non_field_errors() == [
        "Somebody changed this visit meanwhile. Look at its time, then choose again."
    ]
    assert "Monday, November 30, 2026, 2 p.m." in texts(response, "desk-facts")[0]
    assert [form[name].value() for name in ("visit_type", "minutes")] == ["long", "50"]
    assert 'name="minutes" value="50"' in tight(response.content.decode())
    assert row() == ("ana-ruiz", at("14:00"), *AS_BOOKED[2:], 1)


def undo_forms(response):
    """What the words of an answer hold besides."""
    return [" ".join(text.split()) for text in texts(response, "desk-said")]


def test_the_answer_holds_the_way_back_and_the_email(desk, visit):
    response = desk.post(address("move", visit), SLOT, follow=True)
    [words] = undo_forms(response)

    assert words.startswith(
        "Moved to Monday, November 30, 10 a.m.: Rosa Marquez."
        " Undo E-mail to rosa@example.org, goes at 12:02 p.m."
    )
    assert "New time: Monday, November 30, 10 a.m." in words
    back = desk.post(address("undo", visit), {"sequence": "1"}, follow=True)
    assert said(back) == ["Rosa Marquez: as before. Nothing is mailed."]
    assert (row(), send_due(NOW + WAIT)) == ((*AS_BOOKED, 2), 0)


def test_undone_later_it_says_that_the_patient_is_mailed(desk, visit, now):
    desk.post(address("move", visit), SLOT)
    send_due(NOW + WAIT)
    now.shift(timedelta(minutes=10))
    assert "Undo the change" in texts(opened(desk), "desk-click")
    back = desk.post(address("undo", visit), follow=True)

    assert said(back)[-1] == "Rosa Marquez: as before. An e-mail says so to the patient."
    assert (row(), send_due(NOW + timedelta(minutes=10))) == ((*AS_BOOKED, 2), 1)


def test_after_ten_minutes_there_is_no_way_back(desk, visit, now):
    desk.post(address("move", visit), SLOT)
    now.shift(timedelta(minutes=10, seconds=1))
    response = desk.post(address("undo", visit), follow=True)

    assert said(response)[-1] == "Changed more than ten minutes ago: change it again instead."
    assert "Undo the change" not in texts(response, "desk-click")
    assert row()[-1] == 1


def test_words_of_a_visit_that_changed_since_offer_no_way_back(desk, visit):
    desk.post(address("move", visit), SLOT)
    desk.post(address("undo", visit), {"sequence": "1"})
    response = desk.get(DAY)

    assert len(said(response)) == 2
    assert "Undo" not in texts(response, "desk-click")


def test_the_day_asks_as_often_for_one_changed_visit_as_for_three(desk, django_assert_num_queries):
    def change(slug):
        booked = book(make_therapist(slug), at("9:30"))
        desk.post(address("move", booked), SLOT | {"slot": f"{slug}:20261130T1500Z"})
        sheet(desk)  # the words of the answer

    change("ana-ruiz")
    with django_assert_num_queries(31):
        sheet(desk)
    for slug in ("ben-cole", "dora-ek"):
        change(slug)
    with django_assert_num_queries(31):
        sheet(desk)
    assert texts(opened(desk), "desk-click").count("Undo the change") == 3


def test_a_cancellation_says_why_everywhere(desk, visit):
    form = {"reason": "weather", "asks": "1", "tells": "on"}
    response = desk.post(address("cancel", visit), form, follow=True)

    assert "Cancelled: Weather" in texts(response, "desk-status")
    assert "Cancelled: Weather" in texts(response, "board-status")[0]
    listed = desk.get(reverse("admin:booking_appointment_changelist"))
    assert texts(listed, "field-status_said") == ["Cancelled: Weather"]
    history = desk.get(address("history", visit))
    assert "Why cancelled: Weather" in " ".join(texts(history, "desk-changes"))
    desk.post(address("undo", visit))
    assert Appointment.objects.get().cancel_reason == ""


@pytest.mark.parametrize("reason", ["", "late", "weather", "ill", "by-clinic", "other"])
def test_each_reason_is_kept(desk, visit, reason):
    desk.post(address("cancel", visit), {"reason": reason})

    assert (Appointment.objects.get().cancel_reason, news()) == (reason, [("cancelled", "owed")])


def test_a_reason_that_is_none_cancels_nothing(desk, visit):
    response = desk.post(address("cancel", visit), {"reason": "bored"})

    assert (list(response.context["form"].errors), row()[-1]) == (["reason"], 0)


def test_a_cancellation_can_be_kept_from_the_patient(desk, visit):
    desk.post(address("cancel", visit), {"reason": "late", "asks": "1"})

    assert (news(), StaffChange.objects.get().withheld) == ([], True)
    page = desk.get(address("change", visit))
    assert "Cancelled without an e-mail" in texts(page, "desk-mail")[0]


def test_a_cancellation_of_what_a_colleague_changed_keeps_the_choice(desk, visit):
    desk.post(address("move", visit), SLOT)
    response = desk.post(address("cancel", visit), {"reason": "ill", "asks": "1", "sequence": "0"})
    form = response.context["form"]

    assert (response.status_code, form["reason"].value(), form["tells"].value()) == (
        409,
        "ill",
        False,
    )


CHOSEN = "visit=long"


@pytest.mark.parametrize("name", ["move", "cancel", "contact"])
def test_the_chosen_visit_type_stays_chosen(desk, visit, longer, name):
    page = desk.get(f"{DAY}?date=2026-11-30&open={visit.pk}&{CHOSEN}").content.decode()
    asked = f"{address(name, visit)}?{CHOSEN}"
    assert name == "contact" or f'href="{asked}"' in page
    contact = {"name": "Rosa", "phone": "(212) 555-0199", "email": "rosa@example.org"}
    contact |= {"seen": desk.get(asked).context.get("seen", "")}
    sent = {"move": SLOT, "cancel": {}, "contact": contact}[name]

    response = desk.post(asked, sent)
    assert (
        response.headers["Location"]
        == f"{DAY}?date=2026-11-30&{CHOSEN}&open={visit.pk}#visit-{visit.pk}"
    )


def test_after_a_booking_too(desk, visit, longer):
    page = desk.get(reverse("admin:booking_appointment_add"), {"visit": "long"})

    assert f'action="{reverse("admin:booking_appointment_add")}?{CHOSEN}"' in page.content.decode()
