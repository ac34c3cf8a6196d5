"""What people type who wait for a sooner time, and how it is checked."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.forms import ContactFields, KeyField, SafetyQuestion
from booking.guards import GuardedForm
from booking.models import Therapist, WaitlistEntry, Weekday
from booking.preferences import DAY_PARTS
from booking.requests import Patient
from booking.waitlist import Wish

MORNING, AFTERNOON = "morning", "afternoon"


class WishForm(forms.Form):
    """Which days and parts of the day suit somebody who waits for a sooner time."""

    weekdays = forms.MultipleChoiceField(
        label=_("Which days suit you?"),
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose all that suit you."),
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Choose at least one day that suits you")
        ),
    )
    parts = forms.MultipleChoiceField(
        label=_("Which part of the day?"),
        choices=[(MORNING, _("Before noon")), (AFTERNOON, _("Noon or later"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose one or both."),
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Choose before noon, noon or later, or both")
        ),
    )
    therapist = forms.ChoiceField(
        label=_("With whom?"), required=False, choices=[("", _("Anyone"))], widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, therapists: list[Therapist], weekdays: set[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.therapists = {row.slug: row for row in therapists}
        fields: dict[str, Any] = self.fields
        fields["weekdays"].choices = [
            (str(day), name) for day, name in Weekday.choices if day in weekdays
        ]
        fields["therapist"].choices += [(row.slug, row.name) for row in therapists]
        if len(therapists) < 2:  # nothing to choose
            del fields["therapist"]

    def wish(self) -> Wish:
        """What was chosen, checked."""
        data = self.cleaned_data
        therapist = self.therapists.get(data.get("therapist", ""))
        return Wish(
            weekdays="".join(sorted(set(data["weekdays"]))),
            morning=MORNING in data["parts"],
            afternoon=AFTERNOON in data["parts"],
            therapist_id=therapist.pk if therapist else None,
        )


class WishContactForm(ContactFields, SafetyQuestion, GuardedForm, WishForm):
    """The same for somebody without a visit, with how to reach them."""

    visit = forms.CharField(required=False, widget=forms.HiddenInput)
    key = KeyField(required=False, widget=forms.HiddenInput)

    field_order = ["red_flags", "weekdays", "parts", "therapist", "name", "phone", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("We write to you here when a time is free.")
        self.fields["phone"].help_text = _("We only call if an e-mail does not reach you.")

    def patient(self, condition_id: int | None) -> Patient:
        """What was typed, checked."""
        kept = {name: self.cleaned_data[name] for name in ("name", "phone", "email")}
        return Patient(**kept, phone_e164=self.phone_e164, condition_id=condition_id)


def chosen_on_the_way(asked: Mapping[str, str], therapists: Iterable[Therapist]) -> dict[str, Any]:
    """What narrowed the free times, for the form of whom none of them suited."""
    whom = asked.get("therapist", "")
    part = next((part for part in DAY_PARTS if part.slug == asked.get("part")), None)
    before_noon = part == DAY_PARTS[0]
    return {
        "weekdays": [str(day.value) for day in Weekday if day.name.lower() == asked.get("day")],
        "parts": [MORNING if before_noon else AFTERNOON] if part else [],
        "therapist": whom if whom in {row.slug for row in therapists} else "",
    }


def chosen_before(wish: WaitlistEntry) -> dict[str, Any]:
    """What a wish says, for the form that changes it."""
    parts = [(MORNING, wish.morning), (AFTERNOON, wish.afternoon)]
    return {
        "weekdays": list(wish.weekdays),
        "parts": [name for name, suits in parts if suits],
        "therapist": wish.therapist.slug if wish.therapist else "",
    }
