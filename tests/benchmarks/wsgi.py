"""What is measured, as gunicorn serves it: the site, and views behind Django's own middleware."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings

from clinic_site.wsgi import application as _ready  # noqa: F401 - sets Django up

DEFAULT_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = Path(__file__).parent / "templates"

settings.ROOT_URLCONF = "tests.benchmarks.urls"
settings.TEMPLATES[0]["DIRS"].append(TEMPLATES)
site = WSGIHandler()
with override_settings(MIDDLEWARE=DEFAULT_MIDDLEWARE):
    alone = WSGIHandler()


def application(
    environ: dict[str, object], start_response: Callable[..., object]
) -> Iterable[bytes]:
    """The site, Django alone for bare and plain, or at `/bench/seconds/` the CPU time so far."""
    path = str(environ["PATH_INFO"])
    if path == "/bench/seconds/":
        start_response("200 OK", [("Content-Length", "20")])
        return [f"{time.process_time():020.9f}".encode()]
    theirs = path.startswith(("/bench/bare/", "/bench/plain/"))
    return (alone if theirs else site)(environ, start_response)
