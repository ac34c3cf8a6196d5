"""The boxes of a grid as HTML, line by line. Written here and not by templates: a full day has some
four hundred of them, and a template takes ten times as long for each.

What a visit's box is filled with is escaped here, word by word: nothing else does it. What is made
of numbers and of our own codes has nothing to be escaped.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from html import escape

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _

from booking.calendars.slots import Slot
from booking.desk.board import Board, Box
from booking.models import Appointment, AppointmentStatus, Therapist, TimeOffer, VisitType
from booking.models.brief_visit import AnyVisit

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
SEQUENCE = ' data-sequence="{}"'
CURRENT = ' aria-current="true"'
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
COMING = "coming"  # stands for a reason: of a visit whose patient has said yes


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
    # Words that many visits share, escaped once: of each status, each type, each mark.
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    types: dict[int, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def write(self, grid: Board) -> Board:
        """The same grid, each column with its lines."""
        for column in grid.columns:
            lines = [self.line(box, column.therapist) for box in column.boxes]
            column.lines = SafeString("".join(lines))
        return grid

    def line(self, box: Box, therapist: Therapist) -> str:
        """A visit, an offered time, or the free starts of one quarter of an hour."""
        line = box.line
        if line and line.visit:
            return self.visit(box, line.visit)
        if line and line.offer:
            return self.offer(box, line.offer)
        return self.free(box, line.free if line else [], therapist)

    def visit(self, box: Box, visit: AnyVisit) -> str:
        """Its time, type, name, status and marks, and the way to its details."""
        return VISIT.format(**self.shown(box, visit))

    def shown(self, box: Box, visit: AnyVisit) -> dict[str, object]:
        """What every grid shows of a visit."""
        starts_at = visit.starts_at.astimezone(self.zone)
        return {
            "look": box.look,
            "place": box.place,
            "key": visit.pk,
            "opening": self.opening,
            "iso": starts_at.isoformat(),
            "time": f"{starts_at.hour % 12 or 12}:{starts_at.minute:02}",
            "double": self.mark(_("Double")) + "\n" if box.line and box.line.double else "",
            "visit_type": self.of_type(visit),
            "name": escape(visit.name),
            "status": self.status(visit),
            "marks": "".join(map(self.mark, box.marks)),
        }

    def mark(self, word: str) -> str:
        """One of the short words."""
        if word not in self.marks:
            self.marks[word] = f"<b>{escape(word)}</b>"
        return self.marks[word]

    def of_type(self, visit: AnyVisit) -> str:
        """What its type is called."""
        if visit.visit_type_id not in self.types:
            self.types[visit.visit_type_id] = escape(visit.visit_type.name)
        return self.types[visit.visit_type_id]

    def status(self, visit: AnyVisit) -> str:
        """How far it is, in the desk's words."""
        key = visit.status, visit.cancel_reason
        if visit.status == AppointmentStatus.BOOKED and visit.confirmed_at:
            key = visit.status, COMING
        if key not in self.said:
            said = _("Will come") if key[1] == COMING else visit.status_said
            self.said[key] = escape(said)
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

    arrived: str = field(default_factory=lambda: _address(AppointmentStatus.ARRIVED))

    def visit(self, box: Box, visit: AnyVisit) -> str:
        shown = self.shown(box, visit)
        is_cut = self.moving is not None and visit.pk == self.moving.pk
        is_chosen = visit.pk == self.chosen
        can_move = self.may_change and visit.status == AppointmentStatus.BOOKED
        shown["open"] = visit.pk if self.opening else ""
        shown["look"] = f"{box.look}{' board-cut' * is_cut}{' is-chosen' * is_chosen}"
        shown["sequence"] = SEQUENCE.format(visit.sequence) if can_move else ""
        shown["current"] = CURRENT if is_chosen else ""
        shown["button"] = self.button(visit, shown) if box.arrives and self.may_set_status else ""
        return VISIT_OF_DAY.format(**shown)

    def button(self, visit: AnyVisit, shown: dict[str, object]) -> str:
        """The click that most need, where there is room for it."""
        address, words = self.arrived.format(visit.pk), escape(_("Arrived"))
        own = {"sequence": visit.sequence, "address": address, "was": visit.status, "words": words}
        return ARRIVED.format(**own, name=shown["name"])


def _address(status: str) -> str:
    """Where a click on a status goes, with a place for the primary key of the visit."""
    return reverse("admin:booking_appointment_status", args=[0, status]).replace("/0/", "/{}/", 1)


def _clock(instant: datetime) -> str:
    return date_format(localtime(instant), "P")
