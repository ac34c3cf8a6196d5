"""Details and booking: each outcome of the contract's table."""

import re

import pytest
from django.test import Client

from booking.models import Appointment, OutgoingEmail, VisitType
from booking.visits import changes, tokens
from conditions.models import UrgencyLine
from tests.booking.views.details_form import KEPT, TYPED, address, rows, sent, values
from tests.builders import NOW, at, book, make_therapist, make_visit_type
from tests.reading import tight


def test_the_address_names_the_instant_in_utc(ana):
    assert address() == "/book/ana-ruiz/20261130T1430Z/"


def test_the_details_page_shows_the_visit_and_an_empty_form(client, ana):
    page = client.get(address())

    assert page.status_code == 200
    assert values(page) == {"reason": "", "red_flags": ""}
    assert page["Cache-Control"] == "private, no-cache"
    for text in [
        "Monday, November 30, 9:30\N{NO-BREAK SPACE}a.m.",
        "45 minutes",
        "Ana Ruiz",
        "12 Willow Street",
    ]:
        assert text in page.content.decode()


def test_the_visit_stands_over_the_form(client, ana):
    html = client.get(address()).content.decode()

    assert html.count('aria-label="Your visit"') == 1
    assert html.index("<h1>") < html.index('aria-label="Your visit"') < html.index('id="typed"')


def test_the_emergency_list_stands_before_its_question(client, ana):
    UrgencyLine.objects.create(
        level="emergency", text="you cannot pass urine", state="example", slug="urine"
    )
    html = client.get(address()).content.decode()

    assert 0 < html.index("you cannot pass urine") < html.index('name="red_flags"')


def test_without_a_published_list_the_question_still_stands_under_a_warning(client, ana):
    html = tight(client.get(address()).content.decode())
    card = re.search(r'<h2 id="emergency-heading">(.*?)</h2>(.*?)</section>', html)

    assert (card[1], re.findall("<li>(.*?)</li>", card[2])) == (
        "Call 911 or go to an emergency room now if:",
        ["you may be having an emergency"],
    )


def test_a_booking_answers_303_with_the_cookie_of_its_appointment(client, ana):
    answer = client.post(address(), sent())

    appointment = Appointment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, "/appointment/")
    assert rows() == [("Rosa Marquez", at("9:30"), "booked")]
    assert (appointment.phone, appointment.phone_e164) == ("(212) 555-0199", "+12125550199")
    assert (appointment.reason, appointment.payment) == ("My back <b>hurts</b>", "self-pay")
    cookie = answer.cookies["appointment"]
    assert cookie.value.startswith(f"{appointment.uuid.hex}.1:")
    assert tokens.make(appointment) not in cookie.value  # which our e-mail alone has
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        "/",
        True,
        "Lax",
        "",
    )
    assert "no-store" in answer["Cache-Control"]


def test_the_same_form_twice_books_once(client, ana):
    form = sent()
    answers = [client.post(address(), form) for _time in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert len({answer.cookies["appointment"].value for answer in answers}) == 1
    assert rows() == [("Rosa Marquez", at("9:30"), "booked")]
    assert OutgoingEmail.objects.count() == 1


def test_the_same_key_with_other_content_discloses_nothing(client, ana):
    form = sent()
    client.post(address(), form)
    answer = Client(headers={"host": "127.0.0.1"}).post(address("11:00"), form)

    assert answer.status_code == 422
    assert 'href="/appointment/"' in answer.content.decode()
    assert "Rosa" not in answer.content.decode()
    assert answer.cookies.get("appointment") is None
    assert rows() == [("Rosa Marquez", at("9:30"), "booked")]


@pytest.mark.parametrize("client_checks_csrf", [False, True])
def test_a_red_flag_comes_before_every_other_check(ana, client_checks_csrf):
    client = Client(enforce_csrf_checks=client_checks_csrf, headers={"host": "127.0.0.1"})
    answer = client.post(address("8:00"), sent(red_flags="yes", email="nonsense"))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Call 911" in html
    assert 'name="name" value="Rosa Marquez"' in html
    assert rows() == []


def test_the_way_back_from_911_keeps_the_typing(client, ana):
    html = client.post(address(), sent(red_flags="yes")).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    hidden["reason"] = TYPED["reason"]
    page = client.post(address(), hidden | {"back": "1"})

    assert page.status_code == 200
    assert values(page) == KEPT | {"red_flags": ""}
    assert rows() == []


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", "", "Enter the name of the person coming"),
        ("name", "-", "Enter the name of the person coming"),
        ("phone", "0000000000", "Enter a telephone number with its area code, like (212) 555-0143"),
        ("phone", "12", "Enter a telephone number with its area code, like (212) 555-0143"),
        ("email", "rosa@", "Enter an e-mail address like name@example.com"),
        ("email", "", "Enter an e-mail address, or call us to book without one"),
        ("red_flags", "", "Say whether any of the emergency signs apply to you"),
        ("red_flags", "maybe", "Say whether any of the emergency signs apply to you"),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_kept(client, ana, field, value, error):
    page = client.post(address(), sent(**{field: value}))

    html = page.content.decode()
    assert page.status_code == 200
    assert "<title>Error: Your details" in html
    assert f">{error}</a>" in html
    kept = KEPT | ({field: value} if value != "maybe" else {field: ""})
    assert values(page) == {k: v for k, v in kept.items() if v or k in ("reason", "red_flags")}
    assert rows() == []


def test_a_line_break_counts_as_one_character(client, ana):
    page = client.post(address(), sent(reason="a\r\n" * 251))
    assert "Use 500 characters or fewer. You typed 501." in page.content.decode()
    assert client.post(address(), sent(reason="a\r\n" * 249 + "ab")).status_code == 303
    assert Appointment.objects.get().reason == "a\n" * 249 + "ab"


def test_a_name_is_one_line(client, ana):
    client.post(address(), sent(name=" Rosa\r\nBcc:  x@example.org "))
    assert rows() == [("Rosa Bcc: x@example.org", at("9:30"), "booked")]


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\u3164", "\u00ad", "\u202e", "\u200d", "."])
def test_a_name_that_nobody_can_see_is_asked_for(client, ana, sign):
    page = client.post(address(), sent(name=sign))

    assert page.status_code == 200
    assert ">Enter the name of the person coming</a>" in page.content.decode()
    assert rows() == []


def test_what_cannot_be_seen_makes_nobody_somebody_else(client, ana, settings):
    settings.OPEN_BOOKINGS_LIMIT = 1
    assert client.post(address("9:00"), sent()).status_code == 303
    client.cookies.clear()
    assert client.post(address("10:00"), sent(name="Ro\u200dsa\u2060 Marquez")).status_code == 429
    assert rows() == [("Rosa Marquez", at("9:00"), "booked")]


def test_a_broken_key_is_no_dead_end(client, ana):
    assert client.post(address(), sent(key="nonsense")).status_code == 303


def test_a_time_that_is_gone_keeps_the_typing_and_offers_the_nearest(client, ana):
    book(ana, at("9:30"))
    make_therapist("ben-cole", hours="9:00-10:30")
    page = client.post(address(), sent())

    html = page.content.decode()
    assert page.status_code == 409
    assert re.findall(r'formaction="([^"]+)"', html) == [
        address("9:00", "ben-cole"),
        address("9:45", "ben-cole"),
        address("10:15"),
    ]
    assert values(page) == KEPT
    assert len(rows()) == 1


def test_enter_books_nothing_even_where_the_time_is_free_again(client, ana):
    other = book(ana, at("9:30"))
    html = client.post(address(), sent()).content.decode()
    form = html.split('<form method="post"')[1]
    first = re.search(r"<button[^>]*>", form)[0]
    assert 'name="look"' in first
    assert "formaction" not in first
    changes.cancel_by_desk(appointment=other, now=NOW)
    page = client.post(address(), sent(look="1"))

    assert (page.status_code, values(page)) == (200, KEPT)
    assert rows() == [("Rosa Marquez", at("9:30"), "cancelled")]


def test_enter_on_a_red_flag_still_says_911(client, ana):
    assert "Call 911" in client.post(address(), sent(look="1", red_flags="yes")).content.decode()


def test_without_any_free_time_the_typing_is_kept_and_the_telephone_offered(client, ana):
    ana.online_booking = False
    ana.save()
    page = client.post(address(), sent())

    assert (page.status_code, values(page)) == (409, KEPT)
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    assert "There are no free times online right now." in main
    assert "Choose another time" not in main
    assert "Call (212) 555-0143" in main


def test_the_key_of_a_lost_time_still_books_another(client, ana):
    book(ana, at("9:30"))
    form = sent(name="Second Patient")
    assert client.post(address(), form).status_code == 409
    assert client.post(address("10:15"), form).status_code == 303

    assert rows() == [
        ("Rosa Marquez", at("9:30"), "booked"),
        ("Second Patient", at("10:15"), "booked"),
    ]


def test_who_goes_back_from_the_proof_is_told_that_the_time_is_theirs(client, ana):
    client.post(address(), sent())
    page = client.get(f"{address()}?for=back-pain&visit=initial-consultation")

    html = page.content.decode().split("<main")[1]
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert "<h1>You have booked this time</h1>" in html
    assert (
        "Monday, November 30, 9:30\N{NO-BREAK SPACE}a.m. with Ana Ruiz, PT, DPT is yours." in html
    )
    assert re.findall(r'class="button[^"]*" href="([^"]+)"', html) == [
        "/book/?visit=initial-consultation&amp;for=back-pain",
    ]
    assert f'name="reference" value="{Appointment.objects.get().reference}"' in html
    assert "Rosa" not in html


def test_another_form_for_ones_own_time_keeps_the_typing_and_says_whose_it_is(client, ana):
    client.post(address(), sent())
    page = client.post(address(), sent(name="Ben Marquez"))

    assert (page.status_code, values(page)) == (409, KEPT | {"name": "Ben Marquez"})
    assert "You have booked this time already." in page.content.decode()
    assert rows() == [("Rosa Marquez", at("9:30"), "booked")]


def test_the_time_of_a_visit_that_was_cancelled_or_of_others_is_not_theirs(client, ana):
    client.post(address(), sent())
    stranger = Client(headers={"host": "127.0.0.1"})
    assert stranger.get(address()).status_code == 409
    assert client.get(address("9:15")).status_code == 409  # part of their visit, not its start

    changes.cancel_by_patient(appointment=Appointment.objects.get(), now=NOW)
    assert "<h1>Your details</h1>" in tight(client.get(address()).content.decode())
    book(ana, at("9:30"))
    assert client.get(address()).status_code == 409


@pytest.mark.parametrize("wall", ["9:05", "8:00", "12:15", "16:30"])
def test_a_time_that_is_not_offered_answers_409_with_links(client, ana, wall):
    page = client.get(address(wall))

    assert page.status_code == 409
    assert (
        len(re.findall(r'<li><a href="/book/ana-ruiz/\d{8}T\d{4}Z/"', page.content.decode())) == 3
    )


@pytest.mark.parametrize(
    "path",
    [
        "/book/nobody/20261130T1430Z/",
        "/book/ana-ruiz/20261130T2530Z/",
        "/book/ana-ruiz/20261131T1430Z/",
        "/book/ana-ruiz/tomorrow/",
        "/book/ana-ruiz/00000000T0000Z/",
        "/book/ana-ruiz/00010101T0000Z/",
        "/book/ana-ruiz/99991231T2359Z/",
    ],
)
def test_a_malformed_time_or_unknown_name_is_404(client, ana, path):
    assert client.get(path).status_code == 404
    assert client.post(path, sent()).status_code == 404


GONE = "We do not offer the visit that you chose online now."
WENT = [{"online": False}, {"active": False}, {"slug": "first-visit"}]


@pytest.mark.parametrize("changes", WENT)
def test_a_visit_type_that_went_while_the_form_was_open_costs_no_typing(client, ana, changes):
    other = {"name": "Checkup", "minutes": 30}
    make_visit_type("checkup", **other)
    VisitType.objects.filter(slug="initial-consultation").update(**changes)
    VisitType.objects.filter(slug="first-visit").update(online=False)
    form = sent()
    page = client.post(address(), form)

    html = tight(page.content.decode())
    assert (page.status_code, values(page), rows()) == (409, KEPT, [])
    assert "<h1>That visit cannot be booked online</h1>" in html
    assert f"{GONE} These are times for another: Checkup, 30 minutes. What you typed" in html
    assert "(212) 555-0143" in html
    assert 'href="/book/"' in html.split("<main")[1]  # without the visit that is gone
    nearest = re.findall(r'formaction="([^"]+)"', html)
    assert nearest == [address("9:00"), address(), address("10:00")]

    visit = re.search(r'name="visit" value="([^"]*)"', html)[1]
    assert client.post(nearest[1], form | {"visit": visit}).status_code == 303
    assert Appointment.objects.get().visit_type.slug == "checkup"


def test_without_any_visit_type_online_the_typing_is_kept_and_the_telephone_offered(client, ana):
    VisitType.objects.update(online=False)
    for visit in ["initial-consultation", ""]:
        page = client.post(address(), sent(visit=visit))

        assert (page.status_code, values(page), rows()) == (409, KEPT, [])
        main = page.content.decode().split("<main")[1]
        assert GONE in main
        assert "Call (212) 555-0143" in main
    assert client.get(address()).status_code == 409


@pytest.mark.parametrize("changes", WENT)
def test_a_form_sent_again_after_its_visit_type_went_books_nothing_more(client, ana, changes):
    form = sent()
    client.post(address(), form)
    VisitType.objects.update(**changes)
    answer = client.post(address(), form)

    assert answer.status_code == (422 if "slug" in changes else 303)
    assert rows() == [("Rosa Marquez", at("9:30"), "booked")]


def test_a_wrong_field_beside_a_visit_that_went_says_both(client, ana):
    make_visit_type("checkup", name="Checkup", minutes=30)
    page = client.post(address(), sent(visit="old", email="rosa@"))

    assert page.status_code == 409
    assert GONE in page.content.decode()
    assert ">Enter an e-mail address like name@example.com</a>" in page.content.decode()


@pytest.mark.parametrize("visit", ["follow-up", "no-such", "a b"])
def test_an_address_of_a_visit_that_patients_cannot_book_leads_on(client, ana, visit):
    make_visit_type("follow-up", online=False)
    page = client.get(address(), {"visit": visit})

    html = page.content.decode()
    assert page.status_code == 409
    assert GONE in html
    assert len(re.findall(r'<li><a href="/book/ana-ruiz/\d{8}T\d{4}Z/"', html)) == 3


@pytest.mark.parametrize("code", ["19000101T0000Z", "29991231T2359Z"])
def test_times_at_the_ends_of_the_calendar_cannot_be_booked(client, ana, code):
    assert client.get(f"/book/ana-ruiz/{code}/").status_code == 409
    assert client.post(f"/book/ana-ruiz/{code}/", sent()).status_code == 409


def test_a_stale_form_is_shown_again_with_the_typing_and_a_fresh_token(ana):
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    page = client.post(address(), sent())

    assert page.status_code == 403
    assert values(page) == KEPT
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    again = client.post(address(), sent(csrfmiddlewaretoken=token))
    assert again.status_code == 303


def test_over_the_limit_the_typing_is_kept_and_the_telephone_offered(client, ana, settings):
    settings.BOOKING_LIMIT = 1
    assert client.post(address("9:00"), sent()).status_code == 303
    client.cookies.clear()
    page = client.post(address("10:00"), sent())

    assert page.status_code == 429
    assert values(page) == KEPT
    assert "(212) 555-0143" in page.content.decode()
    assert len(rows()) == 1


def test_a_paused_clinic_books_nothing_online(client, ana):
    ana.online_booking = False
    ana.save()

    assert client.get(address()).status_code == 409
    assert client.post(address(), sent()).status_code == 409
    assert rows() == []


def test_a_therapist_who_left_meanwhile_costs_no_typing(client, ana):
    make_therapist("ben-cole")
    form = sent()
    assert client.post(address("13:00"), form).status_code == 303
    ana.active = False
    ana.save()
    page = client.post(address(), sent())

    assert (page.status_code, values(page)) == (409, KEPT)
    assert re.findall(r'formaction="/book/([\w-]+)/', page.content.decode()) == ["ben-cole"] * 3
    assert client.get(address()).status_code == 409
    assert client.post(address("13:00"), form).status_code == 303  # sent once more
    assert len(rows()) == 1


def test_the_price_is_shown_where_there_is_one(client, ana):
    VisitType.objects.update(price="165.00")
    assert "Price if you pay yourself: $165.00" in client.get(address()).content.decode()


@pytest.mark.parametrize("field", ["name", "reason", "email", "phone", "key", "for", "visit"])
@pytest.mark.parametrize("junk", ["\x00", "x" * 200_000, "\r\nBcc: a@b.c", "🙂" * 60, "%s{{7*7}}"])
def test_rubbish_gets_an_answer_and_never_a_5xx(client, ana, field, junk):
    answer = client.post(address(), sent(**{field: junk}))

    assert answer.status_code in (200, 303, 409)


def test_a_booking_page_takes_few_queries_whatever_the_clinic(
    client, ana, django_assert_num_queries
):
    client.get(address())
    with django_assert_num_queries(11):
        client.get(address())
    for number in range(3):
        book(make_therapist(f"other-{number}"), at("9:30"))
    with django_assert_num_queries(11):
        client.get(address())


@pytest.mark.django_db(transaction=True)
def test_a_booking_takes_few_queries_its_transaction_counted(
    client, ana, django_assert_max_num_queries
):
    insured = {"payment": "insurance"}
    client.post(address("9:30"), sent(**insured))  # what a process asks once, it has asked
    with django_assert_max_num_queries(23):  # two for the visit that this browser holds
        answer = client.post(address("13:30"), sent(**insured, name="Rosa's Son"))
    assert answer.status_code == 303

    client.cookies.clear()
    with django_assert_max_num_queries(21):
        answer = client.post(address("15:00"), sent(**insured, name="Rosa's Niece"))
    assert answer.status_code == 303
