"""No password that was stolen from somebody, nor one that is made of those as guessers make them.

zxcvbn brings 30,000 of the passwords that were stolen most often, with words and names, and reads
what is typed as who guesses does: turned around, in capitals, with digits for letters or behind
them, along the keys, doubled, with a year. Nothing is asked of any other machine.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

LEAST_SCORE = 3  # of 4: a hundred million guesses and more
MOST_LETTERS = 72  # that it reads


class BreachedValidator:
    """Refuses what is guessed in fewer than a hundred million tries."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        if zxcvbn(password[:MOST_LETTERS])["score"] < LEAST_SCORE:
            words = _("Thieves know that one, or soon guess it. Three or four words are better.")
            raise ValidationError(words)

    def get_help_text(self) -> str:
        return _("Your password can’t be a known one, even with digits or signs put to it.")
