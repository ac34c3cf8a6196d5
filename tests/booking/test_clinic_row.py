"""The clinic's name and look: one row, read by every page, e-mail and file."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from booking.messages import emails, ics, kinds
from booking.models import Clinic, OutgoingEmail
from tests.builders import NOW, at, book, make_therapist
from tests.staff import now, sign_in  # noqa: F401

pytestmark = pytest.mark.django_db
# At the top of each page, beside a mark or a logo.
NAME = r'<a class="name" href="/">.*?</svg>\s*(.*?)\s*</a>'
OAK = {"name": "Oak Avenue", "style": "warm", "colour": "#9d174d"}


@pytest.fixture
def oak(db):
    Clinic.objects.update(**OAK)
    return Clinic.objects.get()


def look():
    return Clinic.objects.values("name", "style", "colour").get()


def test_the_row_begins_as_the_settings_say(settings):
    assert look() == {
        "name": settings.CLINIC_NAME,
        "style": settings.CLINIC_STYLE,
        "colour": settings.CLINIC_COLOR,
    }


@pytest.mark.parametrize(
    "row",
    [
        {"pk": 2},
        {"pk": 1, "name": ""},
        {"pk": 1, "style": "loud"},
    ],
)
def test_the_database_takes_one_row_with_a_name_and_a_known_style(row):
    Clinic.objects.filter(pk=row["pk"]).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Clinic.objects.create(**OAK | row)


@pytest.mark.parametrize("name", ["Oak\nAvenue", "Oak\r\nBcc: x@example.org", "Oak\x00"])
def test_a_name_of_several_lines_is_refused(name):
    with pytest.raises(ValidationError) as said:
        Clinic(**OAK | {"pk": 1, "name": name}).clean_fields()

    assert "name" in said.value.message_dict


def test_without_a_row_the_settings_are_taken(client, settings):
    Clinic.objects.all().delete()
    settings.CLINIC_NAME = "Elm Clinic"
    html = client.get("/").content.decode()

    assert re.findall(r"<title>.* – (.*?)</title>", html) == ["Elm Clinic"]


@pytest.mark.parametrize("path", ["/", "/contact/", "/appointment/", "/nowhere/", "/search/"])
def test_pages_name_the_clinic_as_the_row_does(client, oak, path):
    html = client.get(path).content.decode()

    assert re.findall(r"<title>.* – (.*?)</title>", html) == ["Oak Avenue"]
    assert re.findall(NAME, html, re.S) == ["Oak Avenue"]
    assert ("Willow Street" in html, "--brand:#9d174d" in html) == (False, True)


@pytest.mark.parametrize("path", ["/", "/contact/"])
def test_structured_data_names_it_too(client, oak, path):
    assert '"name":"Oak Avenue"' in client.get(path).content.decode()


def test_the_admin_and_the_social_card_follow(client, oak, sign_in):  # noqa: F811
    before = client.get("/card.png").content
    html = sign_in(superuser=True).get("/admin/").content.decode()
    Clinic.objects.update(name="Elm")

    assert '<a href="/admin/">Oak Avenue</a>' in html
    assert re.findall(r'href="(/theme.css[^"]*)"', html) == ["/theme.css?9d174d"]
    assert client.get("/card.png").content != before


def test_the_admins_colour_may_be_kept_under_its_own_address_alone(client, oak):
    kept = {
        query: client.get(f"/theme.css{query}")["Cache-Control"] for query in ["?9d174d", "?0d5752"]
    }

    assert client.get("/theme.css?9d174d").content == b":root{--clinic:#9d174d}\n"
    assert kept == {
        "?9d174d": "public, max-age=31536000, immutable",
        "?0d5752": "public, no-cache",
    }


def test_emails_and_calendar_files_name_it(oak):
    visit = book(make_therapist(), at("9:30"))
    owed = OutgoingEmail.objects.get(kind="confirmation")
    message = kinds.of(owed)
    email = emails.message(message, NOW)
    event = ics.calendar_file(visit, message.clinic.name).decode()

    assert email.from_email.startswith("Oak Avenue <")
    assert "Oak Avenue" in email.subject + email.body
    assert "Willow Street Physical" not in email.subject + email.body + email.alternatives[0][0]
    assert "SUMMARY:Oak Avenue: " in event
    assert 'CN="Oak Avenue"' in event


def test_the_sender_has_the_rows_name_and_the_settings_address(oak, settings):
    settings.DEFAULT_FROM_EMAIL = '"Willow Street PT, Inc." <desk@clinic.example>'
    visit = book(make_therapist(), at("9:30"))
    message = kinds.of(OutgoingEmail.objects.get(kind="confirmation"))
    event = ics.calendar_file(visit, message.clinic.name).decode()

    assert emails.message(message, NOW).from_email == "Oak Avenue <desk@clinic.example>"
    assert "mailto:desk@clinic.example" in event.replace("\r\n ", "")


def test_the_contact_page_gives_the_settings_address_without_its_name(client, settings):
    settings.DEFAULT_FROM_EMAIL = "Willow Street <desk@clinic.example>"
    html = client.get("/contact/").content.decode()

    assert re.findall(r'<a href="(mailto:.*?)">(.*?)</a>', html) == [
        ("mailto:desk@clinic.example", "desk@clinic.example")
    ]


@pytest.mark.parametrize("path", ["/", "/contact/", "/team/", "/nowhere/", "/card.png"])
def test_an_answer_reads_the_row_once(client, oak, path):
    with CaptureQueriesContext(connection) as seen:
        client.get(path)

    assert len([query for query in seen if 'FROM "booking_clinic"' in query["sql"]]) == 1


def test_an_error_page_without_the_row_is_that_of_the_settings(client, oak):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE booking_clinic RENAME TO elsewhere")
    html = client.get("/nowhere/").content.decode()

    assert re.findall(r"<title>.* – (.*?)</title>", html) == ["Willow Street Physical Therapy"]
    assert "--brand:#0d5752" in html
