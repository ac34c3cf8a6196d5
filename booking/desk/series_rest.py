"""The rest of a series, from one of its visits on: cancelled or moved together, or not at all."""

import re
from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from booking.desk import frame, series_rows
from booking.desk.series import visits_of
from booking.desk.series_forms import ShiftForm
from booking.desk.series_rows import Line
from booking.models import Appointment, Series
from booking.visits import series
from booking.visits.refusals import Changed, Refused, SeriesTaken

SHOWN = re.compile("([0-9]{1,18})/([0-9]{1,9})")


def rest(request: HttpRequest, pk: int) -> list[Appointment]:
    """Those visits of a series that are booked and still to come, from `?from=` on."""
    visits, now = visits_of(request, pk), timezone.now()
    asked = request.GET.get("from", "")
    first = next((visit for visit in visits if str(visit.pk) == asked), visits[0])
    return [
        visit for visit in visits if visit.starts_at >= first.starts_at and visit.is_upcoming(now)
    ]


def as_shown(request: HttpRequest, pk: int) -> dict[Appointment, int]:
    """The visits that the form is about, in its order, with the sequence at which it showed each.
    Raises Changed where one is none of the series, or not for the user to see.
    """
    visits, shown = {visit.pk: visit for visit in visits_of(request, pk)}, _sent(request)
    if not shown or not set(shown) <= set(visits):
        raise Changed
    return {visits[key]: sequence for key, sequence in shown.items()}


def _sent(request: HttpRequest) -> dict[int, int]:
    """The visits that the form says it showed, by key, with the sequence of each."""
    sent = [SHOWN.fullmatch(text) for text in request.POST.getlist("visit")]
    return {int(found[1]): int(found[2]) for found in sent if found}


def to_series(pk: int) -> HttpResponse:
    """On to the page of the series."""
    return HttpResponseRedirect(reverse("desk:series_of", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_appointment")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, naming every visit; then cancel them together."""
    if request.method != "POST":
        return _ask_to_cancel(request, pk)
    try:
        shown = as_shown(request, pk)
        series.cancel_together(
            series=Series.objects.get(pk=pk),
            shown={visit.pk: sequence for visit, sequence in shown.items()},
            now=timezone.now(),
        )
    except (Refused, OperationalError) as error:
        messages.error(request, frame.why_not(error))
        return _ask_to_cancel(request, pk, status=409)
    words = ngettext(
        "%(count)d visit is cancelled. You can undo it for ten minutes.",
        "%(count)d visits are cancelled. You can undo each for ten minutes.",
        len(shown),
    )
    messages.success(request, words % {"count": len(shown)})
    return to_series(pk)


def _ask_to_cancel(request: HttpRequest, pk: int, status: int = 200) -> HttpResponse:
    visits = rest(request, pk)
    if not visits:
        return _none_left(request, pk)
    context = {"visits": visits, "series_pk": pk, "contact": visits[-1]}
    title = _("Cancel the rest of the series")
    return frame.show(request, "series/cancel.html", title, context, status)


def _none_left(request: HttpRequest, pk: int) -> HttpResponse:
    messages.warning(request, _("None of these visits is still to come."))
    return to_series(pk)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_appointment")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Other times for the rest: the same step for each, every one of which can be changed."""
    if request.method != "POST":
        return _ask_where(request, pk)
    try:
        shown = as_shown(request, pk)
    except Changed as error:
        return _look_again(request, pk, error)
    form = ShiftForm(request.POST, user=frame.staff(request))
    if not form.is_valid():
        return _move_page(request, pk, shown, form)
    return _move(request, pk, shown, form)


def _ask_where(request: HttpRequest, pk: int) -> HttpResponse:
    visits = rest(request, pk)
    if not visits:
        return _none_left(request, pk)
    wall = timezone.localtime(visits[0].starts_at)
    initial = {"day": wall.date(), "time": wall.time()}
    form = ShiftForm(user=frame.staff(request), initial=initial)
    return _move_page(request, pk, {visit: visit.sequence for visit in visits}, form)


def _look_again(request: HttpRequest, pk: int, error: Refused | OperationalError) -> HttpResponse:
    """The form as it was typed, about the visits as they are now; said is which of them changed."""
    messages.error(request, frame.why_not(error))
    visits, sent = rest(request, pk), _sent(request)
    if not visits:
        return to_series(pk)
    now = {visit: visit.sequence for visit in visits}
    form = ShiftForm(request.POST, user=frame.staff(request))
    found = _lines(request, visits, form)[0] if form.is_valid() else ()
    mine = [visit for visit in visits_of(request, pk) if visit.pk in sent]
    news = [visit for visit in mine if visit.sequence != sent[visit.pk]]
    page = _move_page(request, pk, now, form, found, news)
    page.status_code = HTTPStatus.CONFLICT
    return page


def _move(
    request: HttpRequest, pk: int, shown: dict[Appointment, int], form: ShiftForm
) -> HttpResponse:
    found, is_same = _lines(request, list(shown), form)
    if request.POST.get("do") != "move" or not is_same:
        return _move_page(request, pk, shown, form, found)
    if lacks := _lacks(request, found):
        form.add_error(None, lacks)
        return _move_page(request, pk, shown, form, found)
    going = {line.visit: line for line in found if line.visit and line.slot}
    try:
        series.move_together(
            series=Series.objects.get(pk=pk),
            slots={visit.pk: line.slot for visit, line in going.items() if line.slot},
            shown={visit.pk: shown[visit] for visit in going},
            now=timezone.now(),
        )
    except SeriesTaken as refused:
        order = sorted(going, key=lambda visit: (visit.starts_at, visit.pk))
        found, _is_same = _lines(request, list(shown), form)
        numbers = [going[order[number]].number for number in refused.taken]
        series_rows.mark_clashes(found, numbers)
        form.add_error(None, str(refused.for_staff))
        return _move_page(request, pk, shown, form, found)
    except (Refused, OperationalError) as error:
        return _look_again(request, pk, error)
    messages.success(request, _moved(list(going)))
    return to_series(pk)


def _lines(
    request: HttpRequest, visits: list[Appointment], form: ShiftForm
) -> tuple[list[Line], bool]:
    """A line for each visit, and whether those that were sent were made for what the form says."""
    about = list(_sent(request)) == [visit.pk for visit in visits]
    is_same = about and request.POST.get("pattern") == form.fingerprint()
    sent = series_rows.typed(request.POST)[: len(visits)] if is_same else []
    wants = form.wants(visits)
    for number, row in enumerate(sent):
        wants[number] = wants[number]._replace(day=row.day or wants[number].day)
    calendars = series_rows.read(wants, frame.staff(request), timezone.now(), visits)
    found = series_rows.lines(calendars, visits[0].visit_type, wants, sent)
    for line, visit in zip(found, visits, strict=True):
        line.visit = visit
    length = visits[0].ends_at - visits[0].starts_at
    series_rows.say_problems(found, calendars, length, frame.staff(request))
    return found, is_same


def _lacks(request: HttpRequest, found: Sequence[Line]) -> str:
    """Why they cannot be moved as the list stands; empty where they can."""
    return series_rows.lacks(found, series_rows.typed(request.POST)[: len(found)])


def _moved(visits: Sequence[Appointment]) -> str:
    words = ngettext(
        "%(name)s: %(count)d visit has moved.",
        "%(name)s: %(count)d visits have moved.",
        len(visits),
    )
    return words % {"name": visits[0].name, "count": len(visits)}


def _move_page(
    request: HttpRequest,
    pk: int,
    shown: dict[Appointment, int],
    form: ShiftForm,
    found: Sequence[Line] = (),
    news: Sequence[Appointment] = (),
) -> HttpResponse:
    """What was typed; in `news`, what a colleague changed of it meanwhile."""
    context = {
        "form": form,
        "shown": shown.items(),
        "lines": found,
        "fingerprint": form.fingerprint() if found else "",
        "count": sum(not line.is_out for line in found),
        "series_pk": pk,
        "contact": list(shown)[-1],
        "news": news,
    }
    title = _("Move the rest of the series")
    return frame.show(request, "series/move.html", title, context)
