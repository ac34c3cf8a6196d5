"""A look that cannot be shown is not stored, and where it is, pages do without it."""

import re

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from booking.messages import emails, kinds
from booking.models import Clinic, OutgoingEmail
from tests.builders import NOW, at, book, make_therapist
from tests.staff import now, sign_in  # noqa: F401

pytestmark = pytest.mark.django_db
FAINT = "#ffcc00"  # a color, but one that nobody could read
BEFORE, AFTER = (
    [("booking", "0087_faces_of_therapists")],
    [("booking", "0088_clinic_colour_is_a_colour")],
)


@pytest.mark.parametrize(
    "colour", ["red", "", "#", "#0D5752", "#0d575", "0d57521", "##d5752", "#0d575g", "#0d57 2"]
)
def test_the_database_takes_no_other_color_than_six_digits(colour):
    with pytest.raises(IntegrityError), transaction.atomic():
        Clinic.objects.update(colour=colour)


@pytest.mark.parametrize("path", ["/", "/appointment/", "/nowhere/", "/theme.css", "/card.png"])
def test_pages_show_the_settings_color_where_the_rows_cannot_be_read(client, path):
    usual = client.get(path).content
    Clinic.objects.update(colour=FAINT)

    assert client.get(path).content == usual


def test_emails_do_too():
    Clinic.objects.update(colour=FAINT)
    book(make_therapist(), at("9:30"))
    email = emails.message(kinds.of(OutgoingEmail.objects.get(kind="confirmation")), NOW)
    html = email.alternatives[0][0]

    assert (settings.CLINIC_COLOR in html, FAINT in html) == (True, False)


def test_the_style_stays_where_the_color_alone_cannot_be_read(client):
    Clinic.objects.update(style="warm", colour=FAINT)
    html = client.get("/").content.decode()

    assert re.findall(r"--brand:(#\w+)", html)[0] == settings.CLINIC_COLOR
    assert "figtree" in html


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (("warm", "#9d174d"), ("warm", "#9d174d")),
        (("warm", "red"), ("warm", "#0d5752")),
        (("warm", FAINT), ("warm", "#0d5752")),
        (("loud", "#9d174d"), ("calm", "#0d5752")),
        (("", ""), ("calm", "#0d5752")),
    ],
)
def test_what_cannot_be_shown_gives_way_to_the_settings(stored, shown):
    style, colour = stored

    assert Clinic(style=style, colour=colour).shown_look == shown


def test_a_manager_still_sees_what_is_stored_and_can_mend_it(sign_in):  # noqa: F811
    Clinic.objects.update(colour=FAINT)
    manager = sign_in("Manager")
    form = manager.get("/admin/booking/clinic/1/change/").context["adminform"].form
    manager.post("/admin/booking/clinic/1/change/", form.initial | {"colour": "#9d174d"})

    assert (form.initial["colour"], Clinic.objects.get().colour) == (FAINT, "#9d174d")


@pytest.fixture
def migrated():
    """The clinic's rows as they were before colors were looked at; all comes back at the end."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    try:
        yield (
            MigrationExecutor(connection)
            .loader.project_state(BEFORE)
            .apps.get_model("booking", "Clinic")
            .objects
        )
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("stored", "kept"), [("red", "#0d5752"), ("#9D174D", "#9d174d"), ("#9d174d", "#9d174d")]
)
def test_a_stored_color_that_is_none_is_mended_on_the_way(migrated, stored, kept):
    migrated.update(colour=stored)
    MigrationExecutor(connection).migrate(AFTER)

    assert [row.colour for row in migrated.all()] == [kept]
