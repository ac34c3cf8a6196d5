"""Who is signed in: nobody, until the second factor was right in this very session."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from clinic_site.staff import kept_typing, second_factor
from clinic_site.staff.second_factor_pages import leading_to

SET_UP = "/admin/second-factor/set-up/"
# What is posted below these changes who may do what, or who somebody is.
OF_ACCOUNTS = ("/admin/auth/", "/admin/second-factor/reset/", "/admin/second-factor/codes/")
NEW_PASSKEY = "/admin/second-factor/passkeys/"
OWN = "/admin/own-sign-in/"  # sessions ended, passkeys taken away; nothing is typed there


def changes_who_may_what(request: HttpRequest) -> bool:
    is_posted = request.method == "POST" and request.path.startswith((*OF_ACCOUNTS, OWN))
    return is_posted or request.path.startswith((SET_UP, NEW_PASSKEY))


class StaffGateMiddleware(AuthenticationMiddleware):
    """Django's own, but for `request.user`: to every page, whether somebody thought of it or not, a
    password alone is nobody. Only the pages of the second factor ask whose password it was.
    """

    def process_request(self, request: Any) -> None:
        super().process_request(request)
        # Lazy: a public page that does not ask depends on no cookie.
        request.user = SimpleLazyObject(lambda: second_factor.admitted(request))
        del request.auser  # would know the password alone; no page of ours is asynchronous

    def process_view(self, request: Any, view: Any, args: Any, words: Any) -> HttpResponse | None:
        """Before roles, addresses or second factors change, or sessions end: who has not shown the
        second factor for ten minutes shows it again. What was typed is kept meanwhile.
        """
        if not changes_who_may_what(request) or not request.user.is_authenticated:
            return None
        if not second_factor.is_stale(request):
            return None
        if request.method == "POST" and request.path.startswith(OF_ACCOUNTS):
            kept_typing.keep(request, request.user)
        return leading_to("second_factor", request.get_full_path())

    def process_response(self, request: Any, response: HttpResponse) -> HttpResponse:
        """What a form held is not lost with the session."""
        if request.method == "POST" and request.path.startswith("/admin/"):
            kept_typing.forget_sent(request, response)
            kept_typing.keep_refused(request, response)
        return response
