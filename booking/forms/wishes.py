"""What people type who wait for a sooner time, and how it is checked."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from booking.calendars import free_times, hours, places
from booking.earlier.waitlist import Wish
from booking.forms.contact import ContactFields, KeyField, SafetyQuestion
from booking.forms.slips import AddressedForm
from booking.models import Location, Therapist, WaitlistEntry, Weekday, WorkingHours
from booking.models.day_parts import DAY_PARTS, DayPart
from booking.visits.requests import Patient

PLACE_GONE = _("The place you chose cannot be booked now.")


def choices(whom: Iterable[Therapist] | None = None, where: Q = hours.NO_LIMIT) -> dict[str, Any]:
    """What somebody can wish for: whom, where, and which days, as can be booked online; of the
    therapists given, and `where` the places are such, if not of all.
    """
    therapists = list(free_times.bookable_therapists() if whom is None else whom)
    found = WorkingHours.objects.filter(therapist__in=therapists).order_by()
    rules = list(found.values_list("weekday", "opens", "closes").distinct())
    return {
        "therapists": therapists,
        "locations": places.several(timezone.now(), where),
        "weekdays": {weekday for weekday, _opens, _closes in rules},
        "parts": [p for p in DAY_PARTS if any(p.is_reached(*span) for _day, *span in rules)],
    }


class WishForm(forms.Form):
    """Which days and parts of the day suit somebody who waits for a sooner time."""

    weekdays = forms.MultipleChoiceField(
        label=_("Which days suit you?"),
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take out those that do not."),
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Choose at least one day that suits you")
        ),
    )
    parts = forms.MultipleChoiceField(
        label=_("Which part of the day?"),
        choices=[(part.slug, part.when) for part in DAY_PARTS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take out those that do not suit you."),
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Choose at least one part of the day that suits you")
        ),
    )
    therapist = forms.ChoiceField(
        label=_("With whom?"), required=False, choices=[("", _("Anyone"))], widget=forms.RadioSelect
    )

    location = forms.ChoiceField(
        label=_("Where?"), required=False, choices=[("", _("Any place"))], widget=forms.RadioSelect
    )

    def __init__(
        self,
        *args: Any,
        therapists: list[Therapist],
        locations: list[Location],
        weekdays: set[int],
        parts: list[DayPart],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.therapists = {row.slug: row for row in therapists}
        self.locations = {row.slug: row for row in locations}
        fields: dict[str, Any] = self.fields
        fields["weekdays"].choices = [
            (str(day), name) for day, name in Weekday.choices if day in weekdays
        ]
        fields["parts"].choices = [(part.slug, capfirst(str(part.when))) for part in parts]
        fields["therapist"].choices += [(row.slug, row.name) for row in therapists]
        fields["location"].choices += [(row.slug, row.name) for row in locations]
        for name in ("weekdays", "parts"):  # who waits will mostly take what comes
            fields[name].initial = [value for value, _words in fields[name].choices]
        self.place_gone = self._let_go_of_the_place()
        for name, count in (("therapist", len(therapists)), ("location", len(locations))):
            if count < 2:  # nothing to choose
                del fields[name]

    def _let_go_of_the_place(self) -> str:
        """Words for a place chosen before that is none to choose any more, "Any place" instead."""
        if self.initial.get("location", "") in {"", *self.locations}:
            return ""
        self.initial["location"] = ""
        self.fields["location"].help_text = PLACE_GONE
        return str(PLACE_GONE)

    def wish(self) -> Wish:
        """What was chosen, checked."""
        data = self.cleaned_data
        therapist = self.therapists.get(data.get("therapist", ""))
        location = self.locations.get(data.get("location", ""))
        return Wish(
            weekdays="".join(sorted(set(data["weekdays"]))),
            **{part.slug: part.slug in data["parts"] for part in DAY_PARTS},
            therapist_id=therapist.pk if therapist else None,
            location_id=location.pk if location else None,
        )


class WishContactForm(ContactFields, SafetyQuestion, AddressedForm, WishForm):
    """What suits somebody who has no visit, and how to reach them."""

    visit = forms.CharField(required=False, widget=forms.HiddenInput)
    key = KeyField(required=False, widget=forms.HiddenInput)

    field_order = ["red_flags", "weekdays", "parts", "therapist", "location"]
    field_order += ["name", "phone", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("We write to you here when a time is free.")
        self.fields["phone"].help_text = _("We only call if an e-mail does not reach you.")

    def patient(self, condition_id: int | None) -> Patient:
        """What was typed, checked."""
        kept = {name: self.cleaned_data[name] for name in ("name", "phone", "email")}
        return Patient(**kept, phone_e164=self.phone_e164, condition_id=condition_id)


def chosen_on_the_way(
    asked: Mapping[str, str], therapists: Iterable[Therapist], locations: Iterable[Location]
) -> dict[str, Any]:
    """What narrowed the free times, for the form of whom none of them suited."""
    whom, where = asked.get("therapist", ""), asked.get("location", "")
    narrowed = {
        "weekdays": [str(day.value) for day in Weekday if day.name.lower() == asked.get("day")],
        "parts": [part.slug for part in DAY_PARTS if part.slug == asked.get("part")],
    }
    return {name: values for name, values in narrowed.items() if values} | {
        "therapist": whom if whom in {row.slug for row in therapists} else "",
        "location": where if where in {row.slug for row in locations} else "",
    }


def chosen_before(wish: WaitlistEntry) -> dict[str, Any]:
    """What a wish says, for the form that changes it."""
    return {
        "weekdays": list(wish.weekdays),
        "parts": [part.slug for part in wish.parts],
        "therapist": wish.therapist.slug if wish.therapist else "",
        "location": wish.location.slug if wish.location else "",
    }
