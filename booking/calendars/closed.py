"""Whether a closure takes today's hours, for pages that people read before they come."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from booking.calendars import hours
from booking.calendars.availability import DAY, Span, merge, subtract, to_minutes
from booking.calendars.hours import Rule
from booking.models import Closure


class ClosedToday(NamedTuple):
    """That the clinic is closed today, by what; `is_whole` unless it was open earlier in the day.

    `opens_at` is when (UTC) it opens again; None where that is not soon.
    """

    name: str
    is_whole: bool
    opens_at: datetime | None


def closed_today(now: datetime, rules: Sequence[Rule]) -> ClosedToday | None:
    """Whether closures take all of today's hours, or all that is left of them; `rules` are the
    hours of all who are active. None on a day without hours, and while any of them stay open.

    One query on every day of the week; two where it is closed.
    """
    day = hours.today(now)
    closures = list(Closure.objects.overlapping(hours.day_start(day), hours.day_start(day + DAY)))
    openings = hours.openings_on(rules, day).values()
    spans = merge(span for place in openings for span in place)
    if not spans:
        return None
    is_whole = _covers(closures, spans)
    left = [(max(begins, to_minutes(now)), ends) for begins, ends in spans]
    left = [(begins, ends) for begins, ends in left if begins < ends]
    if not is_whole and not (left and _covers(closures, left)):
        return None
    taken = spans if is_whole else left
    names = dict.fromkeys(row.name for row in closures if not _leaves(row, taken))
    changes_at = hours.opening_at(now, list(rules)).changes_at
    return ClosedToday(get_text_list(list(names), _("and")), is_whole, changes_at)


def _covers(closures: Sequence[Closure], spans: Sequence[Span]) -> bool:
    """Whether nothing of the spans is left open."""
    return not subtract(spans, merge(map(_span, closures)))


def _leaves(closure: Closure, spans: Sequence[Span]) -> bool:
    """Whether it takes nothing of the spans."""
    return subtract(spans, [_span(closure)]) == list(spans)


def _span(closure: Closure) -> Span:
    return to_minutes(closure.starts_at), to_minutes(closure.ends_at)
