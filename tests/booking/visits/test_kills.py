"""The system kills whoever moves a visit, at any moment: one visit is left, at one of its times."""

import json
import subprocess
import sys
from datetime import timedelta
from itertools import groupby

import pytest

from booking.earlier import offers
from booking.models import TimeOffer
from tests.builders import (
    MONDAY,
    NOW,
    at,
    book_by_desk,
    make_therapist,
    make_visit_type,
    wait,
    wait_without_visit,
)
from tests.guards import overlapping_pairs
from tests.site import TOP, site_environment

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
TUESDAY, THURSDAY = MONDAY + DAY, MONDAY + 3 * DAY
OLD = ["ben-cole", at("9:00", THURSDAY), "booked"]
NEW = ["ana-ruiz", at("9:00", TUESDAY), "booked"]


def reminder(sequence, starts_at):
    return ["reminder", sequence, starts_at - DAY]


BEFORE = [
    [[*OLD, 0]],
    ["open", "open"],
    [["confirmation", 0, NOW], reminder(0, OLD[1])],
]
MOVED = [
    [[*NEW, 1]],
    ["open", "open"],
    [
        ["confirmation", 0, NOW],
        ["desk-moved", 1, NOW],
        ["moved", 1, NOW],
        reminder(1, NEW[1]),
    ],
]
CLAIMED = [MOVED[0], ["claimed", "booked"], MOVED[2]]
NOBODY = [[], ["open", "open"], []]
FIRST_VISIT = [
    [[*NEW, 0]],
    ["claimed", "booked"],
    [["confirmation", 0, NOW], ["desk-new", 0, NOW], reminder(0, NEW[1])],
]


@pytest.fixture
def offered():
    """A function that asks the one who waits about Tuesday at nine."""
    make_visit_type(reminder_hours="24")
    make_therapist("ana-ruiz", hours="9:00-9:45").working_hours.exclude(weekday=1).delete()

    def ask():
        assert offers.look(NOW) == 1
        assert TimeOffer.objects.get().starts_at == at("9:00", TUESDAY)

    return ask


def one_waits_until_thursday():
    """With another therapist, so that a move needs the locks of two."""
    ben = make_therapist("ben-cole", hours="9:00-9:45")
    ben.working_hours.exclude(weekday=3).delete()
    wait(book_by_desk(ben, at("9:00", THURSDAY)))


def killed(act):
    """How the rows stood after each kill, and after the next try; last, without a kill."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.kills", act],
        cwd=TOP,
        env=site_environment("http://127.0.0.1:8000") | {"FRONT_DESK_EMAIL": "desk@clinic.example"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def plain(stand):
    """As the other process writes it."""
    return json.loads(json.dumps(stand, default=str))


def assert_old_or_new(lines, before, after):
    """Old until some moment, new from then on; whoever tries again has what they wanted."""
    stands, next_tries = zip(*lines, strict=True)
    in_turn = [stand for stand, _same in groupby(stands)]

    assert in_turn == plain([before, after])
    assert list(next_tries) == [plain(after)] * len(lines)
    assert stands.count(plain(before)) >= 10
    # Killed after the COMMIT as well, before anybody was told.
    assert stands.count(plain(after)) >= 2
    assert overlapping_pairs() == []


@pytest.mark.parametrize(("act", "after"), [("move", MOVED), ("claim", CLAIMED)])
def test_killed_at_any_statement_a_move_leaves_the_visit_at_its_old_or_new_time(
    offered, act, after
):
    one_waits_until_thursday()
    offered()

    assert_old_or_new(killed(act), BEFORE, after)


def test_killed_at_any_statement_a_claim_books_a_first_visit_once_or_not_at_all(offered):
    wait_without_visit()
    offered()

    assert_old_or_new(killed("claim"), NOBODY, FIRST_VISIT)


def test_killed_within_a_move_in_two_steps_a_visit_is_lost(offered):
    one_waits_until_thursday()
    offered()

    places = [[visit[:3] for visit in stand[0]] for stand, _next in killed("in-two-steps")]
    assert plain([[*OLD[:2], "cancelled"]]) in places
