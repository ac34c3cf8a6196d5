"""What is to do by person: all of somebody's tasks beside each other, and who called them last."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Q

from booking import contacts
from booking.desk import telephoned
from booking.models import Appointment, ContactAttempt, Enquiry, WaitlistEntry
from booking.visits.attempts import About


class Doing(Protocol):
    """What is asked of a task here."""

    @property
    def who(self) -> str: ...
    @property
    def about(self) -> About | None: ...


@dataclass
class Line:
    """One task of a person; `kind` names the pile that it comes from, if that is another."""

    task: Any
    kind: str = ""
    attempts: Sequence[ContactAttempt] = ()
    called_about: str = ""  # as the click says it; empty where nobody can be called

    @property
    def sequence(self) -> int | str:
        """The version of a visit that is shown."""
        return getattr(self.task.about, "sequence", "")


@dataclass
class Person:
    """Somebody, with all that is to do about them."""

    lines: list[Line] = field(default_factory=list)

    @property
    def first(self) -> Any:
        return self.lines[0].task

    def add(self, task: Any, kind: str, attempts: Mapping[str, Sequence[ContactAttempt]]) -> None:
        """One more task; of several about the same visit the first has its calls."""
        about = telephoned.name_of(task.about) if task.about is not None else ""
        if about in [telephoned.name_of(line.task.about) for line in self.lines if about]:
            self.lines.append(Line(task, kind))
            return
        may_call = about if about and task.about.phone else ""
        self.lines.append(Line(task, kind, attempts.get(about, ()), may_call))


def together(piles: Mapping[str, Sequence[Doing]]) -> dict[str, list[Person]]:
    """Of each pile (by its title, the most pressing first) those who stand in none before it, each
    with what the other piles have of them. One query, for the calls.

    One person is who has one name and one telephone: a family shares a number.
    """
    attempts = _attempts(task.about for tasks in piles.values() for task in tasks)
    found: dict[Any, Person] = {}
    places: dict[str, list[Person]] = {}
    home: dict[Any, str] = {}
    for title, tasks in piles.items():
        places[title] = []
        for task in tasks:
            key = _key(task)
            if key not in found:
                found[key] = Person()
                home[key] = title
                places[title].append(found[key])
            kind = "" if home[key] == title else title
            found[key].add(task, kind, attempts)
    return places


def _key(task: Doing) -> Any:
    """What two tasks of one person have in common; each by itself where it is about nobody."""
    if task.about is None:
        return object()
    phone = task.about.phone_e164 or task.about.phone
    return contacts.fold(task.who), phone


def _attempts(about: Iterable[About | None]) -> dict[str, list[ContactAttempt]]:
    """The calls about each, the last first; those about another time of a visit left out."""
    rows = {telephoned.name_of(row): row for row in about if row is not None}
    asked = Q(appointment__in=_keys(rows.values(), Appointment))
    asked |= Q(enquiry__in=_keys(rows.values(), Enquiry))
    asked |= Q(wish__in=_keys(rows.values(), WaitlistEntry))
    found: dict[str, list[ContactAttempt]] = defaultdict(list)
    for attempt in ContactAttempt.objects.filter(asked).select_related("made_by"):
        for name in _names(attempt):
            if attempt.sequence == getattr(rows[name], "sequence", 0):
                found[name].append(attempt)
    return found


def _keys(rows: Iterable[About], model: type) -> set[int]:
    return {row.pk for row in rows if isinstance(row, model)}


def _names(attempt: ContactAttempt) -> Iterator[str]:
    """What it is about, as the click says it."""
    named = {
        "visit": attempt.appointment_id,
        "question": attempt.enquiry_id,
        "wish": attempt.wish_id,
    }
    yield from (f"{name}-{pk}" for name, pk in named.items() if pk)
