"""A telephone number on the desk's forms, or why there is none: who walks in may have left it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.forms.contact import ContactFields


class PhoneOrReason(ContactFields):
    """Name, telephone and e-mail; in place of the number a reason will do."""

    no_phone_reason = forms.CharField(
        label=gettext_lazy("Why no telephone"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Only if they leave no number: “has none”, “will tell us later”."),
    )
    phone_e164 = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = False

    def clean_phone(self) -> str:
        return super().clean_phone() if self.cleaned_data["phone"] else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("phone"):
            data["no_phone_reason"] = ""  # there is one
        elif "phone" in data and not data.get("no_phone_reason"):
            self.add_error("phone", _("Enter a telephone number, or say below why there is none"))
        return data
