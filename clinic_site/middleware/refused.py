"""What a guard refuses is logged: a forged form, too much sent, a limit that was reached. By status
and view alone: nothing that was typed, and nobody's address.
"""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)
WHY = {
    400: "what is no request of ours",
    403: "forged, or not allowed",
    413: "too much at once",
    429: "too often",
}


def log_refused(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Log answers by which a guard says no."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if why := WHY.get(response.status_code):
            match = request.resolver_match
            logger.warning("Refused: %s (%s)", why, match.view_name if match else "no page")
        return response

    return middleware
