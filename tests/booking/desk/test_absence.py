"""One screen for a closure or time off: whom it hurts, and nobody is lost on the way."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from booking.calendars.doubts import untrue
from booking.models import (
    AffectedVisit,
    Appointment,
    Closure,
    ContactAttempt,
    OutgoingEmail,
    TimeOff,
    TimeOffer,
)
from booking.visits import affecting, changes, staff_changes
from tests.booking.desk.pages import DAY
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    add_hours,
    at,
    book,
    make_location,
    make_therapist,
    sent_by,
    wait_without_visit,
)
from tests.builders import (
    visit as unsaved,
)
from tests.reading import said, texts
from tests.staff import save_and_list
from tests.typed import fields_of

TUESDAY = MONDAY + timedelta(days=1)


def screen(absence):
    name = "closure" if isinstance(absence, Closure) else "time_off"
    return f"{reverse('desk:absence')}?{name}={absence.pk}"


@pytest.fixture
def ana():
    return make_therapist()


@pytest.fixture
def ben():
    return make_therapist("ben-cole")


def snow(day=MONDAY):
    return noted(
        Closure.objects.create(
            name="Snow", starts_at=at("0:00", day), ends_at=at("0:00", day + timedelta(days=1))
        )
    )


def away(therapist, day=MONDAY):
    starts_at, ends_at = at("0:00", day), at("0:00", day + timedelta(days=1))
    return noted(TimeOff.objects.create(therapist=therapist, starts_at=starts_at, ends_at=ends_at))


def noted(row):
    """As it is once the admin has saved it."""
    affecting.note(untrue(Appointment.objects.all(), NOW))
    return row


def stands(client, absence):
    """Who stands on the screen, and how."""
    context = client.get(screen(absence)).context
    groups = [*context["unfinished"], *context["standing"], *context["done"]]
    return {row.visit.name: row.hurt.stands.value for row in groups}


def ticks(client, absence):
    return [str(row.tick) for row in client.get(screen(absence)).context["unfinished"]]


def row_of(client, absence, visit):
    context = client.get(screen(absence)).context
    rows = [*context["unfinished"], *context["standing"]]
    return next(row for row in rows if row.visit == visit)


def planned(response):
    """The steps that the page which asks would do."""
    return {"step": [str(step) for step, _visit, _words in response.context["planned"]], "yes": "1"}


def click(client, absence, visit, what):
    return client.post(screen(absence), {"do": f"{what} {row_of(client, absence, visit).tick}"})


def for_all(client, absence, what):
    """Choose it for all, see what it would do, and say yes."""
    asked = client.post(screen(absence), {"all": what, "visit": ticks(client, absence)})
    return client.post(screen(absence), planned(asked), follow=True)


def mails():
    kinds = ["moved", "cancelled"]
    return list(OutgoingEmail.objects.filter(kind__in=kinds).values_list("kind", flat=True))


def test_it_lists_who_is_hurt_with_their_telephone_and_how_many_are_to_tell(desk, ana, ben):
    book(ana, at("9:30"))
    book(ben, at("11:00"), **sent_by(2))
    book(ben, at("11:00", TUESDAY), **sent_by(3))
    response = desk.get(screen(snow()))

    assert [row.visit.name for row in response.context["unfinished"]] == [
        "Rosa Marquez",
        "Patient 2",
    ]
    assert texts(response, "absence-said") == ["2 of 2 still to tell"]
    assert 'href="tel:+12125550199"' in response.text


def test_time_off_hurts_its_therapist_alone_and_names_colleagues_free_then(desk, ana, ben):
    visit = book(ana, at("9:30"))
    book(ben, at("11:00"), **sent_by(2))
    leave = away(ana)

    assert stands(desk, leave) == {"Rosa Marquez": "to-tell"}
    assert [time.slot.therapist for time in row_of(desk, leave, visit).colleagues] == [ben]


def test_a_colleague_who_is_taken_away_or_elsewhere_then_is_not_offered_before_others(desk, ana):
    visit = book(ana, at("9:30"))
    oak = make_location("oak-avenue", name="Oak Avenue")
    dan, eve, fay, gus = (make_therapist(name, hours="") for name in ("dan", "eve", "fay", "gus"))
    for row, place in {dan: None, eve: oak, fay: None, gus: None}.items():
        add_hours(row, 0, "9:10-12:00", location=place)
    unsaved(fay, at("10:00"), name="Taken").save()
    away(gus)
    leave = away(ana)

    found = row_of(desk, leave, visit).colleagues
    assert [(time.slot.therapist, time.place) for time in found] == [
        (dan, "Willow Street"),
        (eve, "Oak Avenue"),
    ]


def test_whom_the_patient_asked_to_be_treated_by_comes_first(desk, ana):
    wants = replace(PATIENT, wants_gender="woman")
    visit = book(ana, at("9:30"), patient=wants)
    make_therapist("abe", gender="man")
    eve = make_therapist("eve", gender="woman")

    assert row_of(desk, away(ana), visit).colleagues[0].slot.therapist == eve


def test_next_times_are_after_the_visits_own_and_no_time_that_somebody_is_offered(desk, ana, ben):
    visit = book(ana, at("9:30"))
    row = row_of(desk, snow(), visit)

    assert [(time.slot.therapist, time.slot.starts_at) for time in row.own] == [
        (ana, at(wall, TUESDAY)) for wall in ("9:00", "9:45", "10:30")
    ]
    assert [time.slot.starts_at for time in row.anyone] == [
        at(wall, TUESDAY) for wall in ("9:00", "9:45", "10:30")
    ]
    assert row.colleagues == []


def test_nothing_is_done_or_mailed_before_the_yes(desk, ana, ben):
    visit = book(ana, at("9:30"))
    leave = away(ana)
    before = Appointment.objects.values().get()
    time = row_of(desk, leave, visit).colleagues[0]
    asked = desk.post(screen(leave), {"do": str(time.step)})

    assert texts(asked, "h1") == ["Do this?"]
    words = "Moves to Monday, November 30, 9:30 a.m. with Ben Cole"
    assert [row[2] for row in asked.context["planned"]] == [words]
    assert (Appointment.objects.values().get(), mails()) == (before, [])

    done = desk.post(screen(leave), planned(asked), follow=True)
    assert said(done) == ["1 visit moved.", "1 e-mail is on its way."]
    visit.refresh_from_db()
    assert (visit.therapist, visit.starts_at, visit.kept_against, mails()) == (
        ben,
        at("9:30"),
        [],
        ["moved"],
    )


def test_the_page_that_asks_shows_the_email_without_the_patients_own_link(desk, ana):
    book(ana, at("9:30"))
    book(ana, at("10:30"), patient=replace(PATIENT, name="Al", email=""))
    closed = snow()
    asked = desk.post(screen(closed), {"all": "cancel", "visit": ticks(desk, closed)})

    [email] = asked.context["emails"]
    assert email.to == ["rosa@example.org"]
    assert "cancelled" in email.subject
    assert re.search(r"/m/\S", asked.text) is None
    assert (asked.context["mailed"], [row.name for row in asked.context["to_call"]]) == (1, ["Al"])
    assert mails() == []


def test_the_preview_of_a_move_shows_no_token(desk, ana, ben):
    visit = book(ana, at("9:30"))
    leave = away(ana)
    time = row_of(desk, leave, visit).colleagues[0]
    asked = desk.post(screen(leave), {"do": str(time.step)})

    [email] = asked.context["emails"]
    assert "(the patient's own link)" in email.body
    assert re.search(r"/m/[\w-]{20}", asked.text) is None


def test_cancel_and_write_for_all_ticked(desk, ana, ben):
    for number, therapist in enumerate([ana, ben, ana]):
        book(therapist, at(f"{9 + number}:00"), **sent_by(number))
    closed = snow()
    first, *others = ticks(desk, closed)
    asked = desk.post(screen(closed), {"all": "cancel", "visit": others})
    done = desk.post(screen(closed), planned(asked), follow=True)

    assert said(done) == ["2 visits cancelled.", "2 e-mails are on their way."]
    assert stands(desk, closed) == {
        "Patient 0": "to-tell",
        "Patient 1": "cancelled",
        "Patient 2": "cancelled",
    }
    assert texts(done, "absence-said") == ["1 of 3 still to tell"]
    assert first == ticks(desk, closed)[0]


def test_who_has_no_email_address_stays_to_be_called_after_the_change(desk, ana):
    visit = book(ana, at("9:30"), patient=replace(PATIENT, email=""))
    closed = snow()
    done = for_all(desk, closed, "cancel")

    assert said(done) == ["1 visit cancelled.", "No e-mail address, please call: Rosa Marquez."]
    assert stands(desk, closed) == {"Rosa Marquez": "to-call"}
    click(desk, closed, visit, "called")
    assert stands(desk, closed) == {"Rosa Marquez": "cancelled"}


def test_same_time_with_colleagues_leads_no_two_to_one(desk, ana, ben):
    eve = make_therapist("eve")
    old = book(ana, at("9:30"))
    dan = make_therapist("dan")
    other = book(dan, at("9:45"), **sent_by(2))
    closed_for_both = [away(ana), away(dan)]
    for leave in closed_for_both:
        for_all(desk, leave, "colleague")

    found = Appointment.objects.filter(pk__in=[old.pk, other.pk]).order_by("pk")
    assert [row.therapist for row in found] == [ben, eve]


def test_next_free_times_for_all_are_each_others_neighbours(desk, ana):
    for number in range(3):
        book(ana, at(f"{9 + number}:00"), **sent_by(number))
    done = for_all(desk, snow(), "own")

    assert said(done)[0] == "3 visits moved."
    found = Appointment.objects.order_by("pk").values_list("starts_at", flat=True)
    assert list(found) == [at(wall, TUESDAY) for wall in ("9:00", "9:45", "10:30")]


def test_those_for_whom_there_is_no_time_are_named_and_stay(desk, ana, ben):
    book(ana, at("9:30"))
    late = book(ana, at("16:00"), **sent_by(2))
    unsaved(ben, at("16:00")).save()
    leave = away(ana)
    asked = desk.post(screen(leave), {"all": "colleague", "visit": ticks(desk, leave)})

    assert (asked.context["left"], len(asked.context["planned"])) == ([late], 1)
    desk.post(screen(leave), planned(asked))
    assert stands(desk, leave) == {"Rosa Marquez": "moved", "Patient 2": "to-tell"}


def test_where_nobody_is_free_the_list_says_so_and_keeps_the_ticks(desk, ana):
    book(ana, at("9:30"))
    book(ana, at("10:30"), **sent_by(2))
    leave = away(ana)
    ticked = ticks(desk, leave)[1:]
    response = desk.post(screen(leave), {"all": "colleague", "visit": ticked})

    assert said(response) == ["There is no such time for any of them. Nothing was done."]
    assert [row.ticked for row in response.context["unfinished"]] == [False, True]


def test_a_time_that_somebody_took_meanwhile_leaves_the_visit_on_the_list_with_why(desk, ana, ben):
    visit, other = book(ana, at("9:30")), book(ana, at("10:30"), **sent_by(2))
    leave = away(ana)
    asked = desk.post(screen(leave), {"all": "colleague", "visit": ticks(desk, leave)})
    unsaved(ben, at("9:30")).save()
    response = desk.post(screen(leave), planned(asked))

    assert (response.status_code, said(response)) == (
        409,
        [
            "1 visit moved.",
            "1 e-mail is on its way.",
            "1 visit was left as it is. It says why.",
        ],
    )
    [row] = response.context["unfinished"]
    words = "Somebody has taken that time meanwhile. Choose another."
    assert (row.visit, row.problem, row.ticked) == (visit, words, True)
    assert Appointment.objects.get(pk=other.pk).therapist == ben


def test_sent_twice_it_is_done_once(desk, ana, ben):
    book(ana, at("9:30"))
    book(ana, at("10:30"), **sent_by(2))
    leave = away(ana)
    first, second = ticks(desk, leave)
    move = planned(desk.post(screen(leave), {"all": "colleague", "visit": [first]}))
    cancel = planned(desk.post(screen(leave), {"all": "cancel", "visit": [second]}))
    for _time in range(2):
        assert desk.post(screen(leave), move).status_code == 302
        assert desk.post(screen(leave), cancel).status_code == 302

    assert sorted(mails()) == ["cancelled", "moved"]


def test_a_visit_that_was_moved_since_the_page_was_opened_is_left(desk, ana, ben):
    visit = book(ana, at("9:30"))
    closed = snow()
    asked = desk.post(screen(closed), {"all": "cancel", "visit": ticks(desk, closed)})
    staff_changes.change_by_desk(
        appointment=visit, therapist=ben, starts_at=at("9:00", TUESDAY), now=NOW
    )
    response = desk.post(screen(closed), planned(asked))

    assert response.status_code == 409
    assert stands(desk, closed) == {"Rosa Marquez": "moved"}
    assert texts(response, "desk-warn") == [
        "Somebody changed this visit meanwhile. See how it is now."
    ]
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_go_back_keeps_the_ticks(desk, ana):
    book(ana, at("9:30"))
    book(ana, at("10:30"), **sent_by(2))
    closed = snow()
    ticked = ticks(desk, closed)[:1]
    response = desk.post(screen(closed), {"back": "1", "visit": ticked})

    assert [row.ticked for row in response.context["unfinished"]] == [True, False]


def test_called_and_left_a_message_say_who_and_when_and_mail_nobody(desk, ana):
    visit, other = book(ana, at("9:30")), book(ana, at("10:30"), **sent_by(2))
    closed = snow()
    click(desk, closed, visit, "called")
    click(desk, closed, other, "message")

    assert stands(desk, closed) == {"Rosa Marquez": "called", "Patient 2": "message"}
    page = desk.get(screen(closed))
    assert texts(page, "absence-said") == ["2 visits, all dealt with"]
    assert "Called: front-desk-0, Nov 27, noon" in texts(page, "absence-told")[0]
    assert mails() == []


def test_a_double_click_notes_one_call_and_a_slip_is_taken_back(desk, ana):
    visit = book(ana, at("9:30"))
    closed = snow()
    typed = {"do": f"called {row_of(desk, closed, visit).tick}"}
    for _click in range(2):
        desk.post(screen(closed), typed)
    assert ContactAttempt.objects.count() == 1

    row = row_of(desk, closed, visit)
    desk.post(screen(closed), {"do": f"take-back {row.tick} {row.hurt.attempts[0].pk}"})
    assert stands(desk, closed) == {"Rosa Marquez": "to-tell"}


def test_a_call_about_something_else_tells_nobody_of_the_closure(desk, ana):
    visit = book(ana, at("9:30"))
    address = reverse("desk:telephoned")
    desk.post(address, {"about": f"visit-{visit.pk}", "outcome": "called"})

    assert stands(desk, snow()) == {"Rosa Marquez": "to-tell"}


def test_a_visit_that_was_moved_within_the_closure_is_to_tell_again(desk, ana):
    visit = book(ana, at("9:30"))
    closed = snow()
    click(desk, closed, visit, "called")
    staff_changes.change_by_desk(
        appointment=visit, therapist=ana, starts_at=at("14:00"), now=NOW, known=()
    )

    assert stands(desk, closed) == {"Rosa Marquez": "to-tell"}


def test_stays_as_it_is_and_what_others_did_elsewhere_count(desk, ana, ben):
    kept, moved = book(ana, at("9:30")), book(ana, at("10:30"), **sent_by(2))
    gone = book(ben, at("9:30"), **sent_by(3))
    closed = snow()
    click(desk, closed, kept, "keep")
    staff_changes.change_by_desk(
        appointment=moved, therapist=ben, starts_at=at("9:00", TUESDAY), now=NOW
    )
    changes.cancel_by_patient(appointment=gone, now=NOW)

    assert stands(desk, closed) == {
        "Rosa Marquez": "kept",
        "Patient 2": "moved",
        "Patient 3": "cancelled",
    }


def test_a_closure_that_was_written_past_the_admin_lists_its_visits_all_the_same(desk, ana):
    book(ana, at("9:30"))
    closed = snow()
    AffectedVisit.objects.all().delete()

    assert stands(desk, closed) == {"Rosa Marquez": "to-tell"}


def test_what_is_no_tick_step_or_choice_does_nothing(desk, ana):
    book(ana, at("9:30"))
    closed = snow()
    before = Appointment.objects.values().get()
    tick = ticks(desk, closed)[0]
    for typed in [
        {"do": "delete " + tick},
        {"do": "move x"},
        {"all": "nothing", "visit": [tick]},
        {"all": "cancel", "visit": ["9" * 30]},
        {"all": "cancel"},
        {"yes": "1", "step": ["cancel 1", "move 1/0/x \x00"]},
    ]:
        assert desk.post(screen(closed), typed).status_code in (200, 302)
    wrong = {"yes": "1", "step": [f"move {tick} nobody:20261201T1400Z"]}
    assert desk.post(screen(closed), wrong).status_code == 409
    assert desk.get(reverse("desk:absence")).status_code == 404
    assert desk.get(reverse("desk:absence") + "?closure=999").status_code == 404
    assert (Appointment.objects.values().get(), mails()) == (before, [])


def test_a_get_does_nothing(desk, ana):
    book(ana, at("9:30"))
    closed = snow()
    desk.get(screen(closed), {"yes": "1", "step": "cancel " + ticks(desk, closed)[0]})

    assert (stands(desk, closed), mails()) == ({"Rosa Marquez": "to-tell"}, [])


def test_an_open_offer_is_no_free_time(desk, ana, ben):
    visit = book(ana, at("9:30"))
    leave = away(ana)
    assert len(row_of(desk, leave, visit).colleagues) == 1
    TimeOffer.objects.create(
        entry=wait_without_visit(),
        therapist=ben,
        visit_type=visit.visit_type,
        location=visit.location,
        starts_at=at("9:30"),
        ends_at=at("10:15"),
        expires_at=NOW + timedelta(hours=1),
        created_at=NOW,
        token_hash="x",
    )
    assert row_of(desk, leave, visit).colleagues == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_screen_takes_as_many_queries_for_one_as_for_three(
    desk, django_assert_num_queries, ana, ben, number
):
    for hour in range(number):
        book(ana, at(f"{9 + hour}:00"), **sent_by(hour))
    leave = away(ana)
    desk.get(screen(leave))

    with django_assert_num_queries(QUERIES):
        desk.get(screen(leave))


QUERIES = 16


def test_the_day_leads_to_the_forms_with_the_day_filled_in_and_on_to_the_screen(desk, ana):
    book(ana, at("9:30"))
    links = re.findall(r'href="([^"]+first_day=[^"]+)"', desk.get(DAY + "?date=2026-11-30").text)
    close, leave = (html.unescape(link) for link in links)
    typed = fields_of(desk.get(close), "closure_form") | {"name": ["Snow"]}
    assert typed["first_day"] == ["2026-11-30"]
    saved = save_and_list(desk, close, desk.post(close, typed))
    assert saved.redirect_chain == [(screen(Closure.objects.get()), 302)]
    Closure.objects.all().delete()

    typed = fields_of(desk.get(leave), "timeoff_form")
    assert (typed["first_day"], typed["therapist"]) == (["2026-11-30"], [str(ana.pk)])
    saved = save_and_list(desk, leave, desk.post(leave, typed))
    row = TimeOff.objects.get()
    assert saved.redirect_chain == [(screen(row), 302)]
    assert (row.therapist, row.starts_at, row.ends_at) == (ana, at("0:00"), at("0:00", TUESDAY))


def test_lists_and_pages_of_closures_and_time_off_say_how_far_the_desk_is(desk, ana):
    visit = book(ana, at("9:30"))
    book(ana, at("10:30"), **sent_by(2))
    closed, leave = snow(), away(ana)
    click(desk, closed, visit, "called")

    for row, said_there in {closed: "1 of 2 still to tell", leave: "2 of 2 still to tell"}.items():
        name = row._meta.model_name
        link = f'<a href="{screen(row)}">{said_there}</a>'
        assert link in desk.get(reverse(f"admin:booking_{name}_changelist")).text
        assert link in desk.get(reverse(f"admin:booking_{name}_change", args=[row.pk])).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_closures_takes_three_queries_more_for_any_number(
    desk, django_assert_num_queries, ana, number
):
    for offset in range(number):
        book(ana, at("9:30", MONDAY + timedelta(days=offset)), **sent_by(offset))
        snow(MONDAY + timedelta(days=offset))
    address = reverse("admin:booking_closure_changelist")
    desk.get(address)

    with django_assert_num_queries(13):
        desk.get(address)
