"""Somebody asks what is kept of them, or to have it erased."""

import logging
from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from booking.desk import frame
from booking.models import Appointment, Retention
from booking.records import copying, erased, forgetting
from booking.records.people import Person, person_of
from booking.visits.refusals import Changed, OtherPlace, Refused

log = logging.getLogger(__name__)

PERMISSIONS = ("view_appointment", "answer_datarequest")


class EraseForm(forms.Form):
    """The word for it, and what it was about."""

    sure = forms.BooleanField(
        label=gettext_lazy("They asked for it, and I have made sure that it is them"),
        error_messages={"required": gettext_lazy("Say that you have made sure.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires(*PERMISSIONS)
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is kept of a person, to be printed; posted to, as a file."""
    visit, now = frame.visit_or_404(request, pk), timezone.now()
    person = person_of(visit)
    try:
        forgetting.check_whole(person, frame.staff(request))
    except Refused as refused:
        return _back(request, visit, refused)
    entries = copying.copy_of(person)
    if request.method == "POST":
        copying.note_copy(person, frame.staff(request), now)
        rows = [entry.as_json() for entry in entries]
        attached = {"Content-Disposition": f'attachment; filename="copy-{now:%Y-%m-%d}.json"'}
        return JsonResponse({"made_at": now, "rows": rows}, headers=attached)
    context = {"visit": visit, "entries": entries, "now": now}
    return frame.show(
        request, "appointment/person_copy.html", _("All that we keep of them"), context
    )


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires(*PERMISSIONS)
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, saying what goes and what stays; then erase."""
    visit, now = frame.visit_or_404(request, pk), timezone.now()
    person, user = person_of(visit), frame.staff(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    try:
        forgetting.check_whole(person, user)  # the page that asks names all that there is
        if not form.is_valid():
            return _ask(request, visit, person, form, now)
        seen = form.cleaned_data["seen"]
        done = forgetting.forget(visit=visit, user=user, now=now, seen=seen)
    except Changed as refused:
        messages.error(request, _("There is more or less of it by now. Look again."))
        return _ask(request, visit, person_of(visit), EraseForm(), now, refused.status)
    except Refused as refused:
        return _back(request, visit, refused)
    request.session.pop(forgetting.LOOKED_FOR, None)
    if done.kept:
        words = _("Erased, but for %(count)s visits that must be kept.") % {"count": done.kept}
    else:
        words = _("Erased. Nothing of them is left.")
    messages.success(request, words)
    _keep_the_list(request, now)
    return HttpResponseRedirect(reverse("desk:find"))


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
    visit: Appointment,
    person: Person,
    form: EraseForm,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    kept = person.of_care(now)
    context = {
        "visit": visit,
        "person": person,
        "gone": [row for row in person.visits if row not in kept],
        "kept": kept,
        "to_come": person.to_come(now),
        "how_long": Retention.objects.current().in_words("care"),
        "form": form,
    }
    return frame.show(request, "appointment/person_erase.html", _("Erase them"), context, status)


def _back(request: HttpRequest, visit: Appointment, refused: Refused) -> HttpResponseRedirect:
    words = frame.why_not(refused)
    if isinstance(refused, OtherPlace):
        words = _("Some of it is at another place: a manager of all places does this.")
    messages.error(request, words)
    return HttpResponseRedirect(reverse("desk:person", args=[visit.pk]))
