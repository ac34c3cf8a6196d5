"""Closures and time off as staff enter them: by days, and by the clock only where they say so."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.models.calendar import FIRST_YEAR, LAST_YEAR, MIDNIGHT, Absence, years_in_words

SPAN = ["first_day", "last_day", "hours"]  # stand in the form for starts_at and ends_at
CLOCK_TIMES = {"from": _("From, on the first day"), "until": _("Until, on the last day")}


class PartOfDay(forms.MultiWidget):
    """Two clock times, folded away while there are none; the fold needs no script."""

    def __init__(self) -> None:
        wall = {"type": "time"}
        super().__init__({name: forms.TimeInput(wall, "%H:%M") for name in CLOCK_TIMES})

    def decompress(self, value: Any) -> list[Any]:
        return list(value) if value else [None, None]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        values = value if isinstance(value, list) else self.decompress(value)
        labelled = [
            (label, widget.render(f"{name}_{key}", each, {"id": f"id_{name}_{key}"}, renderer))
            for (key, label), widget, each in zip(
                CLOCK_TIMES.items(), self.widgets, values, strict=True
            )
        ]
        return format_html(
            "<details{}><summary>{}</summary>{}</details>",
            SafeString(" open" if any(values) else ""),
            _("Only part of a day"),
            format_html_join("", "<p><label>{} {}</label></p>", labelled),
        )


class PartOfDayField(forms.MultiValueField):
    """From when and until when; either may be left out, and then the day is whole there."""

    def __init__(self, **options: Any) -> None:
        wall = forms.TimeField(required=False, input_formats=["%H:%M"])
        super().__init__(
            (wall, wall), widget=PartOfDay, required=False, require_all_fields=False, **options
        )

    def compress(self, data_list: Sequence[Any]) -> tuple[time | None, time | None]:
        began, ended = [*data_list, None, None][:2]
        return edge(began), edge(ended)


def edge(wall: time | None) -> time | None:
    """None, as for nothing typed, of midnight: there the day begins, or ends."""
    return None if wall in (None, "", MIDNIGHT) else wall


def day_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **options)


class AbsenceForm(forms.ModelForm):
    """First and last day of a closure or of time off, in clinic time.

    The row holds instants (UTC). Whole days run from the first moment that there is of the first
    day to that of the day after the last, also where the clock skips or repeats midnight.
    """

    of_row = SPAN  # values of the row, for the comparison of two savings

    first_day = day_field(label=_("First day"))
    last_day = day_field(label=_("Last day"), required=False, help_text=_("Empty: the same day."))
    hours = PartOfDayField(label=_("Hours"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.starts_at and self.instance.ends_at:
            self.initial = {**as_entered(self.instance), **self.initial}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_kept = self.instance.pk and not set(SPAN) & set(self.changed_data)
        if not is_kept and not self.errors:
            self._take(cleaned["first_day"], cleaned["last_day"], *cleaned["hours"])
        return cleaned

    def _take(self, first: date, last: date | None, began: time | None, ended: time | None) -> None:
        """Put the instants of these days and clock times into the row, or say what is wrong."""
        last = last or first
        if not (self._is_near("first_day", first) and self._is_near("last_day", last)):
            return
        if last < first:
            self.add_error("last_day", _("The last day must not be before the first."))
            return
        try:
            starts_at = instant(first, began) if began else hours.day_start(first)
            ends_at = instant(last, ended) if ended else hours.day_start(last + DAY)
        except ValidationError as error:
            self.add_error("hours", error)
            return
        if ends_at <= starts_at:
            self.add_error("hours", _("The end must be after the start."))
        elif self._is_near("first_day", starts_at) and self._is_near("last_day", ends_at):
            self.instance.starts_at, self.instance.ends_at = starts_at, ends_at

    def _is_near(self, name: str, value: date) -> bool:
        """Whether it lies in the years that absences take; else the field says so."""
        if FIRST_YEAR <= value.year <= LAST_YEAR:
            return True
        self.add_error(name, years_in_words())
        return False


def instant(day: date, wall: time) -> datetime:
    """The instant of a clock time. Raises ValidationError where the clock skips or repeats it."""
    found: datetime = forms.DateTimeField().clean(datetime.combine(day, wall))
    return found


def as_entered(row: Absence) -> dict[str, Any]:
    """Days, and clock times where it does not begin or end with a day, as the form has them."""
    first, last = hours.today(row.starts_at), hours.today(row.ends_at)
    began = None if row.starts_at == hours.day_start(first) else wall_time(row.starts_at)
    if row.ends_at == hours.day_start(last):
        last, ended = last - DAY, None
    else:
        ended = wall_time(row.ends_at)
    part = (began, ended) if began or ended else None
    return {"first_day": first, "last_day": last, "hours": part}


def wall_time(moment: datetime) -> time:
    return timezone.localtime(moment).time()
