"""Who is signed in: nobody, until the second factor was right in this very session."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from clinic_site.staff import kept_typing, second_factor


class StaffGateMiddleware(AuthenticationMiddleware):
    """Django's own, but for `request.user`: to every page, whether somebody thought of it or not, a
    password alone is nobody. Only the pages of the second factor ask whose password it was.
    """

    def process_request(self, request: Any) -> None:
        super().process_request(request)
        # Lazy: a public page that does not ask depends on no cookie.
        request.user = SimpleLazyObject(lambda: second_factor.admitted(request))
        del request.auser  # would know the password alone; no page of ours is asynchronous

    def process_response(self, request: Any, response: HttpResponse) -> HttpResponse:
        """What a form held is not lost with the session."""
        if request.method == "POST" and request.path.startswith("/admin/"):
            kept_typing.forget_sent(request, response)
            kept_typing.keep_refused(request, response)
        return response
