"""Which spellings of an e-mail address count as one mailbox: those that its provider makes one."""

import pytest

from booking.visits.limits import contact_keys, mailbox


@pytest.mark.parametrize(
    ("typed", "counted_as"),
    [
        ("Rosa@Example.org", "rosa@example.org"),
        ("ROSA.MARQUEZ@GMAIL.COM", "rosamarquez@gmail.com"),
        ("r.o.s.a+visit.1+2@gmail.com", "rosa@gmail.com"),
        ("ro.sa@googlemail.com", "rosa@gmail.com"),
        ("rosa.m+1@outlook.com", "rosa.m@outlook.com"),
        ("rosa.m+1@hotmail.com", "rosa.m@hotmail.com"),
        ("rosa.m+1@live.com", "rosa.m@live.com"),
        ("rosa.m+1@msn.com", "rosa.m@msn.com"),
        ("rosa.m+1@icloud.com", "rosa.m@icloud.com"),
        ("rosa.m+1@me.com", "rosa.m@icloud.com"),
        ("rosa.m+1@mac.com", "rosa.m@icloud.com"),
        ("rosa.m+1@fastmail.com", "rosa.m@fastmail.com"),
        ("visit@rosa.fastmail.com", "rosa@fastmail.com"),
        ("rosa+1@fastmail.fm", "rosa@fastmail.fm"),
        ("r.o-s_a+1@proton.me", "rosa@proton.me"),
        ("r.o-s_a+1@protonmail.com", "rosa@protonmail.com"),
        ("r.o-s_a+1@pm.me", "rosa@pm.me"),
    ],
)
def test_spellings_that_a_provider_makes_one_are_one_mailbox(typed, counted_as):
    assert mailbox(typed) == counted_as
    assert contact_keys(typed, "") == contact_keys(counted_as, "")


@pytest.mark.parametrize(
    "typed",
    [
        "rosa+1@example.org",
        "ro.sa@example.org",
        "rosa-visit@yahoo.com",
        "rosa+1@yahoo.com",
        "rosa-m@outlook.com",
        "ro_sa@gmail.com",
        "rosa+1@gmail.com.example.org",
        "rosa+1@mygmail.com",
        "visit@rosa.example.org",
    ],
)
def test_elsewhere_another_spelling_is_somebody_else(typed):
    assert mailbox(typed) == typed


@pytest.mark.parametrize(
    ("typed", "counted_as"),
    [
        ("+rosa@gmail.com", "+rosa@gmail.com"),
        ("...@gmail.com", "...@gmail.com"),
        (".+1@gmail.com", ".@gmail.com"),
        ("rosa", "@rosa"),
        ("", "@"),
    ],
)
def test_of_an_odd_address_something_is_left_to_count_by(typed, counted_as):
    assert mailbox(typed) == counted_as
