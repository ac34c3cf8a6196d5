"""Somebody asks what is kept of them, or to have it erased."""

import logging
from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from booking.desk import frame
from booking.models import DataRequest, Enquiry, Retention, WaitlistEntry
from booking.records import copying, erased, forgetting
from booking.records.people import Person, Row, person_of
from booking.visits.refusals import Changed, OtherPlace, Refused

log = logging.getLogger(__name__)

PERMISSIONS = ("view_appointment", "answer_datarequest")
# By what a person is come to: a visit, a wish or a question. Where that row stands, and where the
# others of its kind are once it is gone.
STANDS = {
    "person": "desk:person",
    "wish": "admin:booking_waitlistentry_change",
    "question": "admin:booking_enquiry_change",
}
LISTS = {
    "person": "desk:find",
    "wish": "admin:booking_waitlistentry_changelist",
    "question": "admin:booking_enquiry_changelist",
}


class EraseForm(forms.Form):
    """The word for it, and what it was about."""

    sure = forms.BooleanField(
        label=gettext_lazy("They asked for it, and I have made sure that it is them"),
        error_messages={"required": gettext_lazy("Say that you have made sure.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)


def may(request: HttpRequest) -> bool:
    """Whether the signed-in user copies and erases."""
    return all(frame.may(request, permission) for permission in PERMISSIONS)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires(*PERMISSIONS)
def copy(request: HttpRequest, pk: int, kind: str = "person") -> HttpResponse:
    """All that is kept of a person, to be printed; posted to, as a file."""
    start, now = _row_or_404(request, kind, pk), timezone.now()
    person = person_of(start)
    try:
        forgetting.check_whole(person, frame.staff(request))
    except Refused as refused:
        return _back(request, kind, start, refused)
    entries = copying.copy_of(person)
    if request.method == "POST":
        copying.note_copy(person, frame.staff(request), now)
        rows = [entry.as_json() for entry in entries]
        attached = {"Content-Disposition": f'attachment; filename="copy-{now:%Y-%m-%d}.json"'}
        return JsonResponse({"made_at": now, "rows": rows}, headers=attached)
    context = {**_of_start(kind, start), "entries": entries, "now": now}
    return frame.show(
        request, "appointment/person_copy.html", _("All that we keep of them"), context
    )


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires(*PERMISSIONS)
def erase(request: HttpRequest, pk: int, kind: str = "person") -> HttpResponse:
    """Ask first, saying what goes and what stays; then erase."""
    start, now = _row_or_404(request, kind, pk), timezone.now()
    person, user = person_of(start), frame.staff(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    try:
        forgetting.check_whole(person, user)  # the page that asks names all that there is
        if not form.is_valid():
            return _ask(request, kind, start, person, form, now)
        seen = form.cleaned_data["seen"]
        done = forgetting.forget(start=start, user=user, now=now, seen=seen)
    except Changed as refused:
        start = _row_or_404(request, kind, pk)  # a colleague may have been faster
        messages.error(request, _("There is more or less of it by now. Look again."))
        return _ask(request, kind, start, person_of(start), EraseForm(), now, refused.status)
    except Refused as refused:
        return _back(request, kind, start, refused)
    _say(request, done)
    _keep_the_list(request, now)
    return HttpResponseRedirect(reverse(LISTS[kind]))


def _row_or_404(request: HttpRequest, kind: str, pk: int) -> Row:
    """What the person is come to by, if the user may see it. Questions are of no place."""
    if kind == "wish":
        visible = WaitlistEntry.objects.visible_to(frame.staff(request))
        return get_object_or_404(visible.with_details(), pk=pk)
    if kind == "question":
        return get_object_or_404(Enquiry, pk=pk)
    return frame.visit_or_404(request, pk)


def _of_start(kind: str, start: Row) -> dict[str, object]:
    """Who it is, and the addresses of the two pages and of the one that led to them."""
    return {
        "who": start.contact if isinstance(start, WaitlistEntry) else start,
        "came_from": reverse(STANDS[kind], args=[start.pk]),
        "copy_page": reverse(f"desk:{kind}_copy", args=[start.pk]),
        "has_page_of_visits": kind == "person",
    }


def _say(request: HttpRequest, done: DataRequest) -> None:
    """That it is erased, and what is not; and whom the user looked for is forgotten as well."""
    request.session.pop(forgetting.LOOKED_FOR, None)
    words = _("Erased. Nothing of them is left.")
    if done.kept:
        words = _("Erased, but for %(count)s visits that must be kept.") % {"count": done.kept}
    messages.success(request, words)


def _keep_the_list(request: HttpRequest, now: datetime) -> None:
    """A backup of before would bring them back: the list beside the backups says so to a restore.
    The next backup writes it too.
    """
    try:
        erased.write(settings.BACKUP_DIR, now)
    except (OSError, ValueError) as error:
        log.error("The list beside the backups was not written: %s", type(error).__name__)
        words = _("Until the next backup a restored one would bring them back.")
        messages.warning(request, words)


def _ask(
    request: HttpRequest,
    kind: str,
    start: Row,
    person: Person,
    form: EraseForm,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    kept = person.of_care(now)
    context = {
        **_of_start(kind, start),
        "person": person,
        "gone": [row for row in person.visits if row not in kept],
        "kept": kept,
        "to_come": person.to_come(now),
        "how_long": Retention.objects.current().in_words("care"),
        "form": form,
    }
    return frame.show(request, "appointment/person_erase.html", _("Erase them"), context, status)


def _back(request: HttpRequest, kind: str, start: Row, refused: Refused) -> HttpResponseRedirect:
    words = frame.why_not(refused)
    if isinstance(refused, OtherPlace):
        words = _("Some of it is at another place: a manager of all places does this.")
    messages.error(request, words)
    return HttpResponseRedirect(reverse(STANDS[kind], args=[start.pk]))
