"""Booking for someone else, and what the person coming needs."""

import re

import pytest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from booking.models import Appointment
from booking.visits import tokens
from tests.booking.views.details_form import address, sent
from tests.builders import make_therapist
from tests.reading import tight
from tests.worker import send_due

NEEDS = {
    "booked_by": "Ana  Marquez ",
    "interpreter": "Spanish",
    "wants_gender": "woman",
    "step_free": "on",
}
FOLDED = re.compile(
    r'<details class="more" id="more"( open)?>\s*<summary>For someone else, .*?</details>',
    re.DOTALL,
)


def kept():
    return Appointment.objects.values("name", *NEEDS).get()


def test_who_comes_and_who_books_are_both_named(client, ana):
    assert client.post(address(), sent(**NEEDS)).status_code == 303

    assert kept() == {
        "name": "Rosa Marquez",
        "booked_by": "Ana Marquez",
        "interpreter": "Spanish",
        "wants_gender": "woman",
        "step_free": True,
    }


def test_none_of_it_is_required_and_none_preselected(client, ana):
    page = client.get(address())
    assert FOLDED.search(page.content.decode())[1] is None
    assert client.post(address(), sent()).status_code == 303

    assert kept() == {
        "name": "Rosa Marquez",
        "booked_by": "",
        "interpreter": "",
        "wants_gender": "",
        "step_free": False,
    }


def test_three_fields_and_the_safety_question_are_required(client, ana):
    html = client.post(address(), {}).content.decode()

    assert re.findall(r'<li><a href="#id_(\w+)">', html) == [
        "name",
        "phone",
        "email",
        "red_flags_0",
    ]


ORDER = re.compile(r'name="(name|phone|email|red_flags|booked_by|reason|payment)"|(Book this time)')


def test_over_the_button_a_link_leads_to_what_is_folded_below_it(client, ana):
    form = client.get(address()).content.decode().partition('id="typed"')[2]
    before, _, after = form.partition("Book this time")

    assert 'href="#more"' in before
    assert 'id="more"' in after


def test_who_has_a_sign_can_call_911_in_the_same_box(client, ana):
    html = tight(client.get(address()).content.decode())
    box = re.search(r"</fieldset>(<p>.*?</p>)</div>", html)[1]

    assert box == '<p><a class="button" href="tel:911">Call 911</a></p>'


def test_what_is_required_comes_first_then_the_button_then_the_rest(client, ana):
    found = [name or said for name, said in ORDER.findall(client.get(address()).content.decode())]

    assert list(dict.fromkeys(found)) == [
        *["name", "phone", "email", "red_flags", "Book this time"],
        *["booked_by", "reason", "payment"],
    ]


@pytest.mark.parametrize(
    "told", [{"reason": "my back"}, {"payment": "self-pay"}, {"reason": "x" * 501}]
)
def test_what_is_folded_stands_open_where_it_was_filled(client, ana, told):
    html = client.post(address(), sent(email="rosa@") | told).content.decode()

    assert FOLDED.search(html)[1] == " open"


def test_the_name_has_the_focus_until_something_is_wrong(client, ana):
    first = client.get(address()).content.decode()
    wrong = client.post(address(), {}).content.decode()

    assert re.findall(r'name="(\w+)"[^>]* autofocus', first) == ["name"]
    assert re.findall(r"<(\w+)[^>]* autofocus", wrong) == ["div"]


def test_the_question_is_described_by_the_list_and_never_wrong_before_it_is_answered(client, ana):
    html = client.get(address()).content.decode()
    group = re.search(r'<fieldset\s+id="id_red_flags".*?</fieldset>', html, re.DOTALL)[0]

    assert 'aria-describedby="emergency-signs"' in group
    assert re.findall(r"<input[^>]* required", group) == []
    assert "aria-invalid" not in group


@pytest.mark.parametrize("way", ["a field is wrong", "the time is gone", "back from 911"])
def test_needs_are_kept_on_every_way(client, ana, way):
    if way == "a field is wrong":
        page = client.post(address(), sent(**NEEDS, email="rosa@"))
    elif way == "the time is gone":
        page = client.post(address("8:00"), sent(**NEEDS))
    else:
        call_911 = client.post(address(), sent(**NEEDS, red_flags="yes")).content.decode()
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', call_911)
        page = client.post(address(), {**dict(hidden), "back": "1"})

    html = page.content.decode()
    assert FOLDED.search(html)[1] == " open"
    for part in ['value="Ana  Marquez "', 'value="Spanish"', '"woman" selected', "checked"]:
        assert part in FOLDED.search(html)[0]
    assert Appointment.objects.count() == 0


def test_the_same_key_with_other_needs_is_another_request(client, ana):
    form = sent(**NEEDS)
    again = [
        client.post(address(), form | {"interpreter": language}) for language in ("Spanish", "")
    ]
    first = client.post(address(), form)

    assert [answer.status_code for answer in again] == [303, 422]
    assert first.status_code == 303


def test_a_language_that_is_too_long_is_said_beside_the_field(client, ana):
    page = client.post(address(), sent(interpreter="x" * 61))

    html = page.content.decode()
    assert FOLDED.search(html)[1] == " open"
    assert 'href="#id_interpreter"' in html


def test_nothing_of_it_is_mailed_or_shown_to_whoever_has_the_link(
    client, ana, settings, mailoutbox
):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    client.post(address(), sent(**NEEDS))
    client.get(f"/m/{tokens.make(Appointment.objects.get())}/")
    proof = client.get("/appointment/").content.decode()

    send_due(timezone.now())
    mailed = [message.message().as_string() for message in mailoutbox]

    assert len(mailed) == 2
    found = [word for word in ("Marquez", "Spanish") for text in [proof, *mailed] if word in text]
    assert found == []


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (NEEDS, "For Rosa Marquez, booked by Ana Marquez Where"),
        ({}, "For Rosa Marquez Where"),
    ],
)
def test_the_device_that_booked_shows_for_whom(client, ana, needs, said):
    client.post(address(), sent(**needs))

    assert said in text_of(client.get("/appointment/"))


def test_a_cookie_tells_no_names_by_a_mark_of_its_own_making_or_of_another_visit(client, ana):
    client.post(address("14:00"), sent(**NEEDS))
    typed = client.cookies["appointment"].value.partition(":")[2]
    client.cookies.clear()  # as on another device
    client.post(address(), sent(**NEEDS))
    token = tokens.make(Appointment.objects.latest("pk"))
    other = tokens.make(Appointment.objects.earliest("pk"))
    mark = salted_hmac("booking.views.cookie.typed_here", other, algorithm="sha256").hexdigest()

    told = []
    made_up = ["", ".", f".{token}", f".{mark}", f".{typed}", ".ü"]
    for value in [token + end for end in made_up]:
        client.cookies["appointment"] = value
        page = text_of(client.get("/appointment/"))
        told.append(("Your visit is booked" in page, "Marquez" in page))
    assert told == [(True, False)] * 6


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_somebody_without_email_is_told_to_call(client, ana):
    text = re.sub(r"<[^>]+>", "", client.get(address()).content.decode())

    assert "No e-mail? Call (212) 555-0143 and we will book for you." in text


def test_a_therapists_gender_is_no_public_matter(client, ana):
    make_therapist("ben-cole", gender="man")
    pages = [client.get(path).content.decode() for path in ("/book/", "/team/", "/team/ben-cole/")]

    assert [page for page in pages if re.search(r"\b(a man|gender)\b", page, re.I)] == []
