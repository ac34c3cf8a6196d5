"""A dose as data, and the one sentence a patient reads."""

from dataclasses import dataclass, fields

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conditions.models.doses import Dosed


@dataclass(frozen=True)
class Dose:
    """How much of an exercise. None means: no source gives a number."""

    hold_seconds: int | None = None
    hold_seconds_max: int | None = None
    hold_breaths: int | None = None
    hold_breaths_max: int | None = None
    repetitions_min: int | None = None
    repetitions_max: int | None = None
    sets: int | None = None
    rest_seconds: int | None = None  # between two sets
    duration_seconds: int | None = None
    per: str = ""  # "side", "direction", or empty: once
    times_a_day: int | None = None
    days_a_week: int | None = None
    weeks: int | None = None
    weeks_max: int | None = None

    @classmethod
    def of(cls, row: Dosed) -> "Dose":
        """The dose fields of an exercise, or of a use that has a dose of its own."""
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})


def sentence(dose: Dose) -> str:
    """One exact sentence, in the active language, naming each number the dose has and no other.

    Two doses that differ never read the same. Raises ValueError for a dose without
    repetitions, duration or hold, which the database does not allow either.
    """
    if dose == Dose(repetitions_min=1, per=dose.per):
        return _first_try(dose.per)
    counted = [*_what(dose)]
    if not counted:
        raise ValueError("A dose has repetitions, a duration or a hold.")
    return ", ".join([*_for_each(counted, dose.per), *_sets(dose), *_how_often(dose)]) + "."


def frequency(dose: Dose) -> str:
    """How often, in the words that end the sentence; empty if no source says."""
    return ", ".join(_how_often(dose))


def _first_try(per: str) -> str:
    """One repetition and nothing else is where to start, not all there is to do."""
    (clause,) = _for_each([_("Start with 1 repetition")], per)
    return _("%(dose)s; ask us when to do more.") % {"dose": clause}


def _what(dose: Dose) -> list[str]:
    clauses = []
    if dose.hold_seconds:
        seconds = _seconds(dose.hold_seconds, dose.hold_seconds_max)
        clauses.append(_("Hold for %(seconds)s") % {"seconds": seconds})
    if dose.hold_breaths:
        breaths = _breaths(dose.hold_breaths, dose.hold_breaths_max)
        clauses.append(_("Hold for %(breaths)s") % {"breaths": breaths})
    if dose.repetitions_min:
        times = _times(dose.repetitions_min, dose.repetitions_max)
        clauses.append(times if clauses else _("Do it %(times)s") % {"times": times})
    if dose.duration_seconds:
        seconds = _seconds(dose.duration_seconds)
        text = _("for %(seconds)s in all") if clauses else _("Keep going for %(seconds)s")
        clauses.append(text % {"seconds": seconds})
    return clauses


def _for_each(clauses: list[str], per: str) -> list[str]:
    """The last clause says what it is counted for."""
    if per == "side":
        last = _("%(dose)s on each side") % {"dose": clauses[-1]}
    elif per == "direction":
        last = _("%(dose)s in each direction") % {"dose": clauses[-1]}
    else:
        last = clauses[-1]
    return [*clauses[:-1], last]


def _sets(dose: Dose) -> list[str]:
    if not dose.sets:
        return []
    sets = ngettext("%(n)s set", "%(n)s sets", dose.sets) % {"n": dose.sets}
    if not dose.rest_seconds:
        return [sets]
    rest = _seconds(dose.rest_seconds)
    return [_("%(sets)s with %(seconds)s of rest between them") % {"sets": sets, "seconds": rest}]


def _how_often(dose: Dose) -> list[str]:
    clauses = []
    if dose.times_a_day:
        clauses.append(_a_day(dose.times_a_day))
    if dose.days_a_week:
        clauses.append(_a_week(dose.days_a_week))
    if dose.weeks:
        clauses.append(_for_weeks(dose.weeks, dose.weeks_max))
    return clauses


def _seconds(low: int, high: int | None = None) -> str:
    if high:
        return _("%(low)s to %(high)s seconds") % {"low": low, "high": high}
    return ngettext("%(n)s second", "%(n)s seconds", low) % {"n": low}


def _breaths(low: int, high: int | None = None) -> str:
    if high:
        return _("%(low)s to %(high)s breaths") % {"low": low, "high": high}
    return ngettext("%(n)s breath", "%(n)s breaths", low) % {"n": low}


def _times(low: int, high: int | None = None) -> str:
    if high:
        return _("%(low)s to %(high)s times") % {"low": low, "high": high}
    return _("once") if low == 1 else _("%(n)s times") % {"n": low}


def _a_day(times: int) -> str:
    return _("once a day") if times == 1 else _("%(n)s times a day") % {"n": times}


def _a_week(days: int) -> str:
    if days == 7:
        return _("every day")
    return ngettext("%(n)s day a week", "%(n)s days a week", days) % {"n": days}


def _for_weeks(low: int, high: int | None) -> str:
    if high:
        return _("for %(low)s to %(high)s weeks") % {"low": low, "high": high}
    return ngettext("for %(n)s week", "for %(n)s weeks", low) % {"n": low}
