"""What somebody typed when their session had ended: kept for them alone, until they are back."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.models import StaffSession
from booking.secrets import cookies
from clinic_site.staff import second_factor

TYPING = "typing"  # in the session: whose, where to, which fields
MOST_LETTERS = 200_000
SECRET = ("password", "csrfmiddlewaretoken")


def keep_refused(request: HttpRequest, response: HttpResponse) -> None:
    """Keep what was posted, if it is refused as its session is over: for whoever's session it was.
    Who never was signed in keeps nothing here, and no script that asks while somebody types.
    """
    to_sign_in = getattr(response, "url", "").startswith(reverse("admin:login"))
    if response.status_code == HTTPStatus.FOUND and to_sign_in and _by_form(request):
        user = _was_signed_in(request)
        if user:
            keep(request, user)


def keep_outdated(request: HttpRequest) -> bool:
    """Keep what a form of staff pages held whose user has signed in anew since it was opened, in
    another tab say: its token is no longer right. Returns whether it is kept: what our own page
    sent, as the browser itself says, and nothing that another site has it send.
    """
    of_staff = request.path.startswith("/admin/") and request.user.is_authenticated
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if of_staff and ours and _by_form(request):
        return keep(request, request.user)
    return False


def _by_form(request: HttpRequest) -> bool:
    """Whether somebody sent it, and no script that asks while they type."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def keep(request: HttpRequest, user: Any) -> bool:
    """Keep what was posted for the user, in the session that begins or goes on here. Not what is
    longer than a form, no files, and no passwords. Returns whether it is kept.
    """
    fields = [
        [name, values]
        for name, values in request.POST.lists()
        if not any(word in name for word in SECRET)
    ]
    if sum(len(value) for _name, values in fields for value in values) > MOST_LETTERS:
        return False
    kept = {"user": user.pk, "path": request.get_full_path(), "fields": fields}
    request.session[TYPING] = kept
    return True


def ended_session(request: HttpRequest) -> StaffSession | None:
    """The session of staff that this browser holds, if it is over by its time alone. One in which
    the second factor was still to come was nobody's.
    """
    key = cookies.session_key(request)
    over = StaffSession.objects.filter(session_key=key, expire_date__lte=timezone.now())
    row = over.filter(user__is_active=True, user__is_staff=True).first()
    if row is None or not second_factor.is_needed():
        return row
    return row if second_factor.MARK in request.session.decode(row.session_data) else None


def _was_signed_in(request: HttpRequest) -> User | None:
    """Whose session this browser holds, if it is over by its time alone. It is gone then."""
    row = ended_session(request)
    if row is None:
        return None
    row.delete()
    return row.user


def of(request: HttpRequest) -> dict[str, Any]:
    """What is kept for whoever is signed in; nothing that a colleague typed."""
    kept = request.session.get(TYPING, {})
    return kept if kept.get("user") == request.user.pk else {}


def first(request: HttpRequest, page: str) -> str:
    """Where somebody goes who has just signed in: to what they typed, else to a page."""
    if of(request):
        return reverse("kept_typing")
    request.session.pop(TYPING, None)
    return page


def forget_sent(request: HttpRequest, response: HttpResponse) -> None:
    """What was sent again need not be kept, unless it was refused: as forged or out of date, by a
    fault, or until the second factor is shown.
    """
    refused = response.status_code == HTTPStatus.FORBIDDEN or response.status_code >= 500
    to_be_sent = (reverse("second_factor"), reverse("kept_typing"))
    refused |= getattr(response, "url", "").startswith(to_be_sent)
    if not refused and request.get_full_path() == of(request).get("path"):
        del request.session[TYPING]


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Shows it, to be sent; a POST drops it."""
    kept = of(request)
    if request.method == "POST" or not kept:
        request.session.pop(TYPING, None)
        return HttpResponseRedirect(reverse("admin:index"))
    context = admin.site.each_context(request) | {
        "title": _("You were typing"),
        "kept": kept,
        "typed": [value for _name, values in kept["fields"] for value in values if value.strip()],
    }
    return render(request, "registration/kept_typing.html", context)
