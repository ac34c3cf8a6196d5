"""Who on the earlier-time list could be asked about which free time: reads, and no writes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from operator import attrgetter

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from booking.calendars import hours
from booking.calendars.availability import DAY
from booking.calendars.free_times import Window, online_calendars, online_window
from booking.calendars.slots import Slot
from booking.earlier import deadlines
from booking.models import OutgoingEmail, TimeOffer, VisitType, WaitlistEntry
from booking.models.day_parts import day_part

State = TimeOffer.State
ASKED_A_DAY = 3  # one person, in 24 hours
ASKED_AT_ONCE = 10  # everybody together: the list never hides the clinic's calendar
SHARE = 10  # nor more than one in so many of a day's free times, where more than one is asked
LOOKED_AT = 500  # wishes at one look, of every network some
Kind = tuple[VisitType, int, str]  # of a slot: the weekday and part of the day besides


def whom_to_ask(now: datetime) -> Iterator[tuple[WaitlistEntry, Slot]]:
    """Whom to ask about what; some slots may be gone since.

    Those first of whose network the fewest are asked now, and of these who has waited longest.
    """
    in_turn = WaitlistEntry.objects.askable(now).in_turn(ASKED_AT_ONCE)
    waiting = sorted(in_turn.with_details()[:LOOKED_AT], key=attrgetter("created_at", "pk"))
    history = _History(waiting, now)
    wishes = [wish for wish in waiting if history.may_ask(wish)]
    if not wishes or history.room <= 0:
        return
    free_times = _FreeTimes({wish.visit_type for wish in wishes}, now)
    while wishes and history.room > 0:
        wish = min(wishes, key=history.turn)  # of several alike the first
        wishes.remove(wish)
        slot = free_times.first_for(wish, history)
        if slot:
            history.add(wish, slot)
            yield wish, slot


class _History:
    """What was asked before; one query."""

    def __init__(self, wishes: list[WaitlistEntry], now: datetime) -> None:
        self.lately: dict[int, int] = defaultdict(int)
        self.days: dict[int, set[date]] = defaultdict(set)
        self.open: set[int] = set()
        self.times: list[Slot] = []  # asked about at this look
        self.networks: Counter[str] = Counter()  # how many of each are asked now
        mailed = Exists(OutgoingEmail.objects.out().filter(offer=OuterRef("pk")))
        # The open ones of all wishes, read at this look or not: they count for their network, and
        # among those that are asked at once.
        offers = TimeOffer.objects.filter(Q(entry__in=wishes) | Q(state=State.OPEN))
        for offer in offers.select_related("entry").annotate(was_mailed=mailed):
            self._read(offer, offer.was_mailed, now)
        self.room = ASKED_AT_ONCE - len(self.open)

    def _read(self, offer: TimeOffer, was_mailed: bool, now: datetime) -> None:
        entry = offer.entry_id
        # All count, so that an address that takes no mail does not keep a time from the next.
        self.lately[entry] += offer.created_at > now - DAY
        if offer.state == State.OPEN:
            self.open.add(entry)
            self._count(offer.entry)
        # Nobody is asked twice about one day. Who got no e-mail has not been asked.
        if offer.state == State.DECLINED or (offer.state == State.LAPSED and was_mailed):
            self.days[entry].add(hours.today(offer.starts_at))

    def may_ask(self, wish: WaitlistEntry) -> bool:
        return wish.pk not in self.open and self.lately[wish.pk] < ASKED_A_DAY

    def turn(self, wish: WaitlistEntry) -> tuple[int, int]:
        """The lower, the sooner it is this wish's turn: one network does not take all there is."""
        return self.networks[wish.wide_network], self.networks[wish.network]

    def add(self, wish: WaitlistEntry, slot: Slot) -> None:
        self.times.append(slot)
        self.room -= 1
        self._count(wish)

    def _count(self, wish: WaitlistEntry) -> None:
        for network in {wish.network, wish.wide_network} - {""}:  # "" where none is known
            self.networks[network] += 1

    def is_free(self, slot: Slot) -> bool:
        """Whether nobody is asked about it, or about part of it, at this look."""
        return not any(overlap(slot, time) for time in self.times)


def overlap(slot: Slot, other: Slot) -> bool:
    """Whether one therapist could not hold both."""
    same = slot.therapist.pk == other.therapist.pk
    return same and slot.starts_at < other.ends_at and other.starts_at < slot.ends_at


class _Shares:
    """Of the times that patients could have on a day, how many are kept for those who wait.

    Of each visit type that `/book/` shows, all that is free, whatever fills the day; five queries,
    however many days are asked about.
    """

    def __init__(self, visit_types: Iterable[VisitType], now: datetime) -> None:
        online = VisitType.objects.filter(online=True, active=True)
        self.windows = {row: online_window(row, now) for row in {*visit_types, *online}}
        first = min(window.first for window in self.windows.values())
        last = max(window.last for window in self.windows.values())
        self.shown = online_calendars(Window(first, last), now)
        self.whole = self.shown.with_offered_times()
        self.days: dict[tuple[VisitType, date], tuple[list[Slot], int]] = {}
        self.taken: dict[tuple[VisitType, date, int], set[int]] = {}

    def allow(self, slot: Slot, times: list[Slot]) -> bool:
        """Whether the slot may be kept too, beside `times` that are kept from this look on: one
        time of a day, or as many as hide a tenth of it from the public, whatever they book.
        """
        day = hours.today(slot.starts_at)
        kept = [time for time in times if hours.today(time.starts_at) == day]
        if not kept and not any(self._on(row, day)[1] for row in self.windows):
            return True
        return all(self._leaves_enough(row, day, slot, kept) for row in self.windows)

    def _leaves_enough(
        self, visit_type: VisitType, day: date, slot: Slot, kept: list[Slot]
    ) -> bool:
        shown, hidden = self._on(visit_type, day)
        most = (hidden + len(shown)) // SHARE - hidden
        taken = self._taken(visit_type, day, kept)
        if len(taken) > most:
            return False
        more = sum(number not in taken and overlap(row, slot) for number, row in enumerate(shown))
        return not more or len(taken) + more <= most

    def _taken(self, visit_type: VisitType, day: date, kept: list[Slot]) -> set[int]:
        """Which of the times shown those hide that are kept from this look on."""
        key = visit_type, day, len(kept)
        if key not in self.taken:
            shown, _hidden = self._on(visit_type, day)
            self.taken[key] = {
                number
                for number, row in enumerate(shown)
                if any(overlap(row, time) for time in kept)
            }
        return self.taken[key]

    def _on(self, visit_type: VisitType, day: date) -> tuple[list[Slot], int]:
        """What is shown of a day, and how many times of it are not."""
        if (visit_type, day) not in self.days:
            window = self.windows[visit_type].narrowed(day, day)
            shown = list(self.shown.within(window).slots(visit_type))
            whole = sum(1 for _slot in self.whole.within(window).slots(visit_type))
            self.days[visit_type, day] = shown, whole - len(shown)
        return self.days[visit_type, day]


class _FreeTimes:
    """The times of these visit types, as patients are shown them, that leave the whole time to
    answer.
    """

    def __init__(self, visit_types: Iterable[VisitType], now: datetime) -> None:
        # Twice: the e-mail may leave as long after the making as it then gives to answer.
        ahead = 2 * deadlines.time_to_answer()
        windows = {row: online_window(row, now, ahead) for row in visit_types}
        first = min(window.first for window in windows.values())
        last = max(window.last for window in windows.values())
        self.shares = _Shares(windows, now)
        calendars = self.shares.shown.within(Window(first, last))
        self.by_kind: dict[Kind, list[Slot]] = defaultdict(list)
        for visit_type, window in windows.items():
            for slot in calendars.within(window).shown(visit_type):
                local = timezone.localtime(slot.starts_at)
                kind = visit_type, local.weekday(), day_part(local.time()).slug
                self.by_kind[kind].append(slot)

    def first_for(self, wish: WaitlistEntry, history: _History) -> Slot | None:
        """The soonest time that suits the wish and lies on an earlier day than its visit."""
        before, refused = wish.before, history.days[wish.pk]

        def suits(slot: Slot) -> bool:
            day = hours.today(slot.starts_at)
            with_whom = wish.therapist_id in (None, slot.therapist.pk)
            there = wish.location_id in (None, slot.location_id)
            suited = with_whom and there and day not in refused
            if not (day < before and suited and history.is_free(slot)):
                return False
            return self.shares.allow(slot, history.times)

        kinds = [
            (wish.visit_type, day, part.slug)
            for day in map(int, wish.weekdays)
            for part in wish.parts
        ]
        soonest = (next(filter(suits, self.by_kind[kind]), None) for kind in kinds)
        return min(filter(None, soonest), key=attrgetter("starts_at"), default=None)
