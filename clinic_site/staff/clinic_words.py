"""No password is made of the clinic's own words: its name and address stand on every page, and are
what is guessed first.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from booking.contacts import fold
from booking.models import Clinic

# What any practice is called, and its staff.
OF_ANY = ["clinic", "practice", "physical", "physio", "therapy", "therapist", "front", "desk"]
LEAST_LETTERS = 3  # of a word that counts: "of" is in any phrase
LEAST_BESIDE = 8  # letters that a password has beside them


class ClinicWordsValidator:
    """Refuses what has fewer than LEAST_BESIDE letters beside the clinic's words."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        typed = beside = fold(password)
        for word in sorted(words(), key=len, reverse=True):
            beside = beside.replace(word, "")
        if beside != typed and len(re.sub(r"[\W_]", "", beside)) < LEAST_BESIDE:
            raise ValidationError(_("That is little more than the name of the clinic."))

    def get_help_text(self) -> str:
        return _("Your password can’t be made of the clinic’s name.")


def words() -> set[str]:
    """Of the clinic's name, in the settings and as it is now, of its address, and of any clinic."""
    named = f"{settings.CLINIC_NAME} {Clinic.objects.current().name}"
    host = urlsplit(settings.BASE_URL).hostname or ""
    found = re.findall(r"\w+", fold(named)) + re.split(r"[.-]", host) + OF_ANY
    return {word for word in found if len(word) >= LEAST_LETTERS}
