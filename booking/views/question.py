"""A question to the clinic: `/contact/question/`."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from booking import enquiries
from booking.forms.question import QuestionForm
from booking.models import Enquiry
from booking.views import sending
from booking.views.sending import see_other
from booking.visits import limits
from booking.visits.refusals import KeyReused, Refused
from booking.visits.requests import Request, was_sent
from conditions.pages import urgency

FIELDS = ["name", "email", "phone", "message", "key", "shown"]
NOTHING = _("We have not sent your question, and we have not kept your answer.")


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest) -> HttpResponse:
    """Show the form; POST keeps the question. Outcomes as those of a booking."""
    if sending.needs_911(request):
        return sending.call_911(request, FIELDS, NOTHING)
    if request.method == "POST":
        return sending.or_try_again(request, FIELDS, lambda: submit(request))
    form = QuestionForm(now=timezone.now(), initial={"key": uuid.uuid4()})
    response = page(request, form)
    patch_cache_control(response, private=True, no_cache=True)  # Back keeps the typing
    return response


def csrf_failure(request: HttpRequest) -> HttpResponse:
    """A forged or stale form: 403, shown again with the typing and a fresh token."""
    if sending.needs_911(request):
        return sending.call_911(request, FIELDS, NOTHING)
    get_token(request)
    return sending.or_try_again(
        request, FIELDS, lambda: page(request, kept(request), status=403, problem="stale")
    )


question.csrf_failure = csrf_failure  # type: ignore[attr-defined]


def submit(request: HttpRequest) -> HttpResponse:
    """Keep the question, and answer when ours comes or what stands in the way."""
    now = timezone.now()
    if sending.BACK in request.POST:
        return page(request, kept(request))
    form = QuestionForm(request.POST, now=now)
    if not form.is_valid():
        return page(request, form)
    key, obstacle = form.cleaned_data["key"], form.obstacle()
    # What was sent before is answered as before, however fast the form is sent again.
    if obstacle and not was_sent(Enquiry.objects.all(), key):
        return page(request, form, problem=obstacle)
    client = limits.client_key(request.META["REMOTE_ADDR"], enquiries.FORM)
    asked = Request(key=key, client=client, now=now)
    try:
        enquiries.ask(question=form.question(), request=asked)
    except KeyReused as refused:
        reused = {"reused": True}
        return render(request, "booking/question_sent.html", reused, status=refused.status)
    except Refused as refused:
        return page(request, form, refused.status, refused.code)
    return see_other("booking:question_sent")


def kept(request: HttpRequest) -> QuestionForm:
    """The form with what was typed, not judged."""
    return QuestionForm(now=timezone.now(), initial=request.POST.dict())


def page(
    request: HttpRequest, form: QuestionForm, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {"form": form, "problem": problem, "cards": urgency.cards()}
    return render(request, "booking/question.html", context, status=status)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """When the answer comes: for a question that is sent at this moment."""
    context = {"due_at": enquiries.due_at(timezone.now())}
    return render(request, "booking/question_sent.html", context)
