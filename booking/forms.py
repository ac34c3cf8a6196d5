"""What patients type, and how it is checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking import contacts
from booking.contacts import to_e164
from booking.enquiries import Question
from booking.guards import GuardedForm
from booking.models import Gender, Payment
from booking.visits.requests import Patient

RED_FLAGS = [("no", _("No, none of these")), ("yes", _("Yes, at least one"))]


class ContactFields(forms.Form):
    """Name, telephone and e-mail of the person coming."""

    name = forms.CharField(
        label=_("Name of the person coming"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter the name of the person coming")},
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        max_length=40,
        help_text=_("We only call if something about your visit changes."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Enter a telephone number")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("We send the confirmation here, with a link to move or cancel."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter an e-mail address, or call us to book without one"),
            "invalid": _("Enter an e-mail address like name@example.com"),
        },
    )

    def clean_name(self) -> str:
        name = contacts.tidy(self.cleaned_data["name"])
        if not contacts.has_letter(name):
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        try:
            self.phone_e164 = to_e164(phone)
        except ValueError:
            raise forms.ValidationError(
                _("Enter a telephone number with its area code, like (212) 555-0143")
            ) from None
        return phone


class LineBreaksField(forms.CharField):
    """Text of several lines; a line break counts as one character, as browsers count it."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class KeyField(forms.UUIDField):
    """The form's own key. One that is broken is none: nobody could correct a hidden field."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return None


class PaymentSelect(forms.RadioSelect):
    """Ties the notice on prices and estimates to the choice that it is about."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value == Payment.SELF_PAY:
            option["attrs"]["aria-describedby"] = f"id_{name}_notice"
        return option


class SafetyQuestion(forms.Form):
    """The one question that stands under the list of emergencies; never preselected."""

    red_flags = forms.ChoiceField(
        label=_("Do any of these apply to you now?"),
        choices=RED_FLAGS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"],
            _("Say whether any of the emergency signs apply to you"),
        ),
    )


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


class DetailsForm(ContactFields, NeedsForm, ReasonAndPayment, SafetyQuestion, GuardedForm):
    """The one form of a booking. Three fields and the safety question are required."""

    visit = forms.CharField(required=False, widget=forms.HiddenInput)
    for_condition = forms.CharField(required=False, widget=forms.HiddenInput)
    key = KeyField(required=False, widget=forms.HiddenInput)

    field_order = ["red_flags", "name", "phone", "email", *NeedsForm.base_fields, "reason"]

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


class QuestionForm(ContactFields, SafetyQuestion, GuardedForm):
    """A question to the clinic, and an e-mail address or a telephone number for the answer."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("For our answer. Or give a telephone number below."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": _("Enter an e-mail address like name@example.com")},
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    message = LineBreaksField(
        label=_("Your question"),
        max_length=1000,
        error_messages={
            "required": _("Enter your question"),
            "max_length": _("Use 1,000 characters or fewer. You typed %(show_value)d."),
        },
        help_text=_(
            "Please leave out health details. Call us about those. Up to 1,000 characters."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    key = KeyField(required=False, widget=forms.HiddenInput)

    field_order = ["red_flags", "name", "email", "phone", "message"]
    phone_e164 = ""

    def clean_phone(self) -> str:
        return super().clean_phone() if self.cleaned_data["phone"] else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("email") == data.get("phone") == "":
            self.add_error("email", _("Enter an e-mail address or a telephone number"))
        return data

    def question(self) -> Question:
        """What was typed, checked."""
        data: dict[str, Any] = self.cleaned_data
        typed = {name: data[name] for name in ("name", "email", "phone", "message")}
        return Question(phone_e164=self.phone_e164, **typed)


class LostLinkForm(GuardedForm):
    """The address that the confirmation went to."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The address that you booked with."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter the e-mail address that you booked with"),
            "invalid": _("Enter an e-mail address like name@example.com"),
        },
    )
