"""What only a live clinic must not have, for `check --deploy`; none of it stops a start.

The database is asked where it is named, as Django's own checks of it do (`--database default`).
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from booking.wording import mail_address
from clinic_site import encrypted, environment

# As `.env.example` has them: that file may not be where the code runs.
EXAMPLE_NAME, EXAMPLE_PHONE = "Willow Street Physical Therapy", "(212) 555-0143"
EXAMPLE_COUNTRY = "US"
WEAK = ("disable", "allow", "prefer")
RESERVED = ".example"  # nobody's, ever (RFC 2606)


def check_own_clinic(
    databases: Iterable[str] | None = None, **kwargs: Any
) -> Iterable[CheckMessage]:
    """An error for each setting that is still the example's, for e-mail that goes nowhere, and for
    what pages show of the clinic; of its name what pages show, where a database answers.
    """
    if settings.DEMO:
        return []
    errors = [Error(text, id=f"clinic.E{number:03}") for number, text in _amiss()]
    row = _row() if DEFAULT_DB_ALIAS in (databases or ()) else None
    return [*(_of_row(row) if row else _of_setting()), *errors, *_in_the_clear()]


def _row() -> Any:
    """What staff have chosen; None while no database answers, or has none."""
    try:
        # By its name: the app is made here before there are models.
        return apps.get_model("booking", "Clinic").objects.first()
    except DatabaseError:
        return None


def _of_setting() -> Iterator[CheckMessage]:
    if settings.CLINIC_NAME == EXAMPLE_NAME:
        yield Error("CLINIC_NAME is the example's: set your clinic's own.", id="clinic.E001")


def _of_row(row: Any) -> Iterator[CheckMessage]:
    where = 'in the admin, under "Name and look"'
    if row.name == EXAMPLE_NAME:
        yield Error(f"Pages show the example's name: set your clinic's {where}.", id="clinic.E001")
    elif settings.CLINIC_NAME == EXAMPLE_NAME:
        yield Warning(
            "CLINIC_NAME is the example's: it is shown while the database is away.",
            id="clinic.W001",
        )
    if (row.style, row.colour) != row.shown_look:
        yield Error(
            f"Pages cannot show the stored look ({row.style}, {row.colour}), and take that of the"
            f" settings: choose another {where}.",
            id="clinic.E008",
        )


def _amiss() -> Iterator[tuple[int, str]]:
    if _is_example_number(settings.CLINIC_PHONE):
        yield 2, "CLINIC_PHONE is the example's: set your clinic's own."
    for number, (name, host) in enumerate(_hosts().items(), 3):
        if f".{host}".endswith(RESERVED):
            yield number, f"{name} is the example's ({host}): set your clinic's own."
    if settings.EMAIL_BACKEND == "booking.messages.files.EmailBackend":
        yield 7, "E-mail goes to files, and to nobody: set EMAIL_URL to your mail server."


def _in_the_clear() -> Iterator[CheckMessage]:
    """What leaves this machine for anybody on the way to read, because a setting says so."""
    host = _hosts()["EMAIL_URL"]
    is_plain = host and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
    if is_plain and not encrypted.is_here(host):
        yield Warning("E-mail leaves unencrypted: EMAIL_URL says tls=0.", id="clinic.W002")
    database = settings.DATABASES[DEFAULT_DB_ALIAS]
    mode = database.get("OPTIONS", {}).get("sslmode", "")
    if mode in WEAK and not encrypted.database_is_here(database):
        text = f"The database's connection may be unencrypted: DATABASE_URL says sslmode={mode}."
        yield Warning(text, id="clinic.W003")


def _is_example_number(own: str) -> bool:
    """However it is written; the example's is read as one of its own country, and of ours."""
    dialed = environment.tel_link(own, settings.CLINIC_COUNTRY)
    countries = [EXAMPLE_COUNTRY, settings.CLINIC_COUNTRY]
    return dialed in [environment.tel_link(EXAMPLE_PHONE, country) for country in countries]


def _hosts() -> dict[str, str]:
    """The hosts that settings name, in small letters."""
    smtp = settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    named = {
        "DEFAULT_FROM_EMAIL": mail_address().rpartition("@")[2],
        "FRONT_DESK_EMAIL": settings.FRONT_DESK_EMAIL.rpartition("@")[2],
        "EMAIL_URL": settings.EMAIL_HOST if smtp else "",
        "BASE_URL": urlsplit(settings.BASE_URL).hostname or "",
    }
    return {name: host.lower().rstrip(".") for name, host in named.items()}


class ClinicSiteConfig(AppConfig):
    name = "clinic_site"

    def ready(self) -> None:
        register(check_own_clinic, Tags.security, deploy=True)
