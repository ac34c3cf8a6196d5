"""Finds visits by what a caller says: a name, a number in any form, an address, a reference.

A part of a word is in no index, on either database: a search reads the table once, about a tenth of
a second for ten years of visits. Who asks for a whole name has an index (limits, duplicates).
"""

import re

from django.db.models import Q

from booking.contacts import HYPHENS, ascii_domain, fold, tidy, tidy_email, to_e164

FEWEST_DIGITS = 4

NUMBER = re.compile(r"[\d\s()+./-]+")
DASHES = dict.fromkeys(HYPHENS, "-")  # as address books and lists print them

REFERENCE = re.compile(r"[A-Z0-9]{6}")


def matching(typed: str) -> Q:
    """Appointments that fit the whole of what was typed; all of them for nothing."""
    typed = typed.strip()
    if not typed:
        return Q()
    return contact(typed) | _reference(typed)


def contact(typed: str) -> Q:
    """Rows whose name, e-mail or telephone fits what was typed; none where nothing can be seen."""
    return _name(typed) | _email(typed) | _phone(typed)


def _name(typed: str) -> Q:
    """Every word in the name, whole or half, in any order: "Garcia, Rosa" as lists print it."""
    words = fold(typed.replace(",", " ")).split()
    in_name = Q() if words else Q(pk__in=())
    for word in words:
        in_name &= Q(folded_name__contains=word)
    return in_name


def _email(typed: str) -> Q:
    """The address, whole or in part: of a domain alone, too, by its ASCII form."""
    part = tidy_email(typed)
    part = part if "@" in part else ascii_domain(part)
    return Q(email__icontains=part) if part else Q(pk__in=())


def _phone(typed: str) -> Q:
    """Four digits or more: as a whole number, or as part of one. What cannot be seen is no part."""
    seen = tidy(typed)
    digits = re.sub(r"\D", "", seen)
    if len(digits) < FEWEST_DIGITS or not NUMBER.fullmatch(seen.translate(DASHES)):
        return Q(pk__in=())
    found = Q(phone_e164__contains=digits) | Q(phone__contains=seen)
    try:
        return found | Q(phone_e164=to_e164(seen))
    except ValueError:
        return found


def _reference(typed: str) -> Q:
    """With or without its dash, in any case."""
    letters = re.sub(r"[\s-]", "", tidy(typed).translate(DASHES)).upper()
    if not REFERENCE.fullmatch(letters):
        return Q(pk__in=())
    return Q(reference=f"{letters[:3]}-{letters[3:]}")
