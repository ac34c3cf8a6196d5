"""What every public form shares: an emergency comes first, no typing is lost, 303 when done."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.functional import Promise

from booking.transactions import is_away

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 30
BACK = "back"  # the button that leads back to the form from "call 911"
NO_DATABASE: dict[str, Any] = {"public_pages": {}}  # for pages that must not ask it


def needs_911(request: HttpRequest) -> bool:
    """Whether somebody said yes to an emergency sign; asked before anything else."""
    return request.POST.get("red_flags") == "yes" and BACK not in request.POST


def call_911(request: HttpRequest, fields: Iterable[str], nothing: str | Promise) -> HttpResponse:
    """Say "call 911". Nothing is stored, logged, or asked of the database.

    `nothing` says what was not done; what was typed in `fields` leads back to the form.
    """
    context = {"typed": typed(request, fields), "back": BACK, "nothing": nothing}
    return render(request, "booking/call_911.html", NO_DATABASE | context)


def or_try_again(
    request: HttpRequest, fields: Iterable[str], answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """`answer()`; where the database is away or locked, 503 with the form to be sent again.

    Its key is the same: if it went through unseen, sending it again shows that.
    """
    try:
        return answer()
    except (DatabaseError, InterfaceError) as error:
        if not is_away(error):
            raise
        # Not the error's words, which may quote a row.
        logger.error("A form found no database (%s)", type(error).__name__)
        context = NO_DATABASE | {"typed": typed(request, [*fields, "red_flags"])}
        response = render(request, "booking/try_again.html", context, status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response


def typed(request: HttpRequest, fields: Iterable[str]) -> list[tuple[str, str]]:
    """What was typed, for hidden fields; without the answer about emergencies."""
    return [(name, value) for name in fields for value in request.POST.getlist(name)]


class SeeOther(HttpResponseRedirect):
    """303: done; look there with a GET."""

    status_code = 303


def see_other(to: str, *arguments: object) -> SeeOther:
    """303 to a named address."""
    return SeeOther(resolve_url(to, *arguments))
