"""How much somebody may send: what says that it is more is refused before it is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from clinic_site import errors
from clinic_site.staff import kept_typing

MOST = 1_000_000  # bytes: a form of ours has some thousand
MOST_OF_STAFF = 40_000_000  # some pictures of 8 MB at once


def refuse_too_much(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Answer 413; gunicorn reads a little more, and closes the connection. Without it a file of any
    size would be written to disk before a view is asked. What does not say how long it is (chunks)
    has no body to Django.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = _length(request)
        if length <= MOST or (length <= MOST_OF_STAFF and _is_of_staff(request)):
            return get_response(request)
        return errors.page(request, "413.html", 413)

    return middleware


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() else 0


def _is_of_staff(request: HttpRequest) -> bool:
    """Who is signed in, or was until just now: what they typed is kept beside their pictures. Both
    with the second factor: a password alone is nobody here too.
    """
    return request.path.startswith("/admin/") and (
        request.user.is_authenticated or kept_typing.ended_session(request) is not None
    )
