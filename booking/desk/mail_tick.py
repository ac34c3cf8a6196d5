"""The tick on a form that says whether the patient is mailed of what it does."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class MailTickForm(forms.Form):
    """Mails, unless it asked and the tick was taken out: a click on a board was not asked."""

    tells = forms.BooleanField(label=gettext_lazy("Send the e-mail"), required=False, initial=True)
    asks = forms.CharField(required=False, initial="1", widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(_answered(data) if data is not None else None, **kwargs)


def _answered(data: Any) -> Any:
    """What was sent, with a yes where nobody was asked."""
    if data.get("asks"):
        return data
    answered = data.copy()
    answered["tells"], answered["asks"] = "on", "1"
    return answered
