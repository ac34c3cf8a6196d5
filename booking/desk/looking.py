"""That somebody looks at a patient: what a page of staff showed is written down as it goes out.

Whatever the desk shows, and every page of rows that name a patient, leaves a look: at its row, at
the day, or at the list. A view that shows people on their own says whom (`saw`).
"""

import logging
from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import DatabaseError
from django.db.models import BigIntegerField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from booking.models import Look
from booking.records import looks

Kind = Look.Kind
# The admin's pages of these rows name a patient.
ROWS = {
    "booking_appointment": Kind.VISIT,
    "booking_waitlistentry": Kind.WISH,
    "booking_timeoffer": Kind.OFFER,
    "booking_outgoingemail": Kind.EMAIL,
    "booking_enquiry": Kind.QUESTION,
    "auditlog_logentry": Kind.CHANGE,
}
# The desk's own pages of one row, by how their names begin; all others are of a visit.
OF_DESK = {"series": Kind.SERIES, "wish": Kind.WISH, "question": Kind.QUESTION}
LISTS = {"auth_user_delete"}  # what goes with a user: what they did in the admin, by names
HIDING = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
DAY = "%Y%m%d"

log = logging.getLogger(__name__)


def saw(request: HttpRequest, kind: Kind, *keys: int) -> None:
    """Note that the page shows these rows; without keys, that it names nobody."""
    noted: list[tuple[Kind, int]] = getattr(request, "looked_at", [])
    request.looked_at = [*noted, *((kind, key) for key in keys)]  # type: ignore[attr-defined]


def saw_visits(request: HttpRequest, visits: Iterable[object]) -> None:
    """The same of visits that were found; none, and the page names nobody."""
    saw(request, Kind.VISIT, *(visit.pk for visit in visits))  # type: ignore[attr-defined]


def saw_news(request: HttpRequest, changed: Iterable[int]) -> None:
    """The same of visits that patients changed, by primary key, whatever day is shown."""
    if keys := list(changed):
        saw(request, Kind.VISIT, *keys)


def saw_day(request: HttpRequest, day: date) -> None:
    """Note that the page shows the visits of a clinic day; of a week, its first."""
    saw(request, Kind.DAY, int(day.strftime(DAY)))


def write_down(request: HttpRequest, response: HttpResponse) -> None:
    """Keep who saw what with this answer. One query at most, and never an error: without it the
    page is shown all the same, and the log says so.
    """
    if not _shows(response) or not request.user.is_staff or request.user.pk is None:
        return
    if not (about := _about(request, response)):
        return
    assert request.resolver_match is not None
    page = request.resolver_match.view_name.removeprefix("admin:")
    try:
        looks.note(by=request.user.pk, page=page, about=about, now=timezone.now())
    except DatabaseError as error:
        log.error("A look at %s was not written down: %s", page, type(error).__name__)


def _shows(response: HttpResponse) -> bool:
    """Whether the answer is a page: one that leads on, or refuses, shows nothing."""
    status = response.status_code
    return (status < 300 or 400 <= status != HTTPStatus.INTERNAL_SERVER_ERROR) and (
        status not in HIDING
    )


def _about(request: HttpRequest, response: HttpResponse) -> list[tuple[Kind, int]]:
    """What the page shows: its row, and what its view noted; where that is neither, a list."""
    match = request.resolver_match
    if match is None or match.url_name is None:
        return []
    noted: list[tuple[Kind, int]] | None = getattr(request, "looked_at", None)
    kind = _kind(match.namespace, match.url_name)
    if kind is None:
        return noted or []
    own: list[tuple[Kind, int]] = []
    if kind != Kind.LIST:
        keys = [_key(match.kwargs), *_listed(request, response)]
        own = [(kind, key) for key in keys if key is not None]
    return own + noted if noted is not None else own or [(Kind.LIST, 0)]


def _listed(request: HttpRequest, response: HttpResponse) -> list[int]:
    """The rows of a list of the admin of which its address asks anything: a search, a filter, an
    order, a page, a pop-up. Whom somebody looked for on purpose is noted one by one, and only the
    list as it opens as a whole.
    """
    found = (getattr(response, "context_data", None) or {}).get("cl")
    return [row.pk for row in found.result_list] if found and request.GET else []


def _key(words: dict[str, Any]) -> int | None:
    """The primary key that an address names, read as Django's admin reads it: ` 5` is 5. None
    where there is none, or where no row has it: an address may hold any number.
    """
    said = str(words.get("pk") or words.get("object_id") or "")
    try:
        key = int(unquote(said))
    except ValueError:
        return None
    return key if abs(key) <= BigIntegerField.MAX_BIGINT else None


def _kind(namespace: str, name: str) -> Kind | None:
    """Of which kind a page's row is; None of a page that names no patient."""
    if namespace == "desk":
        return OF_DESK.get(name.partition("_")[0] if "_" in name else "", Kind.VISIT)
    if name in LISTS:
        return Kind.LIST
    return next((kind for start, kind in ROWS.items() if name.startswith(f"{start}_")), None)
