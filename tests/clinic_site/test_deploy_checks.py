"""That a clinic does not go live under the example's name, and mails somebody."""

import os
import shutil
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from dotenv import dotenv_values

from clinic_site.environment import TOP
from clinic_site.management import deploy_checks

pytestmark = pytest.mark.only("sqlite")  # nothing here asks a database

OWN = {
    "DEMO": False,
    "CLINIC_NAME": "Oak Avenue Physical Therapy",
    "CLINIC_PHONE": "(212) 555-0188",
    "DEFAULT_FROM_EMAIL": "Oak Avenue <desk@oak-avenue.test>",
    "FRONT_DESK_EMAIL": "desk@oak-avenue.test",
    "BASE_URL": "https://www.oak-avenue.test",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "mail.oak-avenue.test",
}


def amiss(settings, **changes):
    """What `check --deploy` says of the clinic's own settings with these changed."""
    for name, value in (OWN | changes).items():
        setattr(settings, name, value)
    found = run_checks(include_deployment_checks=True, tags=["security"])
    return [each.msg for each in found if each.id.startswith("clinic.") and each.is_serious()]


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
