"""What somebody types who asks the clinic a question, and how it is checked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.enquiries import Question
from booking.forms.contact import (
    AddressField,
    ContactFields,
    KeyField,
    LineBreaksField,
    SafetyQuestion,
)
from booking.forms.slips import AddressedForm


class QuestionForm(ContactFields, SafetyQuestion, AddressedForm):
    """A question to the clinic, and an e-mail address or a telephone number for the answer."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    email = AddressField(
        required=False, help_text=_("For our answer. Or give a telephone number below.")
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
