"""Names: what cannot be seen is no name, and makes nobody somebody else."""

import pytest

from booking import contacts


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
    ],
)
def test_a_name_is_kept_as_it_looks(typed, kept):
    assert contacts.tidy(typed) == kept


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
