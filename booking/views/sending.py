"""What every form of a patient shares: emergencies first, no typing is lost, 303 when done."""

import logging
from collections.abc import Collection
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.decorators import classonlymethod
from django.utils.functional import Promise
from django.views import View

from booking.faults import UNKNOWN, fault_of
from booking.views.identity import ask_no_database

logger = logging.getLogger(__name__)

BACK = "back"  # the button that leads back to the form from "call 911"
STALE = "stale"  # the problem of a form whose token is good no more
NO_DATABASE: dict[str, Any] = {"public_pages": {}}  # for pages that must not ask it


class PatientForm(View):
    """A page with a form that patients send; each keeps the same promises, in this order.

    A yes to an emergency sign is answered before anything else, without the database. A form that
    finds the database away is given back, to be sent again. A stale or forged token shows the form
    again with what was typed and a fresh token. Back from "call 911" leads to the form as it was.

    A page says what it reads (`read`), what it shows (`show`) and what a sent form does (`submit`).
    """

    # What is carried through the pages that lead back to the form.
    fields: Collection[str] = ()
    # Buttons that say what to do: sent once more from "try again", never from "call 911".
    buttons: Collection[str] = ()
    # What was not done, in the words of "call 911"; a page without a safety question has none.
    nothing: str | Promise = ""
    # Whether Back finds the typing again. Pages about one visit are never kept.
    is_kept_for_back = False
    # Whether the token that came with the form is good no more.
    is_stale = False

    @classonlymethod
    def as_view(cls, **options: Any) -> Any:
        """The view, and beside it what answers in its place where the token is stale."""
        view: Any = super().as_view(**options)
        view.csrf_failure = super().as_view(is_stale=True, **options)
        return view

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if self.needs_911():
            response = self.call_911()
        else:
            response = self.answer_or_try_again() if request.method == "POST" else self.answer()
        if self.is_kept_for_back and request.method != "POST":
            patch_cache_control(response, private=True, no_cache=True)
        else:
            add_never_cache_headers(response)
        return response

    def answer(self) -> HttpResponse:
        """What comes back where no emergency was said; asks the database."""
        self.read()
        if self.request.method != "POST":
            return self.show()
        if self.is_stale:
            get_token(self.request)
            return self.show(status=403, problem=STALE)
        return self.show() if BACK in self.request.POST else self.submit()

    def read(self) -> None:
        """Read what the page is about. Raises Http404 where there is no such thing."""

    def show(self, status: int = 200, problem: str = "") -> HttpResponse:
        """The form as it stands, with what was typed and what stands in the way."""
        raise NotImplementedError

    def submit(self) -> HttpResponse:
        """Do what the form asks for, and answer with where to look, or with what is wrong."""
        raise NotImplementedError

    def needs_911(self) -> bool:
        """Whether somebody said yes to an emergency sign, and is not on the way back from that."""
        sent = self.request.POST
        return bool(self.nothing) and sent.get("red_flags") == "yes" and BACK not in sent

    def call_911(self) -> HttpResponse:
        """Say "call 911". Nothing is stored, logged, or asked of the database."""
        ask_no_database(self.request)
        context = {"typed": self.typed(self.fields), "back": BACK, "nothing": self.nothing}
        return render(self.request, "booking/call_911.html", NO_DATABASE | context)

    def answer_or_try_again(self) -> HttpResponse:
        """The answer; where the database is away or locked, 503 with the form to be sent again.

        Its key is the same: if it went through unseen, sending it again shows that.
        """
        try:
            return self.answer()
        except (DatabaseError, InterfaceError) as error:
            fault = fault_of(error)
            if fault is UNKNOWN:
                raise
            # Not the error's words, which may quote a row.
            logger.error("A form found no database: %s (%s)", fault.words, type(error).__name__)
        ask_no_database(self.request)
        context = NO_DATABASE | {"typed": self.typed([*self.fields, *self.buttons, "red_flags"])}
        response = render(self.request, "booking/try_again.html", context, status=fault.status)
        response["Retry-After"] = str(fault.retry_after)
        return response

    def typed(self, names: Collection[str]) -> list[tuple[str, str]]:
        """What was typed, for hidden fields."""
        return [(name, value) for name in names for value in self.request.POST.getlist(name)]


class SeeOther(HttpResponseRedirect):
    """303: done; look there with a GET."""

    status_code = 303


def see_other(to: str, *arguments: object) -> SeeOther:
    """303 to a named address."""
    return SeeOther(resolve_url(to, *arguments))
