"""Patients who have a form before them when something fails, and what becomes of them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import unescape
from http.client import HTTPException
from itertools import count
from urllib.parse import urlencode

import django

django.setup()

from booking.models import Appointment, OutgoingEmail  # noqa: E402
from tests.guards import overlapping_pairs  # noqa: E402
from tests.patients import Answer, Patient  # noqa: E402

SLOT = re.compile(r'href="(/book/([\w-]+)/(\w+Z)/[^"]*)"')
FORMAT = "%Y%m%dT%H%MZ"
APART = timedelta(minutes=90)  # further than any visit is long: nobody takes another's time
AT_ONCE = 4
NONE, DONE, AGAIN = 0, 303, 503
WARM = ["/", "/conditions/back-pain/", "/contact/"]
numbers = count(1)


@dataclass
class Guest:
    """One patient with a time of their own. `answers` are those to the form, 0 for none."""

    patient: Patient
    path: str
    answers: list[int] = field(default_factory=list)
    typing_kept: bool = True

    @property
    def name(self) -> str:
        return self.patient.typed["name"]

    @property
    def is_booked(self) -> bool:
        return DONE in self.answers

    def send(self) -> int:
        """Send the form as the browser has it now; the status, 0 where no answer came."""
        try:
            answer = self.patient.ask("POST", self.path, urlencode(self.patient.form))
        except (OSError, HTTPException):
            self.answers.append(NONE)
            return NONE
        self.answers.append(answer.status)
        if answer.status not in (NONE, DONE):
            self.keep(answer)
        return answer.status

    def keep(self, answer: Answer) -> None:
        """Go on with the form that came back; whether all that was typed is in it."""
        form, typed = answer.form.values, self.patient.typed
        self.typing_kept = self.typing_kept and typed.items() <= (form | chosen(answer)).items()
        self.patient.form = form | typed


def chosen(answer: Answer) -> dict[str, str]:
    """Radio buttons come back chosen, or as hidden fields."""
    return dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"[^>]*checked', answer.page))


def guests(site: str, first_day: date, wanted: int, taken: set[str]) -> list[Guest]:
    """So many, each with the form of another time before them, from that day on."""
    found: list[Guest] = []
    for offset in range(60):
        for path in times(site, first_day + timedelta(days=offset), taken):
            if len(found) == wanted:
                return found
            guest = Guest(patient(site), path)
            assert guest.patient.open(path).status == 200, path
            found.append(guest)
    raise RuntimeError(f"There are but {len(found)} times.")


def times(site: str, day: date, taken: set[str]) -> Iterator[str]:
    """Addresses of times on a week's pages that are far from all others that were given out."""
    page = Patient(site, {}).ask("GET", f"/book/?from={day}").page
    for path, therapist, moment in SLOT.findall(page):
        if not any(is_near(f"{therapist} {moment}", other) for other in taken):
            taken.add(f"{therapist} {moment}")
            yield unescape(path)


def is_near(one: str, other: str) -> bool:
    (therapist, at), (same, then) = one.split(), other.split()
    apart = datetime.strptime(at, FORMAT) - datetime.strptime(then, FORMAT)
    return therapist == same and abs(apart) < APART


def patient(site: str) -> Patient:
    number = next(numbers)
    typed = {
        "name": f"Guest {number} O'Neil <&>",
        "phone": f"(212) 555-{number:04}",
        "email": f"guest-{number}@example.org",
        "reason": f'Pain, "number {number}"',
        "payment": "self-pay",
        "red_flags": "no",
    }
    return Patient(site, typed)


def all_send(people: Sequence[Guest]) -> Counter[int]:
    """How often each status was the answer; several send at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(Guest.send, people))


def statuses_of(site: str, paths: Sequence[str], rounds: int = 1) -> Counter[int]:
    """What each page answers to somebody who has no cookie."""
    found: Counter[int] = Counter()
    for path in [*paths] * rounds:
        try:
            found[Patient(site, {}).ask("GET", path).status] += 1
        except (OSError, HTTPException):
            found[NONE] += 1
    return found


def wrong(people: Sequence[Guest]) -> list[str]:
    """Who has not just one visit with one confirmation owed, or just none where none was booked."""
    lines = []
    for guest in people:
        visits = Appointment.objects.filter(name=guest.name)
        owed = OutgoingEmail.objects.filter(appointment__in=visits, kind="confirmation")
        found = visits.count(), owed.count()
        if found != (int(guest.is_booked),) * 2:
            lines.append(f"{guest.name}: {found} after {guest.answers}")
    return lines


def over_one_another() -> int:
    return len(overlapping_pairs())
