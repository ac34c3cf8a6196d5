"""The link in the e-mail is lost: `/appointment/lost/` has it sent once more."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from booking.forms.contact import LostLinkForm
from booking.views import sending
from booking.views.sending import see_other
from booking.visits import limits, sending_again
from booking.visits.refusals import Refused

FIELDS = ["email", "shown"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lost(request: HttpRequest) -> HttpResponse:
    """Ask for the e-mail address; the answer is the same whosever it is."""
    if request.method == "POST":
        return sending.or_try_again(request, FIELDS, lambda: submit(request))
    return page(request, LostLinkForm(now=timezone.now()))


def csrf_failure(request: HttpRequest) -> HttpResponse:
    """A forged or stale form: 403, shown again with the typing and a fresh token."""
    get_token(request)
    form = LostLinkForm(now=timezone.now(), initial=request.POST.dict())
    return sending.or_try_again(
        request, FIELDS, lambda: page(request, form, status=403, problem="stale")
    )


lost.csrf_failure = csrf_failure  # type: ignore[attr-defined]


def submit(request: HttpRequest) -> HttpResponse:
    """Owe the links; nothing is sent here, so that no answer takes longer than another."""
    now = timezone.now()
    form = LostLinkForm(request.POST, now=now)
    if not form.is_valid():
        return page(request, form)
    if obstacle := form.obstacle():
        return page(request, form, problem=obstacle)
    client = limits.client_key(request.META["REMOTE_ADDR"], sending_again.FORM)
    try:
        sending_again.send(email=form.cleaned_data["email"], client=client, now=now)
    except Refused as refused:
        return page(request, form, refused.status, refused.code)
    return see_other("booking:lost_sent")


def page(
    request: HttpRequest, form: LostLinkForm, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {"form": form, "problem": problem}
    return render(request, "booking/lost.html", context, status=status)


@require_safe
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, in words that hold for every address."""
    return render(request, "booking/lost_sent.html")
