"""What several forms ask: how to reach somebody, and the one safety question."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking import contacts
from booking.contacts import to_e164

RED_FLAGS = [("no", _("No, none of these")), ("yes", _("Yes, at least one"))]


class AddressField(forms.EmailField):
    """An e-mail address, cleaned of what nobody sees or means; as typed where it is no address."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
        given: dict[str, Any] = {"label": _("E-mail"), "max_length": 254, "widget": widget}
        super().__init__(**(given | kwargs))
        self.error_messages["invalid"] = _("Enter an e-mail address like name@example.com")
        self.error_messages["domain"] = _(
            "We cannot write to an address with these letters after the @. Enter another one"
        )

    def to_python(self, value: Any) -> str:
        return contacts.tidy_email(super().to_python(value) or "")

    def run_validators(self, value: Any) -> None:
        """Also against what no patient's mail comes to: a machine's own name, a bare number."""
        super().run_validators(value)
        # Django allows it, and would write it as IDNA 2003 does: perhaps to somebody else.
        if not value.isascii():
            raise forms.ValidationError(self.error_messages["domain"], code="domain")
        if value and not contacts.is_on_the_internet(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


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
    email = AddressField(
        help_text=_("We send the confirmation here, with a link to your visit."),
        error_messages={"required": _("Enter an e-mail address, or call us to book without one")},
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
    """Text of several lines, without invisible characters; a line break counts as one character,
    as browsers count it.
    """

    def to_python(self, value: Any) -> str:
        return contacts.visible(str(super().to_python(value)).replace("\r\n", "\n"))


class KeyField(forms.UUIDField):
    """The form's own key. One that is broken is none: nobody could correct a hidden field."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return None


class Unanswered(forms.RadioSelect):
    """Radio buttons of which no browser says that they are wrong before one is chosen; that an
    answer is needed, the group around them says.
    """

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class SafetyQuestion(forms.Form):
    """The one question that stands under the list of emergencies; never preselected."""

    red_flags = forms.ChoiceField(
        label=_("Do any of these apply to you now?"),
        choices=RED_FLAGS,
        widget=Unanswered,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"],
            _("Say whether any of the emergency signs apply to you"),
        ),
    )
