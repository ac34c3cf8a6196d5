"""What the desk does with the visits that an absence hurts: planned first, then done one by one."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db import OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.calendars import instants
from booking.calendars.elsewhere import Elsewhere, Shared
from booking.calendars.hurt import Hurt
from booking.calendars.slots import Slot
from booking.desk import frame
from booking.models import Appointment, CancelReason, ContactAttempt, Therapist
from booking.models.staff_places import places_of
from booking.visits import attempts, changes, keeping, staff_changes
from booking.visits.refusals import Refused, SlotUnavailable

MOVE, CANCEL, KEEP, TAKE_BACK = "move", "cancel", "keep", "take-back"
CALLED, MESSAGE = ContactAttempt.Outcome.CALLED.value, ContactAttempt.Outcome.MESSAGE.value
MAILING = [MOVE, CANCEL]  # the patient gets an e-mail: nothing of it without a yes
# For all that are ticked: what it is called, on its button and above what it would do.
COLLEAGUE, OWN, ANYONE = "colleague", "own", "anyone"
FOR_ALL: dict[str, str | Promise] = {
    COLLEAGUE: gettext_lazy("Same time, a colleague"),
    OWN: gettext_lazy("Next time, same therapist"),
    ANYONE: gettext_lazy("Next time, anyone"),
    CANCEL: gettext_lazy("Cancel and write"),
    CALLED: gettext_lazy("Called"),
    MESSAGE: gettext_lazy("Left a message"),
}
TICK = re.compile(r"([0-9]{1,18})/([0-9]{1,9})/([!-~]{0,80})")
STEP = re.compile(rf"([a-z-]+) ({TICK.pattern})(?: ([!-~]{{0,80}}))?")
ALREADY_TAKEN = gettext_lazy("Somebody has taken that time meanwhile. Choose another.")


class Tick(NamedTuple):
    """One visit as the page showed it: which version, under which doubt (its code)."""

    pk: int
    sequence: int
    code: str

    def __str__(self) -> str:
        return f"{self.pk}/{self.sequence}/{self.code}"

    @classmethod
    def parse(cls, text: str) -> "Tick | None":
        found = TICK.fullmatch(text)
        return cls(int(found[1]), int(found[2]), found[3]) if found else None


class Step(NamedTuple):
    """One thing to do with one visit; `target` is `therapist:start` of a move, or a call's key."""

    what: str
    tick: Tick
    target: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.tick} {self.target}".rstrip()

    @classmethod
    def parse(cls, text: str) -> "Step | None":
        found = STEP.fullmatch(text)
        tick = Tick.parse(found[2]) if found else None
        return cls(found[1], tick, found[6] or "") if found and tick else None

    @property
    def mails(self) -> bool:
        return self.what in MAILING


def to(slot: Slot) -> str:
    """A free time as the target of a step."""
    return f"{slot.therapist.slug}:{slot.code}"


def parsed(texts: Iterable[str]) -> list[Step]:
    """The steps that a form sent; what is none is left out. One for each visit, the last."""
    found = [step for step in map(Step.parse, texts) if step]
    return list({step.tick.pk: step for step in found}.values())


# Where a visit could go, the best first.
TIMES: dict[str, Callable[[Elsewhere, Appointment], Iterable[Slot]]] = {
    COLLEAGUE: Elsewhere.colleagues,
    OWN: lambda free, visit: free.after(visit, visit.therapist),
    ANYONE: Elsewhere.after,
}


@dataclass
class Plan:
    """What would be done with each ticked visit; `left` are those for whom there is no time."""

    steps: list[Step] = field(default_factory=list)
    left: list[Appointment] = field(default_factory=list)


def for_all(what: str, ticks: Iterable[Tick], hurt: Mapping[int, Hurt], free: Elsewhere) -> Plan:
    """The same for every ticked visit, no two at the same time with the same therapist.

    A visit that was moved or cancelled already is only called about, one that changed since it was
    shown is left.
    """
    plan, shared = Plan(), Shared()
    for tick in ticks:
        if tick.pk not in hurt:
            continue
        row = hurt[tick.pk]
        step = Step(what, tick)
        may = row.is_meeting or what in ContactAttempt.Outcome.values
        if not may or row.visit.sequence != tick.sequence:
            plan.left.append(row.visit)
        elif what not in TIMES:
            plan.steps.append(step)
        elif slot := shared.first(TIMES[what](free, row.visit), row.visit.visit_type):
            plan.steps.append(Step(MOVE, tick, to(slot)))
        else:
            plan.left.append(row.visit)
    return plan


@dataclass
class Done:
    """What became of the steps: what was done, of which visits, and why others were left."""

    done: list[tuple[Step, Appointment]] = field(default_factory=list)
    left: list[tuple[Step, Appointment, str]] = field(default_factory=list)

    def count(self, *whats: str) -> int:
        return sum(step.what in whats for step, _visit in self.done)

    @property
    def to_call(self) -> list[Appointment]:
        """Who was moved or cancelled and has no e-mail address."""
        return [visit for step, visit in self.done if step.mails and not visit.email]

    @property
    def mailed(self) -> int:
        return sum(step.mails and bool(visit.email) for step, visit in self.done)


def carry_out(
    steps: Iterable[Step], visits: Mapping[int, Appointment], user: AbstractUser, now: datetime
) -> Done:
    """Do each by itself, in its own transaction, if the visit is still as it was shown.

    Sent again, it does nothing twice: a visit that is there already, or is cancelled, stays so.
    """
    done = Done()
    for step, visit in with_visits(steps, visits):
        why = why_not(step, visit, user, now)
        if why:
            done.left.append((step, visit, why))
        else:
            done.done.append((step, visit))
    return done


def with_visits(
    steps: Iterable[Step], visits: Mapping[int, Appointment]
) -> Iterator[tuple[Step, Appointment]]:
    """Those steps whose visit is among these (by primary key), with it."""
    for step in steps:
        if step.tick.pk in visits:
            yield step, visits[step.tick.pk]


def why_not(step: Step, visit: Appointment, user: AbstractUser, now: datetime) -> str:
    """Do it; why it was left alone, where it was."""
    if visit.starts_at <= now and step.mails:
        return _("It has begun, or is past.")
    try:
        act(step, visit, user, now)
    except SlotUnavailable:
        return str(ALREADY_TAKEN)
    except (Refused, OperationalError) as error:
        return frame.why_not(error)
    return ""


def act(step: Step, visit: Appointment, user: AbstractUser, now: datetime) -> None:
    """One step through its service. Raises what that refuses; SlotUnavailable of no time."""
    seen, code = step.tick.sequence, step.tick.code
    if step.what == MOVE:
        therapist, starts_at = _target(step.target)
        # Nothing is known against a free time: what has come up meanwhile lists the visit again.
        where: dict[str, Any] = {"therapist": therapist, "starts_at": starts_at, "known": ()}
        own = places_of(user)
        staff_changes.change_by_desk(appointment=visit, now=now, seen=seen, places=own, **where)
    elif step.what == CANCEL:
        reason = CancelReason.BY_CLINIC
        changes.cancel_by_desk(appointment=visit, now=now, seen=seen, reason=reason)
    elif step.what == KEEP:
        keeping.keep(appointment=visit, codes=[code], now=now, seen=seen)
    elif step.what == TAKE_BACK and step.target.isdecimal():
        attempts.take_back(visit=visit, attempt=int(step.target), seen=seen)
    elif step.what in ContactAttempt.Outcome.values:
        attempts.note(about=visit, outcome=step.what, user=user, now=now, codes=[code], seen=seen)


def in_words(step: Step) -> str:
    """What becomes of a visit, for the page that asks."""
    if step.what != MOVE:
        return str({CANCEL: _("Cancelled")}.get(step.what) or FOR_ALL.get(step.what, ""))
    try:
        therapist, starts_at = _target(step.target)
    except SlotUnavailable:
        return str(ALREADY_TAKEN)
    said = {"when": frame.in_words(starts_at), "who": therapist.name}
    return _("Moves to %(when)s with %(who)s") % said


def report(done: Done) -> Iterator[str]:
    """What was done, in sentences."""
    moved, cancelled = done.count(MOVE), done.count(CANCEL)
    if moved:
        yield ngettext("%(count)d visit moved.", "%(count)d visits moved.", moved) % {
            "count": moved
        }
    if cancelled:
        words = ngettext("%(count)d visit cancelled.", "%(count)d visits cancelled.", cancelled)
        yield words % {"count": cancelled}
    if done.mailed:
        words = ngettext(
            "%(count)d e-mail is on its way.", "%(count)d e-mails are on their way.", done.mailed
        )
        yield words % {"count": done.mailed}
    if done.to_call:
        names = ", ".join(visit.name for visit in done.to_call)
        yield _("No e-mail address, please call: %(names)s.") % {"names": names}
    noted = done.count(CALLED, MESSAGE, KEEP, TAKE_BACK)
    if noted:
        yield ngettext("Noted.", "Noted for %(count)d visits.", noted) % {"count": noted}


def _target(text: str) -> tuple[Therapist, datetime]:
    """Therapist and start of a move. Raises SlotUnavailable where it says none of these."""
    slug, _colon, code = text.partition(":")
    therapist = Therapist.objects.filter(slug=slug, active=True).first()
    try:
        starts_at = instants.parse(code)
    except (ValueError, OverflowError) as error:
        raise SlotUnavailable from error
    if therapist is None:
        raise SlotUnavailable
    return therapist, starts_at
