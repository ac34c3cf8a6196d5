"""Likely slips in e-mail addresses: "Did you mean rosa@gmail.com?", asked once."""

from typing import Any

from django import forms
from rapidfuzz.distance import OSA

from booking.forms.bots import GuardedForm

USE, KEEP = "use_address", "keep_address"  # the buttons of both answers
# Long enough that one letter more, less, other or swapped is hardly another company's name.
PROVIDERS = ["gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "outlook.com", "yahoo.com"]
PROVIDERS += ["comcast.net", "protonmail.com", "verizon.net"]
# Real ones that differ from those by one letter.
OTHERS = {"email.com", "fmail.com", "gmail.co.uk", "hmail.com", "mail.com", "tmail.com"}
OTHERS |= {"ymail.com", "zmail.com"}
# No country or company has these.
ENDINGS = dict.fromkeys(["cmo", "comm", "con", "cpm", "ocm", "vom", "xom"], "com")
ENDINGS |= {"ner": "net", "nte": "net", "ogr": "org", "rog": "org"}


def meant(email: str) -> str:
    """The address that was probably meant; "" where nothing speaks against it as it is."""
    name, _at, domain = email.rpartition("@")
    better = likely(domain)
    return "" if better == domain else f"{name}@{better}"


def likely(domain: str) -> str:
    """The domain without its slip, if it has one."""
    stem, dot, ending = domain.rpartition(".")
    whole = f"{stem}{dot}{ENDINGS.get(ending, ending)}"
    if whole in OTHERS or whole in PROVIDERS:
        return whole
    return next((known for known in PROVIDERS if OSA.distance(whole, known) == 1), whole)


class AskingForm(forms.Form):
    """A form with an e-mail address that may be asked about once: see `slip`.

    The page shows both answers as buttons of the form, and `right_address` with its fields.
    """

    # The address that somebody said is right, so that no round of errors asks about it again.
    right_address = forms.Field(required=False, widget=forms.HiddenInput)
    slip = ""  # the address that was probably meant, while that is not answered

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        better = meant(email) if email else ""
        if better and self.data.get(USE) == better:
            self._say(email=better)
            return better
        if email and self.data.get(KEEP) == email:
            self._say(right_address=email)
        elif self.data.get("right_address") != email:
            self.slip = better
        return email

    def _say(self, **answer: str) -> None:
        """Have the answer in what was sent: the form may be shown once more."""
        data: Any = self.data
        data = data.copy()
        for name, value in answer.items():
            data[name] = value
        self.data = data


class AddressedForm(AskingForm, GuardedForm):
    """A guarded form with an e-mail address; "slip" is one more obstacle.

    The page shows both answers with `booking/includes/obstacle.html`.
    """

    def obstacle(self) -> str:
        return super().obstacle() or ("slip" if self.slip else "")
