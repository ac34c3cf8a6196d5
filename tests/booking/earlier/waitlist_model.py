"""The earlier-time list as it should be, in plain Python, on top of the calendars' model."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.booking.visits.calendar_model import OFFERED, CalendarModel, Refused, Visit
from tests.statuses import ACTIVE

NOTICE, ANSWER = timedelta(hours=2), timedelta(minutes=60)


@dataclass(eq=False)
class Wish:
    """Somebody who waits; about a visit, wherever it is moved, or without one."""

    visit: Visit | None
    state: str = "open"
    confirmed: bool = True

    def stands(self, now: datetime) -> bool:
        if self.state != "open":
            return False
        if self.visit is None:
            return True
        return self.visit.status == "booked" and self.visit.starts_at > now


@dataclass(eq=False)
class Offer:
    """One question about one time."""

    wish: Wish
    therapist: str
    starts_at: datetime
    expires_at: datetime
    made_at: datetime
    state: str = "open"
    is_owed: bool = True  # its e-mail
    booked: Visit | None = None

    @property
    def time(self) -> Visit:
        return Visit(self.therapist, self.starts_at, self.starts_at + OFFERED)

    def taken(self, visits: list[Visit]) -> bool:
        return any(self.time.shares(visit) for visit in visits)


class WaitlistModel(CalendarModel):
    """Visits, wishes and offers; the last two by their primary keys."""

    def __init__(self, opens: datetime, closes: datetime, offered: set[datetime]) -> None:
        super().__init__(opens, closes, offered)
        self.wishes: dict[int, Wish] = {}
        self.offers: dict[int, Offer] = {}

    def open_offers(self) -> list[Offer]:
        return [offer for offer in self.offers.values() if offer.state == "open"]

    def in_state(self, state: str) -> list[int]:
        """Primary keys of the offers that stand so."""
        return [pk for pk, offer in self.offers.items() if offer.state == state]

    def refuse_held(self, therapist: str, start: datetime, now: datetime) -> None:
        """The public does not get what somebody is being asked about."""
        wanted = Visit(therapist, start, start + OFFERED)
        held = [offer.time for offer in self.open_offers() if offer.expires_at > now]
        if any(wanted.clashes(time) for time in held):
            raise Refused

    def book(self, visit: Visit, now: datetime, *, by_patient: bool, leave: bool = False) -> Visit:
        if by_patient:
            self.refuse_held(visit.therapist, visit.starts_at, now)
        return super().book(visit, now, by_patient=by_patient, leave=leave)

    def move(
        self,
        visit: Visit,
        therapist: str,
        start: datetime,
        now: datetime,
        *,
        by_patient: bool,
        leave: bool = False,
    ) -> None:
        if by_patient and (visit.therapist, visit.starts_at) != (therapist, start):
            self.refuse_held(therapist, start, now)
        super().move(visit, therapist, start, now, by_patient=by_patient, leave=leave)

    def join(self, visit: Visit, now: datetime) -> None:
        """Refuse who cannot have a sooner day; end a wish that no longer stands."""
        sooner = visit.starts_at.date() > now.date()
        if visit.status != "booked" or not visit.has_email or not sooner:
            raise Refused
        for wish in self.wishes.values():
            if wish.visit is visit and wish.state == "open" and not wish.stands(now):
                self.end(wish, "over")

    def end(self, wish: Wish, state: str) -> None:
        if wish.state == "open":
            wish.state = state
            for offer in self.open_offers():
                if offer.wish is wish:
                    offer.state = "gone"

    def decline(self, offer: Offer, now: datetime) -> None:
        if offer.state == "open" and now < offer.expires_at:
            offer.state = "declined"

    def claim(self, offer: Offer, now: datetime) -> Visit:
        """The visit that has the time now: moved there, or booked."""
        if offer.state == "claimed":
            return offer.booked or offer.wish.visit
        if offer.state != "open" or self.standing(offer, now) not in ("open", "claimed"):
            raise Refused
        visit = offer.wish.visit
        if visit is None:
            visit = offer.booked = offer.time
            visit.has_email = True
            self.take(visit, leave=False)
            self.tell(visit, by_patient=True)
            visit.owe("confirmation", "desk-new", by_patient=True)
            visit.remind(now)
        elif (visit.therapist, visit.starts_at) != (offer.therapist, offer.starts_at):
            end = offer.starts_at + (visit.ends_at - visit.starts_at)
            if not self.fits(offer.starts_at, end):
                raise Refused
            there = {"therapist": offer.therapist, "starts_at": offer.starts_at, "ends_at": end}
            self._become(visit, **there, sequence=visit.sequence + 1, confirmed_at=None)
            self.tell(visit, by_patient=True)
            visit.owe("moved", "desk-moved", by_patient=True)
            visit.remind(now)
        offer.state, offer.wish.state = "claimed", "booked"
        return visit

    def send_questions(self, now: datetime) -> int:
        """What a worker does with their e-mails; returns how many made an hour begin later."""
        later = 0
        for offer in self.offers.values():
            if not offer.is_owed or now < offer.made_at:
                continue
            offer.is_owed = False
            if now < offer.made_at + ANSWER and self.standing(offer, now) == offer.state == "open":
                until = min(now + ANSWER, offer.starts_at - NOTICE)
                later += until > offer.expires_at
                offer.expires_at = max(until, offer.expires_at)
        return later

    def settle(self, now: datetime) -> None:
        """What a look writes down of offers and wishes that are over."""
        for offer in self.open_offers():
            offer.state = self.standing(offer, now)
            if offer.state == "claimed":
                offer.wish.state = "booked"
        for wish in self.wishes.values():
            if wish.state == "open" and not wish.stands(now):
                wish.state = "over"

    def standing(self, offer: Offer, now: datetime) -> str:
        if now >= offer.expires_at:
            return "lapsed"
        own = offer.wish.visit
        if own and own.status == "booked":
            if (own.therapist, own.starts_at) == (offer.therapist, offer.starts_at):
                return "claimed"
            if own.starts_at.date() <= offer.starts_at.date():
                return "overtaken"
        if offer.taken([row for row in self.visits.values() if row.status in ACTIVE]):
            return "given"
        return "open" if offer.wish.stands(now) else "gone"

    def check_new(self, offer: Offer, now: datetime) -> None:
        """That nobody is asked about what they could not have, or while they are asked already."""
        others = self.open_offers()
        assert offer.wish.stands(now)
        assert offer.wish.confirmed
        assert offer.wish not in [other.wish for other in others]
        assert offer.starts_at in self.offered
        assert offer.starts_at >= now + NOTICE + 2 * ANSWER
        assert offer.expires_at == now + ANSWER
        assert not offer.taken(list(self.visits.values()))
        assert not offer.taken([other.time for other in others])
        own = offer.wish.visit
        assert own is None or own.starts_at.date() > offer.starts_at.date()
