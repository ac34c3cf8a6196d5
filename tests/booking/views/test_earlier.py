"""The earlier-time list as patients meet it: join, change what suits, leave."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from booking.earlier import offers
from booking.models import Appointment, OutgoingEmail, TimeOffer, VisitType, WaitlistEntry
from booking.visits import changes, staff_changes, tokens
from booking.visits.recalling import WAIT
from tests.booking.views.earlier_form import CHOICES, CONTACT
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    add_hours,
    at,
    book,
    make_location,
    make_therapist,
    make_visit_type,
    wait,
    wait_without_visit,
)
from tests.patients import Form, opened
from tests.reading import tight
from tests.worker import send_due

PAGE, WITHOUT, WISH = "/appointment/earlier/", "/book/earlier/", "/wish/"
MOVED_ON = "You are on the earlier-time list: see or leave it"
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def booked(client, ana):
    """Thursday's visit, whose link this client has followed."""
    appointment = book(ana, at("9:30", THURSDAY))
    client.get(f"/m/{tokens.make(appointment)}/")
    return appointment


def wishes():
    fields = ["appointment", "weekdays", "morning", "afternoon", "evening", "therapist", "state"]
    return list(WaitlistEntry.objects.order_by("pk").values_list(*fields))


def heading(answer):
    return re.search(r"<h1>\s*(.*?)\s*</h1>", answer.content.decode())[1]


@pytest.mark.parametrize(
    ("state", "says"), [("booked", "You keep"), ("cancelled", "It is cancelled")]
)
def test_a_visit_is_kept_unless_it_is_cancelled(client, booked, state, says):
    Appointment.objects.update(status=state)
    lead = tight(client.get(PAGE).content.decode()).split('<p class="lead">')[1]

    assert re.search(r"Ana Ruiz, PT, DPT\. (You keep|It is cancelled)", lead)[1] == says


def test_the_visit_leads_to_the_list(client, booked):
    assert f'href="{PAGE}"' in client.get("/appointment/").content.decode()
    with time_machine.travel(at("8:00", THURSDAY), tick=False):
        assert f'href="{PAGE}"' not in client.get("/appointment/").content.decode()


def test_joining_says_so_and_changes_nothing_else(client, booked):
    assert heading(client.get(PAGE)) == "Tell me if something sooner comes up"
    answer = client.post(PAGE, CHOICES)
    page = client.get(PAGE)

    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert wishes() == [(booked.pk, "01", True, False, False, None, "open")]
    assert heading(page) == "You are on the earlier-time list"
    assert "<dd>Mon, Tue</dd>" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert Appointment.objects.get().sequence == 0
    assert OutgoingEmail.objects.filter(kind="offer").count() == 0


def test_what_suits_can_be_changed_and_the_list_left(client, booked):
    ben = make_therapist("ben-cole")
    client.post(PAGE, CHOICES)
    form = Form(client.get(PAGE).content.decode())
    assert [form.values.get("reference")] == [booked.reference]
    client.post(PAGE, {"weekdays": "2", "parts": ["morning", "afternoon"], "therapist": "ben-cole"})
    assert wishes() == [(booked.pk, "2", True, True, False, ben.pk, "open")]
    answer = client.post(PAGE, {"leave": "1"})

    assert (answer.status_code, wishes()[0][-1]) == (303, "left")
    assert client.post(PAGE, {"leave": "1"}).status_code == 303
    assert heading(client.get(PAGE)) == "Tell me if something sooner comes up"


def test_a_visit_that_the_desk_moves_stays_on_the_list_and_says_so(client, ana, booked):
    assert MOVED_ON not in client.get("/appointment/").content.decode()
    wait(booked)
    friday = at("9:30", THURSDAY + timedelta(days=1))
    staff_changes.change_by_desk(appointment=booked, therapist=ana, starts_at=friday, now=NOW)
    send_due(NOW + WAIT)

    assert MOVED_ON in client.get("/appointment/").content.decode()
    page = client.get(PAGE)
    assert heading(page) == "You are on the earlier-time list"
    assert "<dd>Friday, December 4</dd>" in page.content.decode()
    message = mail.outbox[-1]
    for body in (message.body, message.alternatives[0].content):
        assert "You are still on the earlier-time list." in body


def test_a_day_that_comes_twice_counts_once(client, booked):
    assert client.post(PAGE, CHOICES | {"weekdays": ["3"] * 9}).status_code == 303
    assert wishes() == [(booked.pk, "3", True, False, False, None, "open")]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {},
            [
                "Choose at least one day that suits you",
                "Choose at least one part of the day that suits you",
            ],
        ),
        (CHOICES | {"weekdays": "9"}, ["Choose at least one day that suits you"]),
        (CHOICES | {"parts": "night"}, ["Choose at least one part of the day that suits you"]),
        (CHOICES | {"weekdays": "\x00"}, ["Choose at least one day that suits you"]),
    ],
)
def test_at_least_one_day_and_one_part_of_it(client, booked, typed, errors):
    answer = client.post(PAGE, typed)

    page = answer.content.decode()
    assert wishes() == []
    assert (answer.status_code, page.count("<title>Error: ")) == (200, 1)
    assert [error in page for error in errors] == [True] * len(errors)


def ticked(page):
    return re.findall(r'<input type="checkbox"[^>]*value="(\w+)"[^>]*checked', page)


def test_somebody_with_a_visit_finds_all_ticked_and_later_what_they_chose(client, booked):
    assert ticked(client.get(PAGE).content.decode()) == [*DAYS, "morning", "afternoon"]
    client.post(PAGE, CHOICES | {"weekdays": ["2"], "parts": ["morning"]})

    assert ticked(client.get(PAGE).content.decode()) == ["2", "morning"]


def test_a_form_from_which_all_was_taken_out_stays_so(client, booked):
    assert ticked(client.post(PAGE, {}).content.decode()) == []


def test_only_days_that_the_clinic_works_are_asked_about(client, booked):
    page = client.get(PAGE).content.decode()

    assert [day in page for day in ("Monday", "Friday", "Saturday")] == [True, True, False]


def test_only_parts_of_the_day_that_the_clinic_works_are_asked_about(client, ana):
    def parts():
        return re.findall(r'name="parts" value="(\w+)"', client.get(WITHOUT).content.decode())

    assert parts() == ["morning", "afternoon"]
    make_therapist("ben-cole", hours="17:00-20:00")
    assert parts() == ["morning", "afternoon", "evening"]
    client.post(WITHOUT, fill(parts="evening"))
    assert wishes() == [(None, "01", False, False, True, None, "open")]
    [entry] = WaitlistEntry.objects.all()
    assert entry.parts_in_words == "5 p.m. or later"


def test_a_failed_form_keeps_what_was_chosen_on_the_way(client, ana):
    chosen = f"{WITHOUT}?visit=initial-consultation&amp;day=friday"
    link = chosen.replace("&amp;", "&")
    for answer in (client.get(link), client.post(link, {})):
        page = answer.content.decode()
        assert f'action="{chosen}"' in page
        assert page.index("No e-mail?") < page.index(">Put me on the list<")


def test_sooner_times_that_are_free_now_are_shown_first(client, booked):
    page = client.get(PAGE).content.decode()

    links = re.findall(r'href="/appointment/move/\?to=([^"]+)"', page)
    assert links == [
        "ana-ruiz/20261127T1900Z",
        "ana-ruiz/20261127T1945Z",
        "ana-ruiz/20261127T2030Z",
    ]
    assert "Fri, Nov\N{NO-BREAK SPACE}27, 2:45\N{NO-BREAK SPACE}p.m.<small>" in page


def test_without_the_cookie_nothing_is_disclosed_or_done(booked):
    stranger = Client(headers={"host": "127.0.0.1"})

    assert booked.reference not in stranger.get(PAGE).content.decode()
    assert stranger.post(PAGE, CHOICES).status_code == 409
    assert wishes() == []


def test_a_form_about_another_visit_changes_nothing(client, booked):
    answer = client.post(PAGE, CHOICES | {"reference": "XXX-XXX"})

    assert (answer.status_code, wishes()) == (409, [])
    assert "Please look again" in answer.content.decode()


def test_a_visit_that_cannot_be_sooner_says_to_call(client, booked):
    changes.cancel_by_patient(appointment=booked, now=NOW)

    assert "(212) 555-0143" in client.get(PAGE).content.decode()
    answer = client.post(PAGE, CHOICES)
    assert (answer.status_code, wishes()) == (409, [])


def test_a_stale_form_is_asked_again(booked):
    browser = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    browser.get(f"/m/{tokens.make(booked)}/")
    answer = browser.post(PAGE, CHOICES | {"csrfmiddlewaretoken": "stale"})
    again = Form(answer.content.decode())

    assert (answer.status_code, wishes()) == (403, [])
    assert answer.content.decode().count("checked") == 3
    token = again.values["csrfmiddlewaretoken"]
    assert browser.post(PAGE, CHOICES | {"csrfmiddlewaretoken": token}).status_code == 303


def test_a_get_never_writes(client, booked, django_assert_num_queries):
    wait(booked)
    with django_assert_num_queries(9) as context:
        client.get(PAGE)
    assert all(query["sql"].lstrip("(").startswith("SELECT") for query in context.captured_queries)


def fill(**changes):
    return CHOICES | CONTACT | changes


def test_the_free_times_lead_to_the_list(client, ana):
    assert f'href="{WITHOUT}"' in client.get("/book/").content.decode()
    assert heading(client.get(WITHOUT)) == "Tell me when a time is free"


DAYS, PARTS = list("01234"), ["morning", "afternoon", "evening"]


@pytest.mark.parametrize(
    ("asked", "checked"),
    [
        ({}, [*DAYS, *PARTS, ""]),
        ({"day": "friday", "part": "afternoon"}, ["4", "afternoon", ""]),
        ({"part": "evening"}, [*DAYS, "evening", ""]),
        ({"therapist": "ben-cole", "part": "morning"}, [*DAYS, "morning", "ben-cole"]),
        ({"therapist": "gone", "day": "doomsday", "part": "night"}, [*DAYS, *PARTS, ""]),
    ],
)
def test_all_is_ticked_but_for_what_narrowed_the_free_times(client, ana, asked, checked):
    make_therapist("ben-cole", hours="12:00-20:00")
    page = client.get(WITHOUT, asked).content.decode()

    boxes = [tag for tag in re.findall("<input[^>]+>", page) if " checked" in tag]
    values = [re.search('value="([^"]*)"', tag)[1] for tag in boxes]
    assert values == checked


@pytest.fixture
def oak(ana):
    """A second place, where Ben treats."""
    place = make_location("oak-avenue", name="Oak Avenue")
    add_hours(make_therapist("ben-cole", hours=""), 0, "9:00-12:00", place)
    return place


@pytest.mark.parametrize(
    ("asked", "checked"), [("oak-avenue", "oak-avenue"), ("", ""), ("mars", "")]
)
def test_the_place_that_was_chosen_is_chosen_already(client, oak, asked, checked):
    page = client.get(WITHOUT, {"location": asked}).content.decode()

    assert places(page) == {"": "", "oak-avenue": "", "willow-street": ""} | {checked: " checked"}


def places(page):
    return dict(re.findall(r'name="location" value="([^"]*)"[^>]*?( checked|)>', page))


def test_a_place_is_kept_and_said_and_may_be_changed(client, oak, booked):
    answer = client.post(PAGE, CHOICES | {"location": "oak-avenue"})
    page = tight(client.get(PAGE).content.decode())
    assert (answer.status_code, WaitlistEntry.objects.get().location) == (303, oak)
    assert "<dt>Where</dt><dd>Oak Avenue</dd>" in page
    assert places(page)["oak-avenue"] == " checked"

    client.post(PAGE, CHOICES | {"location": ""})
    page = client.get(PAGE).content.decode()
    assert (WaitlistEntry.objects.get().location, "<dt>Where</dt>" in page) == (None, False)


@pytest.mark.parametrize("others", [1, 2])
def test_a_place_that_is_gone_is_said_before_the_wish_is_for_any(client, oak, booked, others):
    if others == 2:
        elm = make_location("elm-road", name="Elm Road")
        add_hours(make_therapist("cy-dean", hours=""), 0, "9:00-12:00", elm)
    client.post(PAGE, CHOICES | {"location": "oak-avenue"})
    gone, left = "The place you chose cannot be booked now.", {"": " checked"}
    left |= {"elm-road": "", "willow-street": ""}
    assert gone not in client.get(PAGE).content.decode()
    oak.working_hours.all().delete()

    page = client.get(PAGE).content.decode()
    assert (page.count(gone), places(page)) == (1, left if others == 2 else {})
    client.post(PAGE, Form(page).values | CHOICES)
    page = client.get(PAGE).content.decode()
    assert (WaitlistEntry.objects.get().location, page.count(gone)) == (None, 0)


def test_a_place_is_kept_over_the_emergency_page(client, oak):
    page = client.post(WITHOUT, fill(red_flags="yes", location="oak-avenue")).content.decode()

    assert '<input type="hidden" name="location" value="oak-avenue">' in page


def test_where_there_is_one_place_none_is_asked_for(client, ana):
    assert places(client.get(WITHOUT).content.decode()) == {}
    assert client.post(WITHOUT, fill(location="oak-avenue")).status_code == 303
    assert WaitlistEntry.objects.get().location is None


def test_somebody_whom_no_time_suits_asks_confirms_and_leaves(client, ana):
    form = Form(client.get(WITHOUT).content.decode())
    answers = [client.post(WITHOUT, form.values | fill()) for _time in range(2)]

    [entry] = WaitlistEntry.objects.all()
    assert [(one.status_code, one["Location"]) for one in answers] == [(303, WISH)] * 2
    assert wishes() == [(None, "01", True, False, False, None, "open")]
    assert (entry.name, entry.phone_e164, entry.email) == (
        "Rosa Marquez",
        "+12125550199",
        "rosa@example.org",
    )
    page = client.get(WISH)
    assert (heading(page), page["Cache-Control"]) == ("Please check your e-mail", "no-store")
    browser = Client(headers={"host": "127.0.0.1"})
    assert heading(browser.get(opened(browser, entry))) == "Shall we look for a time for you?"
    assert browser.post(WISH, {"answer": "confirm"}).status_code == 303
    pages = [client.get(WISH), browser.get(WISH)]
    assert [heading(page) for page in pages] == ["You are on the earlier-time list"] * 2
    assert client.post(WISH, {"answer": "leave"}).status_code == 303
    assert wishes()[0][-1] == "open"  # who typed it may have typed anybody's address
    assert "To leave the list, open the link in our e-mail." in pages[0].content.decode()
    assert browser.post(WISH, {"answer": "leave"}).status_code == 303
    assert wishes()[0][-1] == "left"
    assert heading(client.get(WISH)) == "You are not on the list"


def test_who_typed_a_wish_may_take_it_back_until_it_is_confirmed(client, ana):
    client.post(WITHOUT, fill())
    client.post(WISH, {"answer": "leave"})

    assert wishes()[0][-1] == "left"


def test_before_a_wish_takes_the_place_of_another_the_page_says_so(client, ana):
    wait_without_visit()
    stranger = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR="198.51.100.7")
    stranger.post(WITHOUT, fill(weekdays=["4"], phone="(212) 555-0144"))
    said = "this takes the place of what we look for now:"
    assert said not in stranger.get(WISH).content.decode()
    typed = WaitlistEntry.objects.get(confirmed_at=None)
    page = tight(client.get(opened(client, typed)).content.decode())

    assert said in page
    assert page.count("<dt>Days</dt>") == 2
    assert "<dd>Mon, Tue, Wed, Thu, Fri</dd>" in page[page.index(said) :]
    client.post(WISH, {"answer": "leave"})
    assert sorted(row[-1] for row in wishes()) == ["left", "open"]


def test_only_the_link_in_the_email_lets_a_wish_be_confirmed(client, ana):
    client.post(WITHOUT, fill())
    entry = WaitlistEntry.objects.get()
    assert "confirm" not in client.get(WISH).content.decode()
    assert client.post(WISH, {"answer": "confirm"}).status_code == 303
    before = WaitlistEntry.objects.values().get()
    assert before["confirmed_at"] is None

    opened(client, entry)
    client.get(WISH)
    assert WaitlistEntry.objects.values().get() == before
    client.post(WISH, {"answer": "confirm"})
    assert WaitlistEntry.objects.get().confirmed_at == NOW


@pytest.mark.parametrize("value", ["", "{uuid}.mail", "{uuid}.mail:forged"])
def test_without_a_cookie_that_the_site_signed_no_wish_is_shown_or_left(client, ana, value):
    entry = wait_without_visit()
    client.cookies["wish"] = value.format(uuid=entry.uuid.hex)
    page, answer = client.get(WISH), client.post(WISH, {"answer": "leave"})

    assert (page.status_code, answer.status_code) == (200, 409)
    assert "rosa@example.org" not in page.content.decode()
    assert WaitlistEntry.objects.get().state == "open"


def test_a_form_about_another_wish_than_the_one_last_opened_does_nothing(client, ana):
    first, second = wait_without_visit(), wait_without_visit(replace(PATIENT, name="Ben"))
    form = Form(client.get(opened(client, first)).content.decode())
    answer = client.post(opened(client, second), form.values | {"answer": "leave"})

    assert (answer.status_code, {row[-1] for row in wishes()}) == (409, {"open"})


def test_who_types_rosas_name_and_address_takes_nothing_from_her(client, ana):
    """Not by the list's form, and not by a booking that is cancelled again."""
    rosas = wait_without_visit()
    offers.look(NOW)
    stranger = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR="198.51.100.7")
    stranger.post(WITHOUT, fill(weekdays=["4"]))
    visit = book(ana, at("9:30", THURSDAY), patient=replace(PATIENT, email="me@example.net"))
    changes.cancel_by_patient(appointment=visit, now=NOW)
    offers.look(NOW)

    rosas.refresh_from_db()
    assert (rosas.state, rosas.confirmed_at) == ("open", NOW)
    offer = TimeOffer.objects.get()
    assert (offer.entry, offer.state) == (rosas, "open")
    assert OutgoingEmail.objects.filter(wish__isnull=False, wish__confirmed_at=None).count() == 1


def test_who_goes_back_corrects_what_they_typed(client, ana):
    form = Form(client.get(WITHOUT).content.decode())
    client.post(WITHOUT, form.values | fill(email="rosa@exmaple.org"))
    corrected = form.values | fill(weekdays="2")
    for _time in range(2):
        client.post(WITHOUT, corrected)

    assert "rosa@example.org" in client.get(WISH).content.decode()
    rows = WaitlistEntry.objects.order_by("pk").values_list("email", "weekdays", "state")
    assert list(rows) == [
        ("rosa@exmaple.org", "01", "over"),
        ("rosa@example.org", "2", "open"),
    ]
    wrong = WaitlistEntry.objects.get(state="over")
    assert heading(client.get(opened(client, wrong))) == "You are not on the list"


# On PostgreSQL the second of each pair has the first one's small letters and no common capitals.
@pytest.mark.parametrize("names", [("Ann Kim", "ann \u212aim"), ("Eva Weiß", "EVA WEI\u1e9e")])
def test_capitals_do_not_make_another_person(client, ana, names):
    for name in names:
        client.post(WITHOUT, fill(name=name))
    for wish in WaitlistEntry.objects.order_by("pk"):
        opened(client, wish)
        assert client.post(WISH, {"answer": "confirm"}).status_code == 303

    assert [row[-1] for row in wishes()] == ["over", "open"]


def test_an_emergency_sign_comes_before_the_list(client, ana):
    answer = client.post(WITHOUT, fill(red_flags="yes", email=""))

    assert "Call 911" in answer.content.decode()
    assert wishes() == []
    form = Form(client.post(WITHOUT, fill(red_flags="yes")).content.decode())
    assert "red_flags" not in form.values
    back = client.post(WITHOUT, fill(red_flags="", back="1"))
    assert back.status_code == 200
    assert 'value="Rosa Marquez"' in back.content.decode()
    assert back.content.decode().count(" checked") == 3


@pytest.mark.parametrize("missing", ["red_flags", "weekdays", "parts", "name", "phone", "email"])
def test_what_is_missing_is_asked_for_and_the_typing_kept(client, ana, missing):
    answer = client.post(WITHOUT, {k: v for k, v in fill().items() if k != missing})
    page = answer.content.decode()

    assert (answer.status_code, page.count("<title>Error: "), wishes()) == (200, 1, [])
    kept = [value for name, value in CONTACT.items() if name not in (missing, "red_flags")]
    assert [f'value="{value}"' in page for value in kept] == [True] * len(kept)


def test_a_visit_type_that_went_while_the_form_was_open_costs_no_typing(client, ana):
    form = CHOICES | CONTACT | {"visit": "initial-consultation", "key": str(uuid.uuid4())}
    checkup = make_visit_type("checkup", name="Checkup", minutes=30)
    VisitType.objects.exclude(pk=checkup.pk).update(online=False)
    page = client.post(WITHOUT, form)

    html = tight(page.content.decode())
    assert (page.status_code, wishes()) == (409, [])
    assert "What you typed is kept. Send the form to wait for another: Checkup, 30 minutes." in html
    assert all(f'value="{CONTACT[name]}"' in html for name in ("name", "phone", "email"))
    assert re.findall(r'name="(?:weekdays|parts)" value="(\w+)"[^>]*checked', html) == [
        "0",
        "1",
        "morning",
    ]

    visit = re.search(r'name="visit" value="([^"]*)"', html)[1]
    assert client.post(WITHOUT, form | {"visit": visit}).status_code == 303
    assert WaitlistEntry.objects.get().visit_type == checkup


def test_without_any_visit_type_online_the_list_says_to_call(client, ana):
    VisitType.objects.update(online=False)
    page = client.get(WITHOUT)
    posted = client.post(WITHOUT, CHOICES | CONTACT)

    assert (page.status_code, heading(page)) == (200, "Please call us to book")
    assert (posted.status_code, wishes()) == (409, [])
    assert 'value="Rosa Marquez"' in posted.content.decode()
    assert "Call (212) 555-0143 and we will find a time." in posted.content.decode()


def test_the_hourly_limit_holds_for_the_list_too(client, ana, settings):
    settings.BOOKING_LIMIT = 1
    client.post(WITHOUT, fill())
    answer = client.post(WITHOUT, fill(name="Somebody Else"))

    assert (answer.status_code, WaitlistEntry.objects.count()) == (429, 1)
    assert "(212) 555-0143" in answer.content.decode()


def test_one_address_is_put_on_the_list_five_times_an_hour(client, ana):
    others = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR="198.51.100.7")
    answers = []
    for number in range(5):
        answers.append(client.post(WITHOUT, fill(name=f"Rosa {number}")))
        WaitlistEntry.objects.update(confirmed_at=NOW)
    over = others.post(WITHOUT, fill(name="Rosa 5", phone="(212) 555-0111"))

    assert [answer.status_code for answer in (*answers, over)] == [303] * 5 + [429]
    assert OutgoingEmail.objects.filter(kind="wish").count() == 5


def test_a_stale_form_without_a_visit_keeps_the_typing(ana):
    browser = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    answer = browser.post(WITHOUT, fill())

    assert (answer.status_code, wishes()) == (403, [])
    assert 'value="Rosa Marquez"' in answer.content.decode()


def test_unknown_and_old_wishes_answer_alike(client, ana):
    entry = wait_without_visit(PATIENT)
    token = tokens.make(entry)
    with time_machine.travel(NOW + timedelta(days=61), tick=False):
        old = client.get(f"/wish/{token}/")

    assert {old.status_code, client.get(f"/wish/{'x' * 43}/").status_code} == {404}
    assert client.post(f"/wish/{token}/").status_code == 405


@pytest.fixture
def booked_here(client, ana):
    """Thursday's visit, booked in this browser, which has not seen our e-mail."""
    link = f"/book/{ana.slug}/20261203T1430Z/"
    form = Form(client.get(link).content.decode())
    assert client.post(link, form.values | CONTACT).status_code == 303
    return Appointment.objects.get()


def test_who_booked_just_now_is_asked_once_they_come_by_our_email(client, booked_here):
    client.post(PAGE, CHOICES)
    assert heading(client.get(PAGE)) == "One step more for a sooner time"
    client.post(PAGE, {"confirm": "1"})
    assert WaitlistEntry.objects.get().confirmed_at is None
    assert offers.look(NOW) == 0

    client.get(f"/m/{tokens.make(booked_here)}/")
    assert (
        "You asked for a sooner time: one step more" in client.get("/appointment/").content.decode()
    )
    client.post(PAGE, {"confirm": "1"})
    assert WaitlistEntry.objects.get().confirmed_at == NOW
    assert heading(client.get(PAGE)) == "You are on the earlier-time list"
    assert MOVED_ON in client.get("/appointment/").content.decode()


def test_the_cookie_of_who_booked_holds_nothing_that_the_email_has(client, booked_here):
    cookie = client.cookies["appointment"].value

    assert tokens.make(booked_here) not in cookie
    assert booked_here.reference in client.get("/appointment/").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [({}, "That was very fast"), ({"homepage": "x"}, "A hidden field that must stay empty")],
)
def test_a_bot_is_asked_again_and_the_typing_kept(client, ana, settings, changes, words):
    settings.MINIMUM_FILL_SECONDS = 2
    answer = client.post(WITHOUT, fill(**changes))

    page = answer.content.decode()
    assert (words in page, 'value="Rosa Marquez"' in page, wishes()) == (True, True, [])
