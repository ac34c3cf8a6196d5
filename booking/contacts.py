"""Names and telephone numbers as people type them.

Of a name: what can be seen of it, and when two are the same. A number is kept as typed, with E.164
beside it for search.
"""

import re
import unicodedata

import phonenumbers
from django.conf import settings

# They look like spaces, and Unicode counts them among letters and signs.
FILLERS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
# Of what cannot be seen, some scripts need these two inside words.
JOINERS = "\u200c\u200d"
LOOSE_JOINERS = re.compile(rf"(?<!\S)[{JOINERS}]+|[{JOINERS}]+(?!\S)")


def tidy(typed: str) -> str:
    """One line, as it looks: without invisible characters and runs of spaces."""
    shown = "".join(sign for sign in typed if sign in JOINERS or not is_invisible(sign))
    return " ".join(LOOSE_JOINERS.sub("", shown.translate(FILLERS)).split())


def is_invisible(sign: str) -> bool:
    """Whether it only formats what stands beside it: joins, breaks, turns the direction."""
    return unicodedata.category(sign) == "Cf"


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script; a dot or a dash alone is nobody's name."""
    return any(unicodedata.category(sign).startswith("L") for sign in text)


def fold(name: str) -> str:
    """The name without capitals, accents, invisible characters and runs of spaces."""
    letters = unicodedata.normalize("NFKD", tidy(name).casefold())
    plain = [sign for sign in letters if not unicodedata.combining(sign) and not is_invisible(sign)]
    return " ".join("".join(plain).split())


def to_e164(typed: str) -> str:
    """The number in E.164, such as `+12125550199`. Raises ValueError if it cannot be one.

    Possible, not valid: a check against number plans refuses numbers that really ring. But one
    digit over and over is what people type who will not say theirs.
    """
    try:
        number = phonenumbers.parse(typed, settings.CLINIC_COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise ValueError(typed) from error
    if not phonenumbers.is_possible_number(number) or is_made_up(number):
        raise ValueError(typed)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_made_up(number: phonenumbers.PhoneNumber) -> bool:
    """Whether it is one digit repeated that no number plan knows."""
    digits = phonenumbers.national_significant_number(number)
    return len(set(digits)) == 1 and not phonenumbers.is_valid_number(number)


def phone_link(typed: str) -> str:
    """`tel:` address of a telephone number as typed, in E.164 where it can be."""
    try:
        return f"tel:{to_e164(typed)}"
    except ValueError:
        return "tel:" + "".join(sign for sign in typed if sign.isdigit() or sign == "+")
