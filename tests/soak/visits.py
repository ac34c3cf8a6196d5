"""What patients do on a site whose processes are killed, and what of it the database must hold."""

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from http.client import HTTPException
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from booking.models import Appointment, OutgoingEmail  # noqa: E402
from tests.guards import overlapping_pairs  # noqa: E402
from tests.patients import Answer, Patient  # noqa: E402

PATIENTS = 4
DAYS_AHEAD = 3, 50  # later than a visit may last be changed online, sooner than the last day shown
SLOT = re.compile(r'href="(/book/([\w-]+/\w+Z)/[^"]*)"')
MOVE = re.compile(r"to=([\w-]+/\w+Z)")
DONE = 303
AGAIN = (502, 503)
NOT_BOOKED, CANCELLED = "not booked", "cancelled"

COUNTS: Counter[str] = Counter()


@dataclass
class Visit:
    """What one patient was told. `may_be` is every state in which the row may be: one, unless an
    answer never came.
    """

    name: str
    may_be: set[str] = field(default_factory=lambda: {NOT_BOOKED})


def persist(ask: Callable[[], Answer]) -> tuple[Answer, bool]:
    """The answer, asked for until there is one; and whether an answer was lost on the way."""
    was_lost = False
    while True:
        try:
            answer = ask()
        except (OSError, HTTPException):
            was_lost = True
            COUNTS["answers lost, asked again"] += 1
        else:
            if answer.status not in AGAIN:
                return answer, was_lost
            COUNTS["told to try again"] += 1
        time.sleep(0.1)


def send(patient: Patient, path: str, form: dict[str, str]) -> tuple[Answer, bool]:
    return persist(lambda: patient.ask("POST", path, urlencode(form)))


def go(patient: Patient, path: str) -> Answer:
    return persist(lambda: patient.ask("GET", path))[0]


def live(number: int) -> Visit:
    """One patient's visit: booked, sometimes moved, mostly cancelled."""
    visit = Visit(f"Soak {number}")
    patient = Patient(
        settings.BASE_URL,
        {
            "name": visit.name,
            "phone": f"(212) 555-{number % 10000:04}",
            "email": f"soak-{number}@example.org",
            "payment": "self-pay",
            "red_flags": "no",
        },
    )
    if book(patient, visit):
        if random.random() < 0.5:
            change(patient, visit, move(patient))
        if random.random() < 0.7:
            change(patient, visit, ("/appointment/cancel/", CANCELLED))
    return visit


def book(patient: Patient, visit: Visit) -> bool:
    day = timezone.localdate() + timedelta(days=random.randrange(*DAYS_AHEAD))
    slots = SLOT.findall(go(patient, f"/book/?from={day}").page)
    if not slots:
        return False
    path, time_of_it = random.choice(slots)
    path = unescape(path)
    form = go(patient, path).form.values | patient.typed
    # The same key each time: what went through unseen is answered as done, never booked twice.
    answer, _was_lost = send(patient, path, form)
    COUNTS["booked" if answer.status == DONE else f"not booked ({answer.status})"] += 1
    visit.may_be = {time_of_it} if answer.status == DONE else {NOT_BOOKED}
    return answer.status == DONE


def move(patient: Patient) -> tuple[str, str]:
    """Where a visit is moved, and to which time; none where none is free."""
    times = MOVE.findall(unescape(go(patient, "/appointment/move/").page))
    return (
        (f"/appointment/move/?to={to}", to) if times and (to := random.choice(times)) else ("", "")
    )


def change(patient: Patient, visit: Visit, asked: tuple[str, str]) -> None:
    path, becomes = asked
    if not path:
        return
    form, kind = go(patient, path).form.values, path.split("/")[2]
    if not form:
        COUNTS[f"{kind}: not offered any more"] += 1
        return
    answer, was_lost = send(patient, path.partition("?")[0], form)
    if answer.status == DONE:
        visit.may_be = {becomes}
        COUNTS[f"{kind}: done"] += 1
    else:
        visit.may_be |= {becomes} if was_lost else set()
        COUNTS[f"{kind}: {answer.status}"] += 1


def lives(until: float, start: int) -> list[Visit]:
    """Of one patient after another."""
    visits: list[Visit] = []
    while time.monotonic() < until:
        visits.append(live(start + PATIENTS * len(visits)))
    return visits


def state_of(rows: list[Appointment]) -> str:
    if len(rows) > 1:
        return "booked twice"
    for row in rows:
        if row.status == "cancelled":
            return CANCELLED
        return f"{row.therapist.slug}/{row.starts_at:%Y%m%dT%H%MZ}"
    return NOT_BOOKED


def untrue(visits: list[Visit]) -> Iterator[str]:
    """What patients were told and the database does not hold."""
    for visit in visits:
        found = state_of(list(Appointment.objects.filter(name=visit.name)))
        if found not in visit.may_be:
            yield f"{visit.name}: told {sorted(visit.may_be)}, is {found}"


def half_written() -> int:
    """Visits of ours whose confirmation is not owed."""
    told = OutgoingEmail.objects.filter(kind="confirmation").values("appointment")
    return Appointment.objects.filter(name__startswith="Soak").exclude(pk__in=told).count()


def main(seconds: float) -> int:
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(PATIENTS) as pool:
        futures = [pool.submit(lives, until, number) for number in range(PATIENTS)]
        visits = [visit for future in futures for visit in future.result()]
    wrong = list(untrue(visits))
    missed = {
        "told otherwise than it is": len(wrong),
        "visits over one another": len(overlapping_pairs()),
        "visits half written": half_written(),
    }
    for what, count in [*sorted(COUNTS.items()), *missed.items()]:
        sys.stdout.write(f"| {what} | {count} |\n")
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    sys.stdout.flush()
    return 1 if any(missed.values()) or not COUNTS["booked"] else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
