"""Finds visits by what a caller says: a name, a number in any form, an address, a reference.

What is said begins with the beginning of a word, or ends with the last digits: `said` finds it by
index, on either database, whatever the history. A part of a word is in none: `matching`, of the
admin's lists, reads the table once, about a tenth of a second for ten years of visits.
"""

import re

from django.db.models import Q

from booking.contacts import (
    HYPHENS,
    abroad,
    ascii_domain,
    fold,
    mailbox,
    tidy,
    tidy_email,
    to_e164,
)
from booking.models.findable import begins_a_word
from booking.models.reference import REFERENCE_ALPHABET

FEWEST_DIGITS = 4
FEWEST_LETTERS = 3  # of an address
MOST_WORDS = 8

NUMBER = re.compile(r"[\d\s()+./-]+")
DASHES = dict.fromkeys(HYPHENS, "-")  # as address books and lists print them

REFERENCE = re.compile(r"[A-Z0-9]{6}")
GIVEN = re.compile(rf"[{REFERENCE_ALPHABET}]{{6}}")  # one that a visit can have


def said(typed: str) -> Q:
    """Appointments that fit what was said, by index alone; none for nothing.

    Each word begins a word of the name ("ro garcia" is Rosa Garcia-Lopez), four digits or more
    begin or end the number, an address is the mailbox or begins it, a reference is whole.
    """
    seen = tidy(typed)
    digits = re.sub(r"\D", "", seen)
    by_reference = _given(seen)
    if NUMBER.fullmatch(seen.translate(DASHES)):
        return by_reference | (_dialled(seen, digits) if len(digits) >= FEWEST_DIGITS else NOBODY)
    if "@" in seen:
        return _mailbox(seen)
    if by_reference != NOBODY and digits:
        return by_reference  # no name has a digit
    return by_reference | _called(seen)


NOBODY = Q(pk__in=())


def _called(seen: str) -> Q:
    """By name; a single word may begin an address as well."""
    words = spoken(seen)
    if not words:
        return NOBODY
    if len(words) == 1 and len(seen) >= FEWEST_LETTERS:
        return begins_a_word(words[0]) | _mailbox(seen)
    named = Q()
    for word in sorted(words, key=len, reverse=True):  # SQLite goes by the first: let it be rare
        named &= begins_a_word(word)
    return named


def spoken(typed: str) -> list[str]:
    """The folded words of a name, as lists print it too: "Garcia, Rosa"."""
    return fold(typed.replace(",", " ")).split()[:MOST_WORDS]


def _mailbox(seen: str) -> Q:
    """The same mailbox, or one that begins so: as typed, and as providers read it."""
    address = tidy_email(seen)
    name, at, host = address.casefold().partition("@")
    begins = Q(mailbox__begins=f"{name}{at}{host}")
    begins |= Q(mailbox__begins=f"{name.replace('.', '').partition('+')[0]}{at}{host}")
    return begins | Q(mailbox=mailbox(address)) if host else begins


def _dialled(seen: str, digits: str) -> Q:
    """The number, or one that begins or ends so: here or abroad."""
    found = Q(phone_backwards__begins=digits[::-1])
    for number in {f"+{digits}", abroad(digits)}:
        found |= Q(phone_e164__begins=number)
    try:
        return found | Q(phone_e164=to_e164(seen))
    except ValueError:
        return found


def _given(seen: str) -> Q:
    """The visit of a reference, with or without its dash."""
    letters = re.sub(r"[\s-]", "", seen.translate(DASHES)).upper()
    return Q(reference=f"{letters[:3]}-{letters[3:]}") if GIVEN.fullmatch(letters) else NOBODY


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
