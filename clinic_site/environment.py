"""Where the settings come from: the environment, topped up from `.env`."""

import os
import secrets
from pathlib import Path

import phonenumbers
from django.core.exceptions import ImproperlyConfigured
from dotenv import load_dotenv
from environs import EnvError

TOP = Path(__file__).resolve().parent.parent
# What the settings raise when a variable is wrong; its text is the one sentence to show.
WRONG = (ImproperlyConfigured, EnvError)


def load() -> None:
    """Read `.env` beside manage.py, or the file that `ENV_FILE` names; what is already set wins.

    Called by the entry points (manage.py, wsgi.py, gunicorn's configuration, the launcher) and
    not by the settings, so that tests never see a developer's `.env`.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    try:
        load_dotenv(file())
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{file()} cannot be read as a text in UTF-8.") from error
    try:
        var_dir().mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise ImproperlyConfigured(
            f"VAR_DIR must be a folder of the site's own ({reason})."
        ) from error


def var_dir() -> Path:
    """Where the site keeps its files."""
    return Path(os.environ.get("VAR_DIR") or TOP / "var").resolve()


def file() -> Path:
    return Path(os.environ.get("ENV_FILE") or TOP / ".env")


def write_for_demo() -> None:
    """Write `.env` for the demo clinic, for its owner's eyes alone, unless there is one."""
    try:
        descriptor = os.open(file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with open(descriptor, "w") as env:
        env.write(
            f"# The demo clinic. `.env.example` tells of every setting.\nDEMO=1\n"
            f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        )


def tel_link(phone: str, country: str) -> str:
    """`tel:` address of a telephone number as the clinic writes it, in E.164 where it can be."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return "tel:" + "".join(ch for ch in phone if ch.isdigit() or ch == "+")
    return "tel:" + phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
