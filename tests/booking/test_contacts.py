"""Names: what cannot be seen is no name, and makes nobody somebody else."""

import pytest

from booking import contacts
from booking.desk.forms import CallerForm
from booking.forms.details import DetailsForm, FirstVisitForm
from booking.forms.question import QuestionForm


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rosa\r\n Marquez ", "Rosa Marquez"),
        ("R\u200bosa\u2060 Mar\u00adquez\ufeff", "Rosa Marquez"),
        ("\u202eRosa\u202c \u2066Marquez\u2069", "Rosa Marquez"),
        ("Rosa\u3164\u3164Marquez\u2800", "Rosa Marquez"),
        ("José Ñandú O'Neill-Smith 3rd", "José Ñandú O'Neill-Smith 3rd"),
        ("نیلوفر\u200cزاده", "نیلوفر\u200cزاده"),  # Persian, with the joiner that it needs
        ("क्\u200dष", "क्\u200dष"),  # so does Hindi
        ("\u200dRosa\u200c \u200d Marquez\u200d", "Rosa Marquez"),
        ("\u200b\u200d\u200b", ""),
        ("\tRosa\x85Marquez\x1c", "Rosa Marquez"),
        ("R\x01o\x7fsa\x1b \x9bMarquez", "Rosa Marquez"),
    ],
)
def test_a_name_is_kept_as_it_looks(typed, kept):
    assert contacts.tidy(typed) == kept


UNSEEN = [0x1, 0x7F, 0x1B, 0x9B, 0x34F, 0x61C, 0x17B4, 0x17B5, 0x180B, 0x180E, 0x180F]
UNSEEN += [0x2065, 0x206F, 0xFE00, 0xFE0F, 0xFFF0, 0xFFFC, 0x1BCA0, 0x1D173, 0xE0001, 0xE0100]
UNSEEN += [0xE01EF, 0xE0FFF]


@pytest.mark.parametrize("sign", [*map(chr, UNSEEN)], ids=[f"{code:X}" for code in UNSEEN])
def test_nothing_that_cannot_be_seen_is_kept(sign):
    assert contacts.tidy(f"Ro{sign}sa {sign}Marquez{sign}") == "Rosa Marquez"
    assert contacts.fold(f"Ro{sign}sa {sign}Marquez{sign}") == "rosa marquez"
    assert contacts.tidy_email(f"ro{sign}sa@{sign}example.org") == "rosa@example.org"
    assert contacts.visible(f"My{sign} knee,\n\tand {sign}back") == "My knee,\n\tand back"


def test_a_reason_keeps_its_lines_and_nothing_that_turns_them():
    typed = "\u202eMy knee\u2066\r\n\r\n\tनीचे क्\u200dष\x07\u200f"
    for form in (DetailsForm, CallerForm, FirstVisitForm):
        assert form.base_fields["reason"].clean(typed) == "My knee\n\n\tनीचे क्\u200dष"
    assert CallerForm.base_fields["note"].clean(typed) == "My knee\n\n\tनीचे क्\u200dष"
    assert QuestionForm.base_fields["message"].clean(typed) == "My knee\n\n\tनीचे क्\u200dष"


@pytest.mark.parametrize(
    ("text", "has_one"),
    [("Ng", True), ("李", True), ("م", True), (".", False), ("-", False), ("12", False)],
)
def test_a_letter_of_any_script_makes_a_name(text, has_one):
    assert contacts.has_letter(text) == has_one


@pytest.mark.parametrize(
    "same",
    ["rosa  MÁRQUEZ", "Ro\u200bsa Marquez", "Ro\u200dsa Marquez", "Rosa\u3164Marquez\u00ad"],
)
def test_the_same_person_in_other_letters(same):
    assert contacts.fold(same) == contacts.fold("Rosa Marquez") == "rosa marquez"
    assert contacts.fold("Rose Marquez") != "rosa marquez"
