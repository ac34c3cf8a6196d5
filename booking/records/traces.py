"""Whether what somebody of the staff has typed is about a person."""

import re

from booking import contacts
from booking.records.people import Person

FEWEST_DIGITS = 4  # of a number, as the desk finds by


def may_mean(person: Person, typed: str) -> bool:
    """Whether the desk may have looked for them so: by the beginning of a word of the name or of
    the address, a part of a number, a reference. In doubt it is they.
    """
    words, names = contacts.fold(typed.replace(",", " ")).split(), _words(person)
    begun = any(name.startswith(word) for word in words for name in names)
    address = typed.strip().lower()
    found = any(each.startswith(address) or each in address for each in person.addresses)
    return bool(
        begun or (address and found) or _has_number(person, typed) or _refers(person, typed)
    )


def names(person: Person, text: str) -> bool:
    """Whether a text names them: by all words of the name, an address, a number, a reference."""
    said = set(re.findall(r"[^\W_]+", contacts.fold(text)))
    named = any(set(re.findall(r"[^\W_]+", each)) <= said for each in _names(person))
    found = any(address in text.lower() for address in person.addresses)
    return named or found or _has_number(person, text) or _refers(person, text)


def leads_to(person: Person, path: str) -> bool:
    """Whether an address may be of one of their rows: by its number."""
    keys = {str(row.pk) for row in person.rows}
    return bool(keys & set(re.findall(r"\d+", path)))


def _names(person: Person) -> set[str]:
    return {contacts.fold(row.name) for row in person.rows} - {""}


def _words(person: Person) -> set[str]:
    return {word for name in _names(person) for word in name.split()}


def _has_number(person: Person, text: str) -> bool:
    """A part of one of their numbers, alone or among other words."""
    own = {re.sub(r"\D", "", row.phone_e164) for row in person.rows} - {""}
    typed = [re.sub(r"\D", "", each) for each in re.findall(r"\+?\d[\d ().-]+\d", text)]
    return any(len(each) >= FEWEST_DIGITS and each in whole for each in typed for whole in own)


def _refers(person: Person, text: str) -> bool:
    seen = re.sub(r"[^A-Z0-9]", "", text.upper())
    return any(row.reference.replace("-", "") in seen for row in person.visits)
