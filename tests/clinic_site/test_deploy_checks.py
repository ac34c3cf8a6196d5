"""That a clinic does not go live under the example's name, and mails somebody."""

import os
import shutil
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from dotenv import dotenv_values

from booking.models import Clinic
from clinic_site.environment import TOP
from clinic_site.management import deploy_checks

OWN = {
    "DEMO": False,
    "CLINIC_NAME": "Oak Avenue Physical Therapy",
    "CLINIC_PHONE": "(212) 555-0188",
    "DEFAULT_FROM_EMAIL": "Oak Avenue <desk@oak-avenue.test>",
    "FRONT_DESK_EMAIL": "desk@oak-avenue.test",
    "BASE_URL": "https://www.oak-avenue.test",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "mail.oak-avenue.test",
    "EMAIL_USE_TLS": True,
}


def told(settings, databases=None, **changes):
    """What `check --deploy` says of the clinic with these settings changed: words by code."""
    for name, value in (OWN | changes).items():
        setattr(settings, name, value)
    found = run_checks(include_deployment_checks=True, tags=["security"], databases=databases)
    return {each.id: each.msg for each in found if each.id.startswith("clinic.")}


def amiss(settings, **changes):
    """The same in words alone."""
    return list(told(settings, **changes).values())


def test_clinic_of_its_own_is_not_amiss(settings):
    assert amiss(settings) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CLINIC_NAME", "Willow Street Physical Therapy", "CLINIC_NAME is the example's"),
        ("CLINIC_PHONE", "(212) 555-0143", "CLINIC_PHONE is the example's"),
        ("CLINIC_PHONE", "2125550143", "CLINIC_PHONE is the example's"),
        ("CLINIC_PHONE", "+1 212.555.0143", "CLINIC_PHONE is the example's"),
        ("DEFAULT_FROM_EMAIL", "front-desk@clinic.example", "DEFAULT_FROM_EMAIL is the example's"),
        ("DEFAULT_FROM_EMAIL", "Oak <desk@Clinic.Example>", "DEFAULT_FROM_EMAIL is the example's"),
        ("FRONT_DESK_EMAIL", "front-desk@clinic.example", "FRONT_DESK_EMAIL is the example's"),
        ("EMAIL_HOST", "mail.clinic.example", "EMAIL_URL is the example's"),
        ("BASE_URL", "https://www.clinic.example", "BASE_URL is the example's"),
        ("EMAIL_BACKEND", "booking.messages.files.EmailBackend", "E-mail goes to files"),
    ],
)
def test_placeholder_is_an_error_of_a_live_clinic_alone(settings, name, value, sentence):
    said = amiss(settings, **{name: value})

    assert [text.startswith(sentence) for text in said] == [True]
    assert amiss(settings, **{name: value}, DEMO=True) == []


def test_placeholder_s_number_is_known_in_another_country_too(settings):
    said = [
        amiss(settings, CLINIC_PHONE=number, CLINIC_COUNTRY="DE")
        for number in ("(212) 555-0143", "+12125550143", "030 901820")
    ]

    assert [len(each) for each in said] == [1, 1, 0]


def test_placeholders_are_those_that_the_settings_file_begins_with():
    example = dotenv_values(TOP / ".env.example")
    assert example["CLINIC_NAME"] == deploy_checks.EXAMPLE_NAME
    assert example["CLINIC_PHONE"] == deploy_checks.EXAMPLE_PHONE


def test_check_needs_no_file_beside_the_code(tmp_path):
    """Asked in a process of its own, of a copy of the code alone."""
    for room in ("booking", "clinic_site", "conditions"):
        shutil.copytree(TOP / room, tmp_path / room)
    shutil.copy(TOP / "manage.py", tmp_path)
    for folder in ("templates", "static"):
        (tmp_path / folder).symlink_to(TOP / folder)
    asked = {"SECRET_KEY": "k" * 50, "CLINIC_NAME": deploy_checks.EXAMPLE_NAME}
    asked |= {"PATH": os.environ["PATH"], "BASE_URL": OWN["BASE_URL"], "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "check", "--deploy"]
    ran = subprocess.run(command, cwd=tmp_path, env=asked, capture_output=True, text=True)

    assert "CLINIC_NAME is the example's: set your clinic's own." in ran.stderr
    assert "CLINIC_PHONE is the example's: set your clinic's own." in ran.stderr


def test_start_is_never_stopped_by_them(settings):
    for name, value in OWN.items():
        setattr(settings, name, value)
    settings.CLINIC_NAME = "Willow Street Physical Therapy"

    assert [each for each in run_checks() if (each.id or "").startswith("clinic.")] == []


OF_SETTING = {"clinic.E001": "CLINIC_NAME is the example's: set your clinic's own."}
WHILE_AWAY = {
    "clinic.W001": "CLINIC_NAME is the example's: it is shown while the database is away."
}
OF_ROW = {
    "clinic.E001": "Pages show the example's name: set your clinic's in the admin, under"
    ' "Name and look".'
}


@pytest.mark.parametrize(
    ("row", "setting", "asked", "unasked"),
    [
        ("Oak Avenue", deploy_checks.EXAMPLE_NAME, WHILE_AWAY, OF_SETTING),
        (deploy_checks.EXAMPLE_NAME, "Oak Avenue", OF_ROW, {}),
        (deploy_checks.EXAMPLE_NAME, deploy_checks.EXAMPLE_NAME, OF_ROW, OF_SETTING),
        ("Oak Avenue", "Oak Avenue", {}, {}),
        (None, "Oak Avenue", {}, {}),
        (None, deploy_checks.EXAMPLE_NAME, OF_SETTING, OF_SETTING),
    ],
)
def test_the_name_is_looked_at_where_pages_take_it_from(db, settings, row, setting, asked, unasked):
    Clinic.objects.update(name=row) if row else Clinic.objects.all().delete()

    assert told(settings, ["default"], CLINIC_NAME=setting) == asked
    assert told(settings, CLINIC_NAME=setting) == unasked
    assert told(settings, ["default"], CLINIC_NAME=setting, DEMO=True) == {}


def test_a_database_without_the_row_s_table_is_no_reason_to_fail(db, settings):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE booking_clinic RENAME TO elsewhere")

    assert told(settings, ["default"], CLINIC_NAME=deploy_checks.EXAMPLE_NAME) == OF_SETTING


def test_a_stored_look_that_pages_cannot_show_is_told(db, settings):
    Clinic.objects.update(name="Oak Avenue", colour="#ffcc00")

    assert told(settings, ["default"]) == {
        "clinic.E008": "Pages cannot show the stored look (calm, #ffcc00), and take that of the"
        ' settings: choose another in the admin, under "Name and look".'
    }


def test_the_command_tells_of_the_row_where_the_database_is_named(db, settings):
    Clinic.objects.update(name=deploy_checks.EXAMPLE_NAME)
    for name, value in OWN.items():
        setattr(settings, name, value)

    with pytest.raises(SystemCheckError, match="Pages show the example's name"):
        call_command("check", deploy=True, databases=["default"])
    call_command("check", databases=["default"])  # as `migrate` does, which must not stop
