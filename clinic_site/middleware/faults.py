"""What is wrong on our side: each fault gets the answer that `booking/faults.py` gives it, and what
no line of that table knows is counted.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from booking.faults import UNKNOWN, fault_of
from clinic_site import errors

Answer = Callable[[HttpRequest], HttpResponse]
DAY = 24 * 3600.0  # seconds
MOST_COUNTED = 1000

logger = logging.getLogger(__name__)


class Unknown:
    """When this process met errors that nobody foresaw: moments alone, nothing of who or what."""

    def __init__(self) -> None:
        self.moments: deque[float] = deque(maxlen=MOST_COUNTED)

    def note(self) -> None:
        self.moments.append(time.monotonic())

    def in_a_day(self) -> int:
        since = time.monotonic() - DAY
        return sum(moment >= since for moment in tuple(self.moments))


UNKNOWN_ERRORS = Unknown()


class FaultsMiddleware:
    """Answers faults of views. Those of other middleware reach `errors.server_error`, and get the
    same; what is unknown goes on there too, after Django has logged where it happened.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            UNKNOWN_ERRORS.note()
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        fault = fault_of(exception)
        if fault is UNKNOWN:
            return None
        # Not the error's words, which may quote a row, nor the address, which may be a secret.
        view = request.resolver_match.view_name if request.resolver_match else ""
        logger.error("%s (%s) in %s", fault.words, type(exception).__name__, view)
        return errors.answer(request, fault)
