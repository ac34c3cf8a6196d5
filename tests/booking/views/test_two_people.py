"""Whatever two people type, nothing of the one changes through the other, or is shown to them."""

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booking.models import Appointment, Enquiry, WaitlistEntry
from booking.visits import tokens
from tests.booking.views.details_form import address
from tests.booking.views.earlier_form import CHOICES
from tests.builders import MONDAY, make_therapist

THURSDAY = MONDAY + timedelta(days=3)
MODELS = [Appointment, WaitlistEntry, Enquiry]
HIDDEN = re.compile('csrfmiddlewaretoken" value="[^"]*"')
SECRET = "only-the-first-knows"
NAMES = ["Rosa Marquez", "ROSA  MÁRQUEZ", "rosa marquez\u200b", "Rosa O’Marquez", "Ben Cole"]
EMAILS = ["rosa@example.org", "Rosa@Example.org", "rosa+pt@example.org", "ben@example.org"]
EMAILS += ["rosa@gmial.com", "ro.sa@gmail.com"]
PHONES = ["(212) 555-0199", "+1 212 555 0199", "2125550188"]


def strings(likely: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(likely) | st.text(max_size=60)


TYPED = {"name": strings(NAMES), "email": strings(EMAILS), "phone": strings(PHONES)}
PEOPLE = st.fixed_dictionaries(TYPED)
SAME = {"name": NAMES[0], "email": EMAILS[0], "phone": PHONES[0]}


@dataclass
class Person:
    """Somebody at a browser; `seen` is all that it was shown."""

    typed: dict[str, str]
    seen: str = ""

    def __post_init__(self) -> None:
        self.browser = Client(headers={"host": "127.0.0.1"})

    def send(self, path: str, **more: Any) -> None:
        whole = self.typed | {"red_flags": "no", "key": str(uuid.uuid4())} | more
        self.seen += self.browser.post(path, whole).content.decode()

    def look(self) -> str:
        page = HIDDEN.sub("", self.browser.get("/appointment/").content.decode())
        self.seen += page
        return page

    def ask_for_all(self, wall: str, therapist: str, words: str) -> None:
        """A visit, sooner if that can be, and a question."""
        said = {"reason": words, "booked_by": words, "message": words}
        self.send(address(wall, therapist, THURSDAY), visit="initial-consultation", **said)
        self.send("/appointment/earlier/", **CHOICES)
        self.send("/contact/question/", **said)
        self.look()

    def undo_it_all(self) -> None:
        """Whatever one's own link and a form that asks for an address can do."""
        self.send("/appointment/lost/")
        self.send("/appointment/move/", to="ben-cole/20261203T1930Z")
        self.send("/appointment/come/")
        self.send("/appointment/cancel/")
        self.send("/appointment/email/")
        self.look()


def rows(pks: dict[type, list[int]] | None = None) -> dict[type, list[dict[str, Any]]]:
    """Every field of the rows of these keys, or of all."""
    found = {model: model.objects.order_by("pk") for model in MODELS}
    if pks is not None:
        found = {model: query.filter(pk__in=pks[model]) for model, query in found.items()}
    return {model: list(query.values()) for model, query in found.items()}


@pytest.fixture
def clinic(ana, settings):
    make_therapist("ben-cole")
    settings.MINIMUM_FILL_SECONDS = 0
    settings.BOOKING_LIMIT = settings.QUESTION_LIMIT = settings.OPEN_BOOKINGS_LIMIT = 1000
    settings.ONLINE_BOOKINGS_AN_HOUR = settings.ONLINE_QUESTIONS_AN_HOUR = 1000


def test_nothing_of_the_one_changes_through_the_other(clinic):
    @settings(max_examples=12)
    @given(first=PEOPLE, second=PEOPLE)
    @example(first=SAME, second=SAME)
    @example(first=SAME, second=SAME | {"name": NAMES[1], "email": EMAILS[1]})
    def holds(first: dict[str, str], second: dict[str, str]) -> None:
        with transaction.atomic():
            check(Person(first), Person(second))
            transaction.set_rollback(True)

    holds()


def check(one: Person, other: Person) -> None:
    one.ask_for_all("9:30", "ana-ruiz", SECRET)
    kept, page = rows(), one.look()
    other.ask_for_all("13:00", "ben-cole", "nothing")
    other.undo_it_all()

    pks = {model: [row["id"] for row in found] for model, found in kept.items()}
    assert (rows(pks), one.look()) == (kept, page)
    assert hers(one, other) == []


def hers(one: Person, other: Person) -> list[str]:
    """What the second was shown of the first."""
    own = [SECRET, one.typed["email"]]
    for visit in Appointment.objects.filter(reason=SECRET):
        own += [visit.reference, str(visit.uuid), tokens.make(visit)]
    typed = " ".join(other.typed.values())
    return [text for text in own if len(text) > 5 and text not in typed and text in other.seen]


def test_the_people_of_these_tests_do_book_wait_and_ask(clinic):
    """Otherwise nothing could change."""
    one = Person(SAME)
    one.ask_for_all("9:30", "ana-ruiz", SECRET)
    assert [len(found) for found in rows().values()] == [1, 1, 1]
    other = Person(SAME)
    other.ask_for_all("13:00", "ben-cole", "nothing")
    other.undo_it_all()
    assert [len(found) for found in rows().values()] == [2, 2, 2]
    assert set(Appointment.objects.values_list("status", flat=True)) == {"booked", "cancelled"}
