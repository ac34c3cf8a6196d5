"""Odd numbers and filters in an address of the admin are the address's fault, not the site's."""

from collections.abc import Callable

from django.core.exceptions import BadRequest, FieldError, ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse

ODD = (DataError, OverflowError, FieldError, ValidationError, ValueError)


class OddAddressesMiddleware:
    """Answer 400 where a page of the admin was asked for what the database cannot hold.

    SQLite says OverflowError of a number past its range, PostgreSQL DataError; Django says
    FieldError or ValueError of a filter that no field has. Only of a GET, which types nothing
    but its address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        asked = request.method in ("GET", "HEAD") and request.path.startswith("/admin/")
        if asked and isinstance(error, ODD):
            raise BadRequest from error
