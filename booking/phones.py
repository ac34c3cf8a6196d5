"""Telephone numbers: kept as typed, with E.164 beside them for search."""

import phonenumbers
from django.conf import settings


def to_e164(typed: str) -> str:
    """The number in E.164, such as `+12125550199`. Raises ValueError if it cannot be one.

    Possible, not valid: a check against number plans refuses numbers that really ring.
    """
    try:
        number = phonenumbers.parse(typed, settings.CLINIC_COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise ValueError(typed) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(typed)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def link(typed: str) -> str:
    """`tel:` address of a telephone number as typed, in E.164 where it can be."""
    try:
        return f"tel:{to_e164(typed)}"
    except ValueError:
        return "tel:" + "".join(sign for sign in typed if sign.isdigit() or sign == "+")
