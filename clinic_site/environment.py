"""Where the settings come from: the environment, topped up from `.env`."""

import os
from pathlib import Path

import phonenumbers
from dotenv import load_dotenv

TOP = Path(__file__).resolve().parent.parent


def load() -> None:
    """Read `.env` beside manage.py; a variable already in the environment wins.

    Called by the entry points (manage.py, wsgi.py, the launcher) and not by the settings,
    so that tests never see a developer's `.env`.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    load_dotenv(TOP / ".env")


def tel_link(phone: str, country: str) -> str:
    """`tel:` address of a telephone number as the clinic writes it, in E.164 where it can be."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return "tel:" + "".join(ch for ch in phone if ch.isdigit() or ch == "+")
    return "tel:" + phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
