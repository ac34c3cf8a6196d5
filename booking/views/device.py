"""What this device holds: choose which of its visits to look at or to move, or forget them all."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from booking.views import cookie
from booking.views.appointment import unknown
from booking.views.move import target
from booking.views.sending import see_other


@require_POST
@never_cache
def open_here(request: HttpRequest) -> HttpResponse:
    """Show another one of the visits that the browser holds; the address does not say which.

    With `to` (therapist slug and instant) it leads to the move of that visit. Raises Http404 for
    a time that cannot be.
    """
    for visit in cookie.appointments_of(request, timezone.now()):
        if visit.reference == request.POST.get("reference"):
            return cookie.prefer(see_other(_after(request.POST.get("to", ""))), visit, request)
    return unknown(request)


def _after(to: str) -> str:
    """The proof, or the page that asks whether to move the visit to a time."""
    if not to:
        return reverse("booking:appointment")
    target(to)
    return f"{reverse('booking:move')}?{urlencode({'to': to}, safe='/')}"


@require_POST
@never_cache
def forget_here(request: HttpRequest) -> HttpResponse:
    """Take the cookies off this device; the appointments stay."""
    return cookie.forget(see_other("booking:book"))
