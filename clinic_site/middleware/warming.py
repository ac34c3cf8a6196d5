"""Pages that carry warnings are made as a process begins: should the database go away before
anybody has asked for them, it has them to answer with.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.urls import reverse

from clinic_site.middleware.page_cache import SHELF
from conditions.models import Condition

Application = Callable[..., Iterable[bytes]]

TRIES, PAUSE = 30, 10.0  # seconds between them, while the database is away

logger = logging.getLogger(__name__)


def begin(application: Application) -> None:
    """In a thread of its own, so that the process is ready meanwhile; it ends with the process."""
    if settings.PAGE_CACHE_SECONDS > 0:
        threading.Thread(target=keep_trying, args=[application], daemon=True).start()


def keep_trying(application: Application) -> None:
    for _try in range(TRIES):
        if warm(application):
            return
        time.sleep(PAUSE)


def warm(application: Application) -> bool:
    """Whether each of the pages has been made, now or before."""
    try:
        wanted = [path for path in paths() if path not in SHELF.pages]
        for path in wanted:
            ask(application, path)
    except (DatabaseError, InterfaceError):
        return False
    except Exception as error:  # whoever asks for the page is told what is wrong; not this
        logger.error("A page could not be made at the start: %s", type(error).__name__)
        return True
    finally:
        connection.close()
    return all(path in SHELF.pages for path in wanted)


def paths() -> list[str]:
    """The home page, whom to call, and each condition with its warnings. Raises DatabaseError."""
    conditions = Condition.objects.published().values_list("slug", flat=True)
    own = [reverse("home"), reverse("booking:contact"), reverse("conditions:conditions")]
    return [*own, *(reverse("conditions:condition", args=[slug]) for slug in conditions)]


def ask(application: Application, path: str) -> None:
    """As a browser would that asks for the site by its own name."""
    origin = urlsplit(settings.BASE_URL)
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "HTTP_HOST": origin.netloc,
        "HTTP_X_FORWARDED_PROTO": origin.scheme,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": origin.scheme,
    }
    setup_testing_defaults(environ)
    answer = application(environ, lambda status, headers, error=None: None)
    close = getattr(answer, "close", None)
    if close:
        close()
