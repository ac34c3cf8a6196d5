"""The boxes of a grid as HTML, line by line. Written here and not by templates: a full day has some
four hundred of them, and a template takes ten times as long for each.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _

from booking.calendars.slots import Slot
from booking.desk.board import Board, Box
from booking.models import Appointment, AppointmentStatus, Therapist, TimeOffer, VisitType

INSIDE = """\
<span>
<time datetime="{iso}">{time}</time>
{double}{visit_type}
</span>
<strong>{name}</strong>
<span class="board-status"><i>{status}</i>
{marks}</span>
"""
VISIT = f"""\
<li class="board-visit {{look}} {{place}}">
<a href="{{opening}}&amp;at={{key}}&amp;open={{key}}#visit-{{key}}">
{INSIDE}</a>
</li>
"""
VISIT_OF_DAY = f"""\
<li class="board-visit {{look}} {{place}}" id="at-{{key}}" data-name="{{name}}"{{sequence}}>
<a href="{{opening}}{{open}}#visit-{{key}}" id="see-{{key}}"{{current}}>
{INSIDE}</a>
{{button}}</li>
"""
# Boxes beside each other are narrow: this mark stands where it is not cut off.
DOUBLE = "<b>{}</b>\n"
SEQUENCE = ' data-sequence="{}"'
CURRENT = SafeString(' aria-current="true"')
ARRIVED = """\
<button class="board-here" form="click" name="sequence" value="{sequence}"
formaction="{address}?was={was}" aria-label="{words}: {name}">{words}</button>
"""
OFFER = """\
<li class="board-offer {place}">
{time}
{words}
{to}</li>
"""
OFFERED_TO = '{} <a href="{}">{}</a>\n'
FREE = '<li class="board-free {}">\n{}</li>\n'
TIME = '<a class="desk-time" href="{address}" aria-label="{label}">\n{time}\n{gap}</a>\n'
GAP = '<span class="desk-gap">{}</span>\n'
HERE = """\
<button class="desk-time" form="place" name="slot" value="{slot}" aria-label="{label}">
{words} {time}
</button>
"""
NOTHING = SafeString("")


@dataclass
class Lines:
    """What all boxes of a page have in common. A visit leads to its day, where its details stand;
    a free time to the form that books it, or, while a visit is `moving`, takes that visit.
    """

    opening: SafeString  # the address of visits' details, as far as it is the same for all
    visit_type: VisitType | None
    may_see_offers: bool
    moving: Appointment | None = None
    book: str = field(default_factory=lambda: reverse("admin:booking_appointment_add"))
    zone: tzinfo = field(default_factory=get_current_timezone)
    # Words that many visits share, escaped once: of each status, and each type.
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    types: dict[int, str] = field(default_factory=dict)

    def write(self, grid: Board) -> Board:
        """The same grid, each column with its lines."""
        for column in grid.columns:
            lines = [[self.line(box, column.therapist)] for box in column.boxes]
            column.lines = format_html_join("", "{}", lines)
        return grid

    def line(self, box: Box, therapist: Therapist) -> SafeString:
        """A visit, an offered time, or the free starts of one quarter of an hour."""
        line = box.line
        if line and line.visit:
            return self.visit(box, line.visit)
        if line and line.offer:
            return self.offer(box, line.offer)
        return self.free(box, line.free if line else [], therapist)

    def visit(self, box: Box, visit: Appointment) -> SafeString:
        """Its time, type, name, status and marks, and the way to its details."""
        return format_html(VISIT, **self.shown(box, visit))

    def shown(self, box: Box, visit: Appointment) -> dict[str, object]:
        """What every grid shows of a visit. What is made of numbers has nothing to be escaped."""
        starts_at = visit.starts_at.astimezone(self.zone)
        return {
            "look": box.look,
            "place": SafeString(box.place),
            "key": SafeString(box.key),
            "opening": self.opening,
            "iso": SafeString(starts_at.isoformat()),
            "time": SafeString(f"{starts_at.hour % 12 or 12}:{starts_at.minute:02}"),
            "double": format_html(DOUBLE, _("Double")) if box.line and box.line.double else NOTHING,
            "visit_type": self.of_type(visit),
            "name": visit.name,
            "status": self.status(visit),
            "marks": _marked(box.marks),
        }

    def of_type(self, visit: Appointment) -> str:
        """What its type is called."""
        if visit.visit_type_id not in self.types:
            self.types[visit.visit_type_id] = escape(visit.visit_type.name)
        return self.types[visit.visit_type_id]

    def status(self, visit: Appointment) -> str:
        """How far it is, in the desk's words."""
        if visit.status == AppointmentStatus.BOOKED and visit.confirmed_at:
            return _("Will come")
        key = visit.status, visit.cancel_reason
        if key not in self.said:
            self.said[key] = escape(visit.status_said)
        return self.said[key]

    def offer(self, box: Box, offer: TimeOffer) -> SafeString:
        """A time that somebody is asked about, until when, and whom for those who may know."""
        to = NOTHING
        if self.may_see_offers:
            wish = reverse("admin:booking_waitlistentry_change", args=[offer.entry_id])
            to = format_html(OFFERED_TO, _("to"), wish, offer.name)
        words = _("offered until %(until)s") % {"until": _clock(offer.expires_at)}
        return format_html(OFFER, place=box.place, time=_clock(offer.starts_at), words=words, to=to)

    def free(self, box: Box, slots: Iterable[Slot], therapist: Therapist) -> SafeString:
        """Each start as a link that books, or as a button that takes the moving visit."""
        starts = [[self.start(slot, therapist)] for slot in slots]
        return format_html(FREE, box.place, format_html_join("", "{}", starts))

    def start(self, slot: Slot, therapist: Therapist) -> SafeString:
        said = {"time": _clock(slot.starts_at), "name": therapist.name}
        gap = _(", leaves a gap") if slot.leaves_gap else ""
        if self.moving:
            label = _("Place here, %(time)s with %(name)s") % said
            return format_html(
                HERE,
                slot=f"{therapist.slug}:{slot.code}",
                label=label + gap,
                words=_("Place here"),
                time=date_format(localtime(slot.starts_at), "g:i"),
            )
        label = _("Book %(time)s with %(name)s") % said
        kind = self.visit_type.slug if self.visit_type else ""
        return format_html(
            TIME,
            address=f"{self.book}?therapist={therapist.slug}&start={slot.code}&visit={kind}",
            label=label + gap,
            time=said["time"],
            gap=format_html(GAP, _("leaves a gap")) if slot.leaves_gap else NOTHING,
        )


@dataclass
class LinesOfDay(Lines):
    """The same where details stand beside the grid, with the click for who arrived."""

    chosen: int | None = None  # the primary key of the visit whose details stand there
    may_change: bool = False
    may_set_status: bool = False

    def visit(self, box: Box, visit: Appointment) -> SafeString:
        shown = self.shown(box, visit)
        is_cut, is_chosen = visit == self.moving, visit.pk == self.chosen
        shown["open"] = shown["key"] if self.opening else NOTHING
        shown["look"] = f"{box.look}{' board-cut' * is_cut}{' is-chosen' * is_chosen}"
        can_move = self.may_change and visit.status == AppointmentStatus.BOOKED
        shown["sequence"] = format_html(SEQUENCE, visit.sequence) if can_move else NOTHING
        shown["current"] = CURRENT if is_chosen else NOTHING
        shown["button"] = self.button(box, visit)
        return format_html(VISIT_OF_DAY, **shown)

    def button(self, box: Box, visit: Appointment) -> SafeString:
        """The click that most need, where there is room for it."""
        if not (box.arrives and self.may_set_status):
            return NOTHING
        to = [visit.pk, AppointmentStatus.ARRIVED.value]
        return format_html(
            ARRIVED,
            sequence=visit.sequence,
            address=reverse("admin:booking_appointment_status", args=to),
            was=visit.status,
            words=_("Arrived"),
            name=visit.name,
        )


def _marked(marks: list[str]) -> SafeString:
    return format_html_join("", "<b>{}</b>", [[mark] for mark in marks]) if marks else NOTHING


def _clock(instant: datetime) -> str:
    return date_format(localtime(instant), "P")
