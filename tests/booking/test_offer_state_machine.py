"""Any order of joining, looking, claiming, declining and leaving, among all that moves visits."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from booking import offers, services, waitlist
from booking.models import (
    Appointment,
    Source,
    Therapist,
    TimeOffer,
    WaitlistEntry,
    WorkingHours,
)
from booking.models import waitlist as waitlist_models
from booking.requests import Patient, Request
from booking.waitlist import Wish as Wanted
from tests.booking.calendar_model import Visit
from tests.booking.test_state_machine import LENGTH, QUARTER, Calendars, slugs, starts
from tests.booking.waitlist_model import Offer, WaitlistModel, Wish
from tests.builders import MONDAY, NOW, at

pytestmark = pytest.mark.django_db

TUESDAY = MONDAY + timedelta(days=1)
MONDAYS = Wanted("0", morning=True, afternoon=False)
# The clock of those who look and answer, which may go back: before, at and after a question's end.
minutes = st.sampled_from([0, 11, 59, 60, 61, 75, 130, 195])
moments = minutes.map(lambda number: NOW + timedelta(minutes=number))
early = st.integers(0, 5).map(lambda number: at("6:00", TUESDAY) + number * QUARTER)


class Offers(Calendars):
    """Everything that `Calendars` does, and the earlier-time list."""

    rows, wishes, asked = Bundle("rows"), Bundle("wishes"), Bundle("asked")

    @initialize()
    def open_the_clinic(self) -> None:
        super().open_the_clinic()
        WorkingHours.objects.update(valid_until=MONDAY)  # the model knows one Monday
        self.model = WaitlistModel(self.model.offered)

    @rule(target=rows, slug=slugs, start=early, has_email=st.sampled_from([True, True, False]))
    def book_a_later_day(self, slug, start, has_email):
        """By the desk, so early that no patient may still move it on Monday."""
        expected = Visit(slug, start, start + LENGTH, has_email=has_email)
        result = self.both(
            lambda: services.book(
                visit_type=self.visit_type,
                therapist=self.therapists[slug],
                starts_at=start,
                patient=Patient("Rosa", "1", email="rosa@example.org" if has_email else ""),
                request=Request(source=Source.DESK, now=NOW),
            ),
            lambda: self.model.book(expected, NOW, by_patient=False),
        )
        return self.keep([result]) if result else multiple()

    @rule(pk=rows, slug=slugs, start=early)
    def move_to_a_later_day(self, pk, slug, start):
        """By the desk: whoever waits for a sooner time than before, waits on."""
        self.move(pk=pk, slug=slug, start=start, by_patient=False, now=NOW)

    @rule(target=wishes, pk=Bundle("rows"), now=moments)
    def join(self, pk, now):
        row, expected = self.pair(pk)
        result = self.both(
            lambda: waitlist.join(appointment=row, wish=MONDAYS, now=now),
            lambda: self.model.join(expected, now),
        )
        if result is None:
            return multiple()
        self.model.wishes.setdefault(result[0].pk, Wish(expected))
        return result[0].pk

    @rule(target=wishes)
    def join_without_visit(self):
        patient = Patient(f"Person {len(self.model.wishes)}", "1", email="one@example.org")
        row = waitlist.join_without_visit(
            visit_type=self.visit_type, patient=patient, wish=MONDAYS, request=Request(now=NOW)
        )
        self.model.wishes[row.pk] = Wish(None)
        return row.pk

    @rule(target=rows, pk=wishes, slug=slugs, start=st.one_of(starts, early))
    def book_alone(self, pk, slug, start):
        """Somebody who waits for a first visit calls the desk, which books one."""
        wish, row = self.model.wishes[pk], WaitlistEntry.objects.get(pk=pk)
        if wish.visit is not None:
            return multiple()
        expected = Visit(slug, start, start + LENGTH, has_email=True)
        result = self.both(
            lambda: services.book(
                visit_type=self.visit_type,
                therapist=self.therapists[slug],
                starts_at=start,
                patient=Patient(row.name, row.phone, email=row.email),
                request=Request(source=Source.DESK, now=NOW),
            ),
            lambda: self.model.book(expected, NOW, by_patient=False),
        )
        if result is None:
            return multiple()
        wish.since.append(expected)
        return self.keep([result])

    @rule(pk=wishes)
    def leave(self, pk):
        waitlist.leave(wish=WaitlistEntry.objects.get(pk=pk))
        self.model.end(self.model.wishes[pk], "left")

    @rule(target=asked, now=moments)
    def look(self, now):
        """What is over is as the model says; what is new, the model allows."""
        if any(wish.state == "open" for wish in self.model.wishes.values()):
            self.model.settle(now)
        count = offers.look(now)
        new = [row for row in stored() if row.pk not in self.model.offers]
        assert len(new) == count
        for row in new:
            wish = self.model.wishes[row.entry_id]
            offer = Offer(wish, row.therapist.slug, row.starts_at, row.expires_at)
            self.model.check_new(offer, now)
            self.model.offers[row.pk] = offer
        return multiple(*(row.pk for row in new))

    @rule(target=rows, pk=asked, now=moments)
    def claim(self, pk, now):
        row, expected = TimeOffer.objects.with_details().get(pk=pk), self.model.offers[pk]
        result = self.both(
            lambda: offers.claim(offer=row, now=now), lambda: self.model.claim(expected, now)
        )
        if result is None or result[0].pk in self.model.visits:
            assert result is None or self.model.visits[result[0].pk] is result[1]
            return multiple()
        return self.keep([result])

    @rule(pk=asked, now=moments)
    def decline(self, pk, now):
        offers.decline(offer=TimeOffer.objects.with_details().get(pk=pk), now=now)
        self.model.decline(self.model.offers[pk], now)

    @invariant()
    def offers_and_wishes_are_as_the_model_has_them(self) -> None:
        if not hasattr(self, "model"):
            return
        assert {row.pk: row.state for row in stored()} == states(self.model.offers)
        assert dict(WaitlistEntry.objects.values_list("pk", "state")) == states(self.model.wishes)
        # Whoever is asked waits, and no visit came of two offers.
        assert all(offer.wish.state == "open" for offer in self.model.open_offers())
        claimed = [id(offer.booked) for offer in self.model.offers.values() if offer.booked]
        assert len(claimed) == len(set(claimed))


def stored() -> list[TimeOffer]:
    return list(TimeOffer.objects.select_related("therapist").order_by("pk"))


def states(rows: dict[int, Any]) -> dict[int, str]:
    return {pk: row.state for pk, row in rows.items()}


def run(**options):
    settings = hypothesis_settings(stateful_step_count=40, **options)
    run_state_machine_as_test(Offers, settings=settings)


def test_offers_hold_what_the_model_holds_whatever_is_done(settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    run(max_examples=8)
    assert not Therapist.objects.exists()


def test_the_machine_finds_a_claim_of_an_offer_that_is_over(settings, monkeypatch):
    claim = offers.claim
    monkeypatch.setattr(offers, "claim", lambda *, offer, now: claim(offer=offer, now=NOW))
    machine = Offers()
    machine.open_the_clinic()
    machine.join_without_visit()
    machine.look(now=NOW)
    [pk] = machine.model.offers

    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        machine.claim(pk=pk, now=NOW + timedelta(minutes=60))


@pytest.mark.parametrize("guarded", [True, False])
def test_without_the_guard_the_machine_finds_who_is_asked_with_a_visit(guarded, monkeypatch):
    if not guarded:
        monkeypatch.setattr(waitlist_models, "visits_since", Appointment.objects.none)
    machine = Offers()
    machine.open_the_clinic()
    pk = machine.join_without_visit()
    machine.book_alone(pk=pk, slug="ana", start=at("6:00", TUESDAY))

    if guarded:
        machine.look(now=NOW)
        machine.offers_and_wishes_are_as_the_model_has_them()
    else:
        with pytest.raises(AssertionError):
            machine.look(now=NOW)
