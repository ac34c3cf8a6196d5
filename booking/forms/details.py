"""What patients type, and how it is checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking import contacts
from booking.forms.contact import ContactFields, KeyField, LineBreaksField, SafetyQuestion
from booking.forms.slips import AddressedForm
from booking.models import Gender, Payment
from booking.visits.requests import Patient


class PaymentSelect(forms.RadioSelect):
    """Ties the notice on prices and estimates to the choice that it is about."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value == Payment.SELF_PAY:
            option["attrs"]["aria-describedby"] = f"id_{name}_notice"
        return option


class NeedsForm(forms.Form):
    """Who books, if it is somebody else, and what the person coming needs; all optional."""

    booked_by = forms.CharField(
        label=_("Your name, if you book for someone else"),
        required=False,
        max_length=100,
        help_text=_("Such as your child or a parent. Put their name above, yours here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    interpreter = forms.CharField(
        label=_("Interpreter: which language?"),
        required=False,
        max_length=60,
        help_text=_("Such as Spanish or sign language. It is free."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    wants_gender = forms.ChoiceField(
        label=_("Who should treat you?"),
        required=False,
        choices=[("", _("Either is fine")), *Gender.choices],
        help_text=_("If you chose someone else by name, we may call you."),
    )
    step_free = forms.BooleanField(label=_("I need a way in without steps"), required=False)

    def clean_booked_by(self) -> str:
        return contacts.tidy(self.cleaned_data["booked_by"])

    def clean_interpreter(self) -> str:
        return contacts.tidy(self.cleaned_data["interpreter"])

    @property
    def is_touched(self) -> bool:
        """Whether the folded part holds anything: then it stands open."""
        return any(self[name].value() or self[name].errors for name in NeedsForm.base_fields)

    def needs(self) -> dict[str, Any]:
        """What was typed here, checked, by the names of `Patient` and `Appointment`."""
        return {name: self.cleaned_data[name] for name in NeedsForm.base_fields}


class ReasonAndPayment(forms.Form):
    """What the visit is for and how it will be paid; both optional."""

    reason = LineBreaksField(
        label=_("What would you like help with?"),
        required=False,
        max_length=500,
        error_messages={"max_length": _("Use 500 characters or fewer. You typed %(show_value)d.")},
        help_text=_("A few words, up to 500 characters. Only your care team reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    payment = forms.ChoiceField(
        label=_("How will you pay?"),
        required=False,
        choices=Payment.choices,
        widget=PaymentSelect,
        help_text=_("You can also tell us later."),
    )


class DetailsForm(ContactFields, NeedsForm, ReasonAndPayment, SafetyQuestion, AddressedForm):
    """The one form of a booking. Three fields and the safety question are required."""

    visit = forms.CharField(required=False, widget=forms.HiddenInput)
    for_condition = forms.CharField(required=False, widget=forms.HiddenInput)
    key = KeyField(required=False, widget=forms.HiddenInput)

    field_order = ["name", "phone", "email", "red_flags", "booked_by", "reason"]
    field_order += [name for name in NeedsForm.base_fields if name != "booked_by"]

    @property
    def is_more_told(self) -> bool:
        """Whether what is folded below the button holds anything: then it stands open."""
        told = [*NeedsForm.base_fields, *ReasonAndPayment.base_fields]
        return any(self[name].value() or self[name].errors for name in told)

    def add_prefix(self, field_name: str) -> str:
        # The contract's name is a Python keyword.
        return super().add_prefix("for" if field_name == "for_condition" else field_name)

    def patient(self, condition_id: int | None) -> Patient:
        """What was typed, checked."""
        data: dict[str, Any] = self.cleaned_data
        return Patient(
            name=data["name"],
            phone=data["phone"],
            phone_e164=self.phone_e164,
            email=data["email"],
            reason=data["reason"],
            payment=data["payment"],
            condition_id=condition_id,
            **self.needs(),
        )


class FirstVisitForm(NeedsForm, ReasonAndPayment, SafetyQuestion):
    """What a booking asks beyond the contact that the earlier-time list has already."""

    field_order = ["red_flags", *NeedsForm.base_fields, "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["booked_by"].help_text = _("Such as your child or a parent.")

    def details(self) -> dict[str, Any]:
        """What was typed, checked, by the names of `Patient`."""
        names = ReasonAndPayment.base_fields
        return {name: self.cleaned_data[name] for name in names} | self.needs()
