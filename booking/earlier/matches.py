"""Who on the earlier-time list could be asked about which free time: reads, and no writes."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from booking.calendars import free_times, hours
from booking.calendars.availability import DAY
from booking.calendars.slots import Slot
from booking.earlier import deadlines
from booking.models import OutgoingEmail, TimeOffer, VisitType, WaitlistEntry
from booking.models.day_parts import day_part

State = TimeOffer.State
ASKED_A_DAY = 3  # one person, in 24 hours
ASKED_AT_ONCE = 10  # everybody together: the list never hides the clinic's calendar
LOOKED_AT = 500  # wishes at one look


def found(now: datetime) -> Iterator[tuple[WaitlistEntry, Slot]]:
    """Whom to ask about what, those who have waited longest first; some slots may be gone since."""
    wishes = list(WaitlistEntry.objects.waiting(now).with_details()[:LOOKED_AT])
    history = _History(wishes, now)
    free: dict[VisitType, _FreeTimes] = {}
    for wish in wishes:
        if history.room <= 0:
            return
        if not history.may_ask(wish):
            continue
        if wish.visit_type not in free:
            free[wish.visit_type] = _FreeTimes(wish.visit_type, now)
        slot = free[wish.visit_type].first_for(wish, history)
        if slot:
            history.add(slot)
            yield wish, slot


class _History:
    """What was asked before; one query."""

    def __init__(self, wishes: list[WaitlistEntry], now: datetime) -> None:
        self.lately: dict[int, int] = defaultdict(int)
        self.days: dict[int, set[date]] = defaultdict(set)
        self.open: set[int] = set()
        self.times: list[tuple[int, datetime, datetime]] = []  # asked about at this look
        mailed = OutgoingEmail.objects.filter(offer=OuterRef("pk"), state=OutgoingEmail.State.SENT)
        offers = TimeOffer.objects.filter(entry__in=wishes)
        rows = offers.values_list("entry", "starts_at", "state", "created_at", Exists(mailed))
        for entry, starts_at, state, asked_at, was_mailed in rows:
            # All count, so that an address that takes no mail does not keep a time from the next.
            self.lately[entry] += asked_at > now - DAY
            if state == State.OPEN:
                self.open.add(entry)
            # Nobody is asked twice about one day. Who got no e-mail has not been asked.
            if state == State.DECLINED or (state == State.LAPSED and was_mailed):
                self.days[entry].add(hours.today(starts_at))
        self.room = ASKED_AT_ONCE - len(self.open)

    def may_ask(self, wish: WaitlistEntry) -> bool:
        return wish.pk not in self.open and self.lately[wish.pk] < ASKED_A_DAY

    def add(self, slot: Slot) -> None:
        self.times.append((slot.therapist.pk, slot.starts_at, slot.ends_at))
        self.room -= 1

    def is_free(self, slot: Slot) -> bool:
        """Whether nobody is asked about it, or about part of it, at this look."""
        return not any(
            therapist == slot.therapist.pk and start < slot.ends_at and slot.starts_at < end
            for therapist, start, end in self.times
        )


class _FreeTimes:
    """The free times of one visit type that leave the whole time to answer; three queries."""

    def __init__(self, visit_type: VisitType, now: datetime) -> None:
        # Twice: the e-mail may leave as long after the making as it then gives to answer.
        window = free_times.online_window(visit_type, now, ahead=2 * deadlines.time_to_answer())
        self.by_kind: dict[tuple[int, str], list[Slot]] = defaultdict(list)
        for slot in free_times.free_slots(visit_type, window):
            local = timezone.localtime(slot.starts_at)
            self.by_kind[local.weekday(), day_part(local.time()).slug].append(slot)

    def first_for(self, wish: WaitlistEntry, history: _History) -> Slot | None:
        """The soonest time that suits the wish and lies on an earlier day than its visit."""
        before, refused = wish.before, history.days[wish.pk]

        def suits(slot: Slot) -> bool:
            day = hours.today(slot.starts_at)
            with_whom = wish.therapist_id in (None, slot.therapist.pk)
            there = wish.location_id in (None, slot.location_id)
            suited = with_whom and there and day not in refused
            return day < before and suited and history.is_free(slot)

        kinds = [(day, part.slug) for day in map(int, wish.weekdays) for part in wish.parts]
        found = (next(filter(suits, self.by_kind[kind]), None) for kind in kinds)
        return min(filter(None, found), key=lambda slot: slot.starts_at, default=None)
