"""What the desk types for a series: which days and how often, who comes, and a move of the rest."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.calendars import hours
from booking.calendars.proposals import Want, wanted_days
from booking.desk import places
from booking.desk.forms import PAYMENTS, YEARS_AHEAD, BySlug, CallersNeeds, ContactForm
from booking.forms.contact import KeyField, LineBreaksField
from booking.models import Appointment, Therapist, VisitType, Weekday
from booking.models.appointment import NEEDS
from booking.models.day_parts import DAY_PARTS
from booking.models.series import MOST
from booking.visits.requests import Patient

MOST_WEEKS = 26
ANY = gettext_lazy("Any")
PERSON = ["name", "phone", "email", "booked_by", "payment", *NEEDS]


class WithTherapist(forms.Form):
    """Whom the user may book is there to be chosen."""

    def __init__(self, *args: Any, user: AbstractUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dict[str, Any](self.fields)
        fields["therapist"].queryset = places.working(user)


class PatternForm(WithTherapist):
    """Which visits: "twice a week for four weeks, Tuesdays and Thursdays, mornings"."""

    visit_type = BySlug(VisitType.objects.offered(), label=gettext_lazy("Visit type"))
    therapist = BySlug(
        Therapist.objects.filter(active=True),
        label=gettext_lazy("Therapist"),
        required=False,
        empty_label=ANY,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days of the week"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick one day of the week or more.")},
    )
    part = forms.ChoiceField(
        label=gettext_lazy("Part of the day"),
        required=False,
        choices=[("", ANY), *((part.slug, part.name) for part in DAY_PARTS)],
    )
    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("For how many weeks"), min_value=1, max_value=MOST_WEEKS
    )
    most = forms.IntegerField(
        label=gettext_lazy("Visits at most"),
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=gettext_lazy("Empty for one on every day that you ticked; 24 is the limit."),
    )

    def clean_first(self) -> Any:
        first, today = self.cleaned_data["first"], hours.today(timezone.now())
        if not today <= first <= today + YEARS_AHEAD:
            raise forms.ValidationError(_("Choose today or a later day, in the next two years."))
        return first

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.days():
            self.add_error("weeks", _("None of the days that you ticked is in that time."))
        return data

    def days(self) -> list[Any]:
        """The clinic days that follow from it."""
        data = self.cleaned_data
        most = data["most"] or MOST
        return wanted_days(data["first"], data["weekdays"], data["weeks"], most)

    def want(self, day: Any) -> Want:
        """What is wanted on one of the days."""
        therapist, part = self.cleaned_data["therapist"], self.cleaned_data["part"]
        chosen = next((row for row in DAY_PARTS if row.slug == part), None)
        return Want(day, therapist and therapist.pk, chosen)

    def fingerprint(self) -> str:
        """What tells whether a list of times was made for what the form says now."""
        names = ["visit_type", "therapist", "first", "weeks", "most", "part"]
        sent = [self.data.get(name, "") for name in names]
        return "|".join([*sent, *map(str, sorted(self.cleaned_data["weekdays"]))])


class PersonForm(ContactForm, CallersNeeds):
    """Who comes to all of the visits."""

    reason = LineBreaksField(
        label=gettext_lazy("Reason, in their words"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    payment = forms.ChoiceField(label=gettext_lazy("Payment"), required=False, choices=PAYMENTS)
    note = LineBreaksField(
        label=gettext_lazy("Private note"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("For staff. Never sent to anyone."),
        widget=forms.Textarea({"rows": 2}),
    )
    key = KeyField(required=False, widget=forms.HiddenInput)

    @property
    def is_more_told(self) -> bool:
        """Whether what is folded holds anything, or is asked for: then it stands open."""
        reason = self["no_phone_reason"].value()
        return self.is_touched or bool(reason or self.errors.get("phone"))

    def patient(self) -> Patient:
        """What was typed, checked."""
        names = ("name", "phone", "no_phone_reason", "email", "reason", "payment")
        kept = {name: self.cleaned_data[name] for name in names}
        return Patient(**kept, **self.needs(), phone_e164=self.phone_e164)


class ShiftForm(WithTherapist):
    """Where the first of the visits goes that move; the others keep their distance from it."""

    day = forms.DateField(
        label=gettext_lazy("New day of the first"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    time = forms.TimeField(
        label=gettext_lazy("New start of the first, clinic time"),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
    )
    therapist = BySlug(
        Therapist.objects.filter(active=True),
        label=gettext_lazy("Therapist"),
        required=False,
        empty_label=gettext_lazy("As before"),
    )

    def clean_day(self) -> Any:
        day, today = self.cleaned_data["day"], hours.today(timezone.now())
        if not today <= day <= today + YEARS_AHEAD:
            raise forms.ValidationError(_("Choose today or a later day, in the next two years."))
        return day

    def fingerprint(self) -> str:
        """What tells whether a list of times was made for what the form says now."""
        return "|".join(self.data.get(name, "") for name in ("day", "time", "therapist"))

    def wants(self, visits: list[Appointment]) -> list[Want]:
        """The same step of days and of clinic time for each of the visits."""
        local = [timezone.make_naive(visit.starts_at) for visit in visits]
        step = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"]) - local[0]
        therapist = self.cleaned_data["therapist"]
        return [
            _want(visit, was + step, therapist) for visit, was in zip(visits, local, strict=True)
        ]


def _want(visit: Appointment, wall: datetime, therapist: Therapist | None) -> Want:
    return Want(wall.date(), therapist.pk if therapist else visit.therapist_id, clock=wall.time())


def new_pattern(
    user: AbstractUser, visit: Appointment | None, visit_type: VisitType | None
) -> PatternForm:
    """An empty form; of whoever comes again with their therapist and the kind of visit."""
    chosen = visit.visit_type if visit and visit.visit_type.active else visit_type
    therapist = visit.therapist if visit and visit.therapist.active else None
    return PatternForm(
        user=user,
        initial={
            "visit_type": chosen and chosen.slug,
            "therapist": therapist and therapist.slug,
            "first": hours.today(timezone.now()) + timedelta(days=1),
            "weeks": 4,
        },
    )


def new_person(visit: Appointment | None) -> PersonForm:
    """An empty form; of whoever comes again with what is known of them."""
    known = {name: getattr(visit, name) for name in PERSON} if visit else {}
    # Nobody is asked about the address that was there.
    return PersonForm(initial=known | {"right_address": known.get("email"), "key": uuid.uuid4()})
