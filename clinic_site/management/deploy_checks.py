"""What only a live clinic must not have, for `check --deploy`; none of it stops a start."""

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from clinic_site import environment

# As `.env.example` has them: that file may not be where the code runs.
EXAMPLE_NAME, EXAMPLE_PHONE = "Willow Street Physical Therapy", "(212) 555-0143"
EXAMPLE_COUNTRY = "US"
RESERVED = ".example"  # nobody's, ever (RFC 2606)


def check_own_clinic(**kwargs: Any) -> list[CheckMessage]:
    """An error for each setting that is still the example's, and for e-mail that goes nowhere."""
    if settings.DEMO:
        return []
    return [Error(text, id=f"clinic.E{number:03}") for number, text in _amiss()]


def _amiss() -> Iterator[tuple[int, str]]:
    if settings.CLINIC_NAME == EXAMPLE_NAME:
        yield 1, "CLINIC_NAME is the example's: set your clinic's own."
    if _is_example_number(settings.CLINIC_PHONE):
        yield 2, "CLINIC_PHONE is the example's: set your clinic's own."
    for number, (name, host) in enumerate(_hosts().items(), 3):
        if f".{host}".endswith(RESERVED):
            yield number, f"{name} is the example's ({host}): set your clinic's own."
    if settings.EMAIL_BACKEND == "booking.messages.files.EmailBackend":
        yield 7, "E-mail goes to files, and to nobody: set EMAIL_URL to your mail server."


def _is_example_number(own: str) -> bool:
    """However it is written; the example's is read as one of its own country, and of ours."""
    dialed = environment.tel_link(own, settings.CLINIC_COUNTRY)
    countries = [EXAMPLE_COUNTRY, settings.CLINIC_COUNTRY]
    return dialed in [environment.tel_link(EXAMPLE_PHONE, country) for country in countries]


def _hosts() -> dict[str, str]:
    """The hosts that settings name, in small letters."""
    smtp = settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    named = {
        "DEFAULT_FROM_EMAIL": parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2],
        "FRONT_DESK_EMAIL": settings.FRONT_DESK_EMAIL.rpartition("@")[2],
        "EMAIL_URL": settings.EMAIL_HOST if smtp else "",
        "BASE_URL": urlsplit(settings.BASE_URL).hostname or "",
    }
    return {name: host.lower().rstrip(".") for name, host in named.items()}


class ClinicSiteConfig(AppConfig):
    name = "clinic_site"

    def ready(self) -> None:
        register(check_own_clinic, Tags.security, deploy=True)
