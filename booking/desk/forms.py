"""What the desk types: for a caller, for a move, for contact details."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.calendars import doubts, hours, instants
from booking.desk import frame, places
from booking.desk.telephones import PhoneOrReason
from booking.forms.contact import LineBreaksField
from booking.forms.details import NeedsForm
from booking.forms.slips import AskingForm
from booking.models import Appointment, Location, Payment, Therapist, TimeOffer, VisitType
from booking.visits import duplicates
from booking.visits.requests import Patient

validate_no_nul = ProhibitNullCharactersValidator()
YEARS_BACK, YEARS_AHEAD = timedelta(days=366), timedelta(days=2 * 366)
PAYMENTS = [
    ("", gettext_lazy("Not said")),
    (Payment.INSURANCE.value, gettext_lazy("Insurance")),
    (Payment.SELF_PAY.value, gettext_lazy("Pays themselves")),
]


class BySlug(forms.ModelChoiceField):
    """A row chosen by its slug."""

    def __init__(self, rows: Any, **kwargs: Any) -> None:
        super().__init__(rows, to_field_name="slug", **kwargs)

    def to_python(self, value: Any) -> Any:
        validate_no_nul(value)  # PostgreSQL refuses to look for it
        return super().to_python(value)


class WhenForm(forms.Form):
    """A therapist and a start in clinic time. `slot` in the data, a free time's button, wins."""

    therapist = BySlug(
        Therapist.objects.filter(active=True),
        label=gettext_lazy("Therapist"),
        empty_label=gettext_lazy("Choose"),
    )
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    time = forms.TimeField(
        label=gettext_lazy("Start, clinic time"),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
    )
    location = BySlug(
        Location.objects.all(),
        label=gettext_lazy("Place"),
        required=False,
        empty_label=gettext_lazy("As the hours say"),
    )

    starts_at: datetime | None = None
    asked: Sequence[str] = ()  # the doubts, once they were looked for
    known: Sequence[str] = ()  # their codes: what the visit is kept against

    def __init__(self, data: Any = None, *, user: AbstractUser, **kwargs: Any) -> None:
        super().__init__(with_slot(data) if data is not None else None, **kwargs)
        self.user, fields = user, dict[str, Any](self.fields)
        fields["therapist"].queryset = places.working(user)
        self.only_place = places.offer(self.fields, "location", user)

    def clean_day(self) -> Any:
        day, today = self.cleaned_data["day"], hours.today(timezone.now())
        if not today - YEARS_BACK <= day <= today + YEARS_AHEAD:
            raise forms.ValidationError(_("Check the year: that day is too far away."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("day") and data.get("time"):
            wall = datetime.combine(data["day"], data["time"].replace(second=0, microsecond=0))
            try:
                self.starts_at = from_current_timezone(wall)
            except forms.ValidationError:
                self.add_error("time", _("The clocks change then: choose another time."))
        return data

    def doubts(self, ends_at: datetime, now: datetime) -> list[str]:
        """What speaks against that time, though the desk may still take it, in words."""
        self.asked = found = self.find_doubts(ends_at, now)
        return found

    def find_doubts(self, ends_at: datetime, now: datetime) -> list[str]:
        """The same, looked for; `doubts` notes them as what the tick is about."""
        visit, place = self.as_asked(ends_at), self.place()
        found = doubts.of_time(visit)
        self.known = [doubt.code for doubt in found]
        time = visit.therapist, visit.starts_at, ends_at, now
        offers = TimeOffer.objects.visible_to(self.user)
        said = doubts.against(*time, moving=self.moving(), location=place, offers=offers)
        return said + [doubt.words for doubt in found if doubt.words not in said]

    def as_asked(self, ends_at: datetime) -> Appointment:
        """The visit as it would be; unsaved, of no patient. It has a place where hours cover it."""
        therapist, place = self.cleaned_data["therapist"], self.place()
        assert self.starts_at is not None
        visit = Appointment(
            therapist=therapist,
            visit_type=self.chosen_type(),
            starts_at=self.starts_at,
            ends_at=ends_at,
        )
        if here := place.pk if place else hours.location_for(therapist, self.starts_at, ends_at):
            visit.location_id = here
        return visit

    def chosen_type(self) -> VisitType:
        """What kind of visit it is."""
        return self.cleaned_data["visit_type"]

    def moving(self) -> Appointment | None:
        """The visit that moves, if one does."""
        return None

    def place(self) -> Location | None:
        """Where the desk wants the visit; None for where the hours have it."""
        return self.cleaned_data.get("location") or self.only_place

    def confirmation(self) -> str:
        """What the tick must say: one for a time, a place and doubts is none for any others."""
        assert self.starts_at is not None
        slot = f"{self.cleaned_data['therapist'].slug}:{instants.code(self.starts_at)}"
        place = self.place()
        asked = hashlib.sha256("\n".join([*self.asked, *self.known]).encode()).hexdigest()[:12]
        return f"{slot}:{place.slug if place else ''}:{asked}"

    def is_confirmed(self) -> bool:
        return self.data.get("confirm") == self.confirmation()


def with_slot(data: Any) -> Any:
    """What was sent, at the time of the button that was pressed, if one was."""
    therapist, _colon, code = data.get("slot", "").partition(":")
    try:
        wall = timezone.localtime(instants.parse(code))
    except ValueError:
        return data
    chosen = data.copy()
    chosen["therapist"] = therapist
    chosen["day"], chosen["time"] = f"{wall:%Y-%m-%d}", f"{wall:%H:%M}"
    return chosen


class ContactForm(PhoneOrReason, AskingForm):
    """How to reach the patient, as the desk keeps it; the e-mail address may be missing.

    A likely slip in it is asked about with `admin/booking/includes/slip.html`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label, self.fields["phone"].label = _("Name"), _("Telephone")
        self.fields["email"].required = False
        self.fields["email"].help_text = _("Without one, nothing is mailed.")
        self.fields["phone"].help_text = ""
        for field in ("name", "phone", "email"):  # the patient's, not those of whoever types
            self.fields[field].widget.attrs["autocomplete"] = "off"


class CorrectionForm(ContactForm):
    """What the desk corrects of a visit, but for its time."""

    payment = forms.ChoiceField(label=gettext_lazy("Payment"), required=False, choices=PAYMENTS)

    def changes(self) -> dict[str, str]:
        """What was typed, checked; without the payment where the form sent none."""
        sent = ["name", "phone", "no_phone_reason", "email"]
        sent += ["payment"] if "payment" in self.data else []
        return {name: self.cleaned_data[name] for name in sent} | {"phone_e164": self.phone_e164}


# The patient's form asks for the same in words for patients.
CALLERS_WORDS = {
    "booked_by": (gettext_lazy("Who calls, if somebody else"), gettext_lazy("Such as a parent.")),
    "interpreter": (gettext_lazy("Interpreter"), gettext_lazy("Into which language.")),
    "wants_gender": (gettext_lazy("Wants to be treated by"), ""),
    "step_free": (gettext_lazy("Needs a way in without steps"), ""),
}


class CallersNeeds(NeedsForm):
    """What the person coming needs, in words for whoever types it for them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in CALLERS_WORDS.items():
            self.fields[name].label, self.fields[name].help_text = str(label), str(help_text)


class CallerForm(ContactForm, CallersNeeds, WhenForm):
    """A visit for somebody on the telephone or at the desk."""

    visit_type = BySlug(VisitType.objects.offered(), label=gettext_lazy("Visit type"))
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
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    field_order = ["name", "phone", "no_phone_reason", "email", "visit_type", "therapist", "day"]
    field_order += ["time", "location"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:  # what is wrong has the attention else
            self.fields["name"].widget.attrs["autofocus"] = True

    @property
    def is_more_told(self) -> bool:
        """Whether what is folded below the button holds anything: then it stands open."""
        told = self["payment"], self["no_phone_reason"]
        return self.is_touched or any(field.value() or field.errors for field in told)

    def ends_at(self) -> datetime:
        assert self.starts_at is not None
        return self.starts_at + self.cleaned_data["visit_type"].length

    def find_doubts(self, ends_at: datetime, now: datetime) -> list[str]:
        """Also that the caller may have such a visit already."""
        assert self.starts_at is not None
        asked = self.patient(), self.cleaned_data["visit_type"], self.starts_at, now
        words = _("May be the same person as %(ref)s: %(when)s with %(name)s.")
        visible = Appointment.objects.visible_to(self.user)
        found = duplicates.of_asked(*asked, among=visible).exclude(
            key=self.cleaned_data["key"],
            key__isnull=False,  # sent twice, it is itself
        )
        return super().find_doubts(ends_at, now) + [
            words
            % {
                "ref": visit.reference,
                "when": frame.in_words(visit.starts_at),
                "name": visit.therapist.name,
            }
            for visit in found.select_related("therapist")
        ]

    def patient(self) -> Patient:
        """What was typed, checked."""
        names = ["name", "phone", "no_phone_reason", "email", "reason", "payment"]
        kept = {name: self.cleaned_data[name] for name in names}
        return Patient(**kept, **self.needs(), phone_e164=self.phone_e164)
