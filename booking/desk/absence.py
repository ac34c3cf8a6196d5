"""One screen for a closure or a therapist's time off: whom it hurts, and what becomes of each."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from booking import wording
from booking.calendars import hurt
from booking.calendars.doubts import AWAY, CLOSED
from booking.calendars.elsewhere import Elsewhere
from booking.calendars.hurt import Hurt, Leave, Progress
from booking.calendars.places import names
from booking.calendars.slots import Slot
from booking.desk import absence_mail, frame, places
from booking.desk import absence_steps as steps
from booking.desk.absence_steps import Plan, Step, Tick
from booking.models import Appointment, Closure, OutgoingEmail, TimeOff
from booking.models.staff_places import of_places

MOST = 100  # rows at once: the later ones come up as these are dealt with
KEY = re.compile("[0-9]{1,18}")
Kind = OutgoingEmail.Kind
TOLD_BY = [Kind.CONFIRMATION, Kind.MOVED, Kind.CANCELLED, Kind.DETAILS]


@dataclass
class Time:
    """A free time as a button: the step that it asks for."""

    step: Step
    slot: Slot
    place: str  # empty in a clinic with one


@dataclass
class Row:
    """A visit as the screen shows it, with what can be done."""

    hurt: Hurt
    ticked: bool
    problem: str = ""  # why what was asked for was not done
    colleagues: list[Time] = field(default_factory=list)
    own: list[Time] = field(default_factory=list)
    anyone: list[Time] = field(default_factory=list)

    @property
    def visit(self) -> Appointment:
        return self.hurt.visit

    @property
    def tick(self) -> Tick:
        return Tick(self.visit.pk, self.visit.sequence, self.hurt.code)

    @property
    def email(self) -> OutgoingEmail | None:
        """What the patient was mailed last, or is owed."""
        return next(iter(self.visit.told_by), None)  # type: ignore[attr-defined]  # read with it


@dataclass
class Screen:
    """All that is known of one absence, and the free times around its visits."""

    absence: Leave
    hurt: list[Hurt]
    now: datetime
    free: Elsewhere
    places: dict[int, str]

    @property
    def by_key(self) -> dict[int, Hurt]:
        return {row.visit.pk: row for row in self.hurt}

    @property
    def progress(self) -> Progress:
        return hurt.progress(self.hurt)

    def rows(
        self, ticked: Collection[int] | None = None, problems: dict[int, str] | None = None
    ) -> dict[str, list[Row]]:
        """Those still to do, those who know but whose visit still stands, and those dealt with.

        All of the first are ticked, unless it is said which.
        """
        groups: dict[str, list[Row]] = {"unfinished": [], "standing": [], "done": []}
        for each in self.hurt:
            pk = each.visit.pk
            is_ticked = each.is_unfinished if ticked is None else pk in ticked
            row = Row(each, is_ticked, (problems or {}).get(pk, ""))
            later = "standing" if each.is_meeting else "done"
            groups["unfinished" if each.is_unfinished else later].append(row)
        for row in [*groups["unfinished"][:MOST], *groups["standing"][:MOST]]:
            if row.hurt.is_meeting:
                self._add_times(row)
        return groups

    def _add_times(self, row: Row) -> None:
        row.colleagues = list(self._times(row, self.free.colleagues(row.visit)))
        row.own = list(self._times(row, self.free.own(row.visit)))
        row.anyone = list(self._times(row, self.free.anyone(row.visit)))

    def _times(self, row: Row, slots: Iterable[Slot]) -> Iterator[Time]:
        for slot in slots:
            step = Step(steps.MOVE, row.tick, steps.to(slot))
            yield Time(step, slot, self.places.get(slot.location_id, ""))


def address(absence: Leave) -> str:
    """Where the desk deals with it."""
    return address_of(CLOSED if isinstance(absence, Closure) else AWAY, absence.pk)


def address_of(kind: str, pk: int) -> str:
    """The same of one that a doubt names: CLOSED or AWAY, and its primary key."""
    return f"{reverse('desk:absence')}?{'closure' if kind == CLOSED else 'time_off'}={pk}"


def title(absence: Leave) -> str:
    """What it is called: of time off whose it is, and never why."""
    if isinstance(absence, Closure):
        return _("Closed: %(name)s") % {"name": absence.name}
    return _("%(name)s is away") % {"name": absence.therapist.name}


def said(progress: Progress) -> str:
    """How far the desk is, in words; empty where no visit is or was hurt."""
    words = {"left": progress.left, "count": progress.every}
    if progress.left:
        return _("%(left)d of %(count)d still to tell") % words
    one, many = _("%(count)d visit, dealt with"), _("%(count)d visits, all dealt with")
    return (ngettext(one, many, progress.every) % words) if progress.every else ""


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_appointment", "view_appointment", "view_closure", "view_timeoff")
def absence(request: HttpRequest) -> HttpResponse:
    """Whom it hurts, with telephone and free times; what was chosen is shown before it is done."""
    screen = _read(request, _asked(request), timezone.now())
    if request.method != "POST":
        return _page(request, screen)
    if "yes" in request.POST:
        return _do(request, screen, steps.parsed(request.POST.getlist("step")))
    if "all" in request.POST:
        return _for_all(request, screen, request.POST["all"])
    asked = steps.parsed([request.POST.get("do", "")])
    if any(step.mails for step in asked):
        known = screen.by_key
        return _ask(request, screen, Plan([step for step in asked if step.tick.pk in known]))
    return _do(request, screen, asked) if asked else _page(request, screen, _ticked(request))


def _asked(request: HttpRequest) -> Leave:
    """The closure or time off in the address. Raises Http404."""
    closure, away = (request.GET.get(name, "") for name in ("closure", "time_off"))
    if KEY.fullmatch(closure):
        return get_object_or_404(Closure, pk=closure)
    if KEY.fullmatch(away):
        visible = TimeOff.objects.visible_to(frame.staff(request))
        return get_object_or_404(visible.select_related("therapist"), pk=away)
    raise Http404


def _read(request: HttpRequest, absence: Leave, now: datetime) -> Screen:
    """Eight queries, whatever the number of visits."""
    visible = Appointment.objects.visible_to(frame.staff(request))
    [found] = hurt.by([absence], visible, now).values()
    visits = [row.visit for row in found]
    mailed = OutgoingEmail.objects.filter(kind__in=TOLD_BY).order_by("-created_at", "-pk")
    prefetch_related_objects(visits, Prefetch("emails", mailed, to_attr="told_by"))
    meeting = [row.visit for row in found if row.is_meeting]
    user = frame.staff(request)
    whom, at = places.bookable(user), of_places(user, "location")
    free = Elsewhere.read(meeting, now, absence.ends_at if meeting else now, whom, at)
    return Screen(absence, found, now, free, names(now))


def _ticks(request: HttpRequest) -> list[Tick]:
    return [tick for tick in map(Tick.parse, request.POST.getlist("visit")) if tick]


def _ticked(request: HttpRequest) -> set[int]:
    return {tick.pk for tick in _ticks(request)}


def _page(
    request: HttpRequest,
    screen: Screen,
    ticked: Collection[int] | None = None,
    problems: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    groups = screen.rows(ticked, problems)
    context = {
        **{name: rows[:MOST] for name, rows in groups.items()},
        "not_shown": max(0, len(groups["unfinished"]) - MOST),
        "absence": screen.absence,
        "when": wording.span(screen.absence.starts_at, screen.absence.ends_at),
        "address": address(screen.absence),
        "progress": screen.progress,
        "said": said(screen.progress),
        "for_all": _offered(screen),
        "edit": _edit(screen.absence),
    }
    return frame.show(request, "absence.html", title(screen.absence), context, status)


def _offered(screen: Screen) -> dict[str, object]:
    """What can be done with all that are ticked: in a closed clinic no colleague is there."""
    closed = isinstance(screen.absence, Closure)
    return {
        what: words
        for what, words in steps.FOR_ALL.items()
        if not (closed and what == steps.COLLEAGUE)
    }


def _edit(absence: Leave) -> str:
    return reverse(f"admin:booking_{absence._meta.model_name}_change", args=[absence.pk])


def _for_all(request: HttpRequest, screen: Screen, what: str) -> HttpResponse:
    ticks = _ticks(request)
    if what not in steps.FOR_ALL or not ticks:
        messages.warning(request, _("Tick whom it is for, then choose again. Nothing was done."))
        return _page(request, screen, _ticked(request))
    plan = steps.for_all(what, ticks, screen.by_key, screen.free)
    if not plan.steps:
        messages.warning(request, _("There is no such time for any of them. Nothing was done."))
        return _page(request, screen, _ticked(request))
    return _ask(request, screen, plan)


def _ask(request: HttpRequest, screen: Screen, plan: Plan) -> HttpResponse:
    """What would be done, to whom, and the e-mails that they would get; nothing is done yet."""
    visits = {pk: row.visit for pk, row in screen.by_key.items()}
    mailed = [visits[step.tick.pk] for step in plan.steps if step.mails]
    context = {
        "absence": screen.absence,
        "address": address(screen.absence),
        "planned": list(_planned(plan, visits)),
        "left": plan.left,
        "ticks": request.POST.getlist("visit"),
        "mailed": sum(bool(visit.email) for visit in mailed),
        "to_call": [visit for visit in mailed if not visit.email],
        "emails": absence_mail.sample_emails(plan.steps, visits, frame.staff(request), screen.now),
    }
    return frame.show(request, "absence_ask.html", _("Do this?"), context)


def _planned(plan: Plan, visits: dict[int, Appointment]) -> Iterator[tuple[Step, Appointment, str]]:
    """Each step, its visit, and what becomes of it in words."""
    for step in plan.steps:
        yield step, visits[step.tick.pk], steps.in_words(step)


def _do(request: HttpRequest, screen: Screen, asked: list[Step]) -> HttpResponse:
    """Do it, and say how it went; back to the list, where those left stand with why."""
    visible = Appointment.objects.visible_to(frame.staff(request)).with_details()
    visits = visible.in_bulk([step.tick.pk for step in asked])
    done = steps.carry_out(asked, visits, frame.staff(request), screen.now)
    for words in steps.report(done):
        messages.success(request, words)
    if not done.left:
        return HttpResponseRedirect(address(screen.absence))
    problems = {visit.pk: why for _step, visit, why in done.left}
    words = ngettext(
        "%(count)d visit was left as it is. It says why.",
        "%(count)d visits were left as they are. Each says why.",
        len(problems),
    )
    messages.error(request, words % {"count": len(problems)})
    again = _read(request, screen.absence, screen.now)
    return _page(request, again, _ticked(request) | set(problems), problems, status=409)
