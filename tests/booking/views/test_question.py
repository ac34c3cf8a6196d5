"""`/contact/question/`: each outcome, as a booking's."""

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client

from booking.models import Enquiry
from tests.booking.views.question_form import PATH, SENT, TYPED, sent
from tests.builders import at

KEPT = TYPED | {"message": "Is there &lt;b&gt;parking&lt;/b&gt;?"}


def rows():
    return list(Enquiry.objects.values_list("name", "message"))


def values(page) -> dict[str, str]:
    """What the form's fields hold."""
    html = page.content.decode()
    found = dict(re.findall(r'<input type="(?:text|tel|email)" name="(\w+)" value="([^"]*)"', html))
    found["message"] = re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", html)[1]
    found["red_flags"] = "".join(re.findall(r'name="red_flags" value="(\w+)"[^>]*checked', html))
    return found


def test_contact_links_to_the_form_and_stays_without_a_cookie(client, ana):
    page = client.get("/contact/")

    assert f'href="{PATH}"' in page.content.decode()
    assert (list(page.cookies), "no-cache" in page["Cache-Control"]) == ([], True)


def test_the_form_asks_for_no_health_and_shows_emergencies_first(client, ana):
    page = client.get(PATH)
    html = page.content.decode()

    assert page["Cache-Control"] == "private, no-cache"
    assert "Please leave out health details" in html
    order = ["emergency-heading", 'name="red_flags"', 'name="name"', 'name="message"']
    places = [html.index(part) for part in order]
    assert places == sorted(places)
    assert values(page) == {"message": "", "red_flags": ""}


def test_a_question_answers_303_with_the_day_of_the_answer(client, ana):
    answer = client.post(PATH, sent())

    assert (answer.status_code, answer["Location"]) == (303, SENT)
    assert rows() == [("Rosa Marquez", "Is there <b>parking</b>?")]
    assert Enquiry.objects.get().due_at == at("17:00")
    html = client.get(SENT).content.decode()
    assert "Monday, November 30, 5\N{NO-BREAK SPACE}p.m. (Eastern time)" in html
    assert "If it is urgent, call (212) 555-0143" in html


def test_the_same_form_twice_is_one_question_and_other_words_are_refused(client, ana):
    form = sent()
    answers = [client.post(PATH, form) for _time in range(2)]
    other = client.post(PATH, form | {"message": "Something else"})

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (other.status_code, "already sent" in other.content.decode()) == (422, True)
    assert "Rosa" not in other.content.decode()
    assert len(rows()) == 1


@pytest.mark.parametrize("checks", [False, True])
def test_a_red_flag_comes_before_every_other_check(ana, checks):
    client = Client(enforce_csrf_checks=checks, headers={"host": "127.0.0.1"})
    page = client.post(PATH, sent(red_flags="yes", email="nonsense", homepage="spam"))

    html = page.content.decode()
    assert (page.status_code, "Call 911" in html) == (200, True)
    assert "We have not sent your question" in html
    assert rows() == []


def test_the_way_back_from_911_keeps_the_typing(client, ana):
    html = client.post(PATH, sent(red_flags="yes")).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    page = client.post(PATH, hidden | {"message": TYPED["message"], "back": "1"})

    assert (page.status_code, values(page)) == (200, KEPT | {"red_flags": ""})


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": " "}, "Enter your name"),
        ({"message": ""}, "Enter your question"),
        ({"message": "x" * 1001}, "Use 1,000 characters or fewer. You typed 1001."),
        ({"email": "", "phone": ""}, "Enter an e-mail address or a telephone number"),
        ({"email": "rosa@"}, "Enter an e-mail address like name@example.com"),
        ({"phone": "12"}, "Enter a telephone number with its area code, like (212) 555-0143"),
        ({"red_flags": ""}, "Say whether any of the emergency signs apply to you"),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_kept(client, ana, changes, error):
    page = client.post(PATH, sent(**changes))

    html = page.content.decode()
    assert page.status_code == 200
    assert "<title>Error: Ask a question" in html
    assert re.findall(r'<li><a href="#[\w-]+">([^<]+)</a>', html) == [error]
    assert {**KEPT, **changes}.items() >= {k: v for k, v in values(page).items() if v}.items()
    assert rows() == []


@pytest.mark.parametrize("changes", [{"email": ""}, {"phone": ""}])
def test_one_way_to_answer_is_enough(client, ana, changes):
    assert client.post(PATH, sent(**changes)).status_code == 303


@pytest.mark.parametrize("obstacle", ["decoy", "soon"])
def test_bots_are_asked_again_and_the_typing_is_kept(client, ana, settings, obstacle):
    settings.MINIMUM_FILL_SECONDS = 2 if obstacle == "soon" else 0
    page = client.post(PATH, sent(homepage="spam" if obstacle == "decoy" else ""))

    assert (page.status_code, values(page)) == (200, KEPT)
    assert "Please send the form once more" in page.content.decode()
    assert rows() == []


def test_over_the_limit_the_typing_is_kept_and_the_telephone_offered(client, ana, settings):
    settings.QUESTION_LIMIT = 1
    assert client.post(PATH, sent()).status_code == 303
    page = client.post(PATH, sent(email="else@example.org", phone=""))

    assert page.status_code == 429
    assert values(page)["message"] == KEPT["message"]
    assert "Call (212) 555-0143 and ask us" in page.content.decode()


def test_a_stale_form_is_shown_again_with_the_typing_and_a_fresh_token(ana):
    client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    page = client.post(PATH, sent())
    assert (page.status_code, values(page)) == (403, KEPT)

    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    assert client.post(PATH, sent(csrfmiddlewaretoken=token)).status_code == 303


def away(execute, *rest):
    raise OperationalError("the connection is lost: Rosa Marquez")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_costs_no_typing(client, ana, caplog):
    form = sent()
    with connection.execute_wrapper(away):
        page = client.post(PATH, form)

    assert (page.status_code, page["Retry-After"]) == (503, "30")
    hidden = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    )
    assert hidden.items() >= (form | {"message": KEPT["message"]}).items()
    assert "Rosa" not in caplog.text
    assert client.post(PATH, form).status_code == 303


def test_the_form_takes_few_queries(client, ana, django_assert_num_queries):
    client.get(PATH)
    with django_assert_num_queries(5):
        client.get(PATH)
