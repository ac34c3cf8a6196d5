"""Telephone numbers: kept as typed, with E.164 beside them for search."""

import phonenumbers
from django.conf import settings


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


def link(typed: str) -> str:
    """`tel:` address of a telephone number as typed, in E.164 where it can be."""
    try:
        return f"tel:{to_e164(typed)}"
    except ValueError:
        return "tel:" + "".join(sign for sign in typed if sign.isdigit() or sign == "+")
