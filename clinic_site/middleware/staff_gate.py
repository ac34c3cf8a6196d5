"""Who is signed in: nobody, until the second factor was right in this very session."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from booking.models import Therapist
from clinic_site.staff import kept_typing, second_factor
from clinic_site.staff.second_factor_pages import leading_to
from conditions.models import Reviewer

SET_UP = "/admin/second-factor/set-up/"
# What is posted below these changes who may do what, or who somebody is.
OF_ACCOUNTS = ("/admin/auth/", "/admin/second-factor/reset/", "/admin/second-factor/codes/")
NEW_PASSKEY = "/admin/second-factor/passkeys/"
# Forms that say whose calendar, or whose signature, a row is.
OF_SOMEBODY: dict[str, type[Model]] = {
    "/admin/booking/therapist/": Therapist,
    "/admin/conditions/reviewer/": Reviewer,
}
# What is posted there takes away all that is kept of a person, for good.
ERASING = {"desk:person_erase", "desk:wish_erase", "desk:question_erase"}
OWN = "/admin/own-sign-in/"  # sessions ended, passkeys taken away; nothing is typed there


def changes_who_may_what(request: HttpRequest, key: str = "") -> bool:
    """Of the page of one row, `key` is its primary key as the address has it."""
    is_posted = request.method == "POST" and request.path.startswith((*OF_ACCOUNTS, OWN))
    is_own = request.path.startswith((SET_UP, NEW_PASSKEY))
    return is_posted or is_own or gives_to_somebody(request, key)


def gives_to_somebody(request: HttpRequest, key: str) -> bool:
    """Whether what is posted ties a row to another user than it is of now. Who changes hours, or
    the rest of such a row, is asked for nothing.
    """
    model = next((OF_SOMEBODY[each] for each in OF_SOMEBODY if request.path.startswith(each)), None)
    typed = request.POST.get("user", "") if model and request.method == "POST" else ""
    if model is None or not typed:
        return False
    try:
        held = (
            model._default_manager.filter(pk=unquote(key)) if key else model._default_manager.none()
        )
        return str(held.values_list("user", flat=True).first()) != typed
    except ValueError:
        return False  # of no row: it is answered with 404


def erases(request: HttpRequest) -> bool:
    """Whether what is posted erases a person."""
    page = request.resolver_match
    return request.method == "POST" and page is not None and page.view_name in ERASING


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
        """Before roles, addresses or second factors change, sessions end or a person is erased: who
        has not shown the second factor for ten minutes shows it again. What was typed is kept
        meanwhile, but for the word that somebody be erased, which is given again.
        """
        key = words.get("object_id", "")
        needed = changes_who_may_what(request, key) or erases(request)
        if not needed or not request.user.is_authenticated:
            return None
        if not second_factor.is_stale(request):
            return None
        if request.method == "POST" and request.path.startswith((*OF_ACCOUNTS, *OF_SOMEBODY)):
            kept_typing.keep(request, request.user)
        return leading_to("second_factor", request.get_full_path())

    def process_response(self, request: Any, response: HttpResponse) -> HttpResponse:
        """What a form held is not lost with the session."""
        if request.method == "POST" and request.path.startswith("/admin/"):
            kept_typing.forget_sent(request, response)
            kept_typing.keep_refused(request, response)
        return response
