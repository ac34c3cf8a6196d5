"""The demo clinic: people who do not exist, with calendars that look lived in.

Dated rows are relative to the day, and `top_up` keeps a running demo alive. Every demo visit
has a key derived from therapist, day and number: the same day is never filled twice, and no
mail is owed for any of them.
"""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.core.management import call_command
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from booking.calendars import availability, hours
from booking.calendars.availability import DAY
from booking.calendars.free_times import Calendars, Window, bookable_therapists
from booking.calendars.slots import Slot
from booking.contacts import to_e164
from booking.management.demo_review import sign_one_page
from booking.management.made_up import LOCATION, PLANS, THERAPISTS
from booking.models import (
    Appointment,
    AppointmentStatus,
    Clinic,
    Closure,
    Estimate,
    InsurancePlan,
    Location,
    Payment,
    Source,
    Therapist,
    TimeOff,
    VisitType,
    WorkingHours,
)
from booking.models.clinic import Has
from booking.models.reference import new_reference
from booking.transactions import lock_therapists
from booking.visits import estimates, tokens
from conditions.models import Condition

NAMESPACE = uuid.UUID("6f0e6c0e-4a37-4a0e-9a0b-0b3f7c1d52aa")
DAYS_AHEAD, DAYS_BEHIND = 30, 14
MAIL_DOMAIN = "patients.example"

FIRST_NAMES = ["Alma", "Ben", "Carla", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Imani"]
FIRST_NAMES += ["Jonas", "Kavya", "Lena", "Marco", "Nadia", "Omar", "Priya", "Quentin", "Stefan"]
LAST_NAMES = ["Abbott", "Bauer", "Castillo", "Dunn", "Ekstrom", "Foster", "Garcia", "Hill", "Ito"]
LAST_NAMES += ["Jensen", "Khan", "Lopez", "Moreau", "Novak", "Okoye", "Patel", "Quinn", "Tanaka"]
REASONS = ["", "", "Lower back pain after lifting", "Stiff upper back", "Back pain at my desk"]


@transaction.atomic
def load(now: datetime) -> None:
    """Make the clinic and its month of visits; what is already there is left alone."""
    if not VisitType.objects.exists():
        call_command("loaddata", "visit_types", verbosity=0)
    location, _made = Location.objects.get_or_create(slug="willow-street", defaults=LOCATION)
    for order, slug in enumerate(THERAPISTS):
        _therapist(slug, order, location)
    for order, (name, note) in enumerate(PLANS.items()):
        InsurancePlan.objects.get_or_create(name=name, defaults={"note": note, "order": order})
    Clinic.objects.filter(pool=Has.UNSAID).update(pool=Has.YES)
    today = hours.today(now)
    _holiday(today)
    _leave(today)
    fill(today - DAYS_BEHIND * DAY, today + DAYS_AHEAD * DAY)
    settle(now)
    sign_one_page(today)


def top_up(now: datetime) -> None:
    """Keep a running demo alive: visits for the days ahead, past ones settled."""
    today = hours.today(now)
    fill(today, today + DAYS_AHEAD * DAY)
    settle(now)


def _therapist(slug: str, order: int, location: Location) -> None:
    person = THERAPISTS[slug]
    about = person.about | {"order": order}
    therapist, made = Therapist.objects.get_or_create(slug=slug, defaults=about)
    if not made:
        return
    therapist.treats.set(Condition.objects.filter(slug__in=person.treats))
    for weekday, spans in person.week.items():
        for span in spans.split():
            opens, closes = map(time.fromisoformat, span.split("-"))
            WorkingHours.objects.create(
                therapist=therapist,
                location=location,
                weekday=weekday,
                opens=opens,
                closes=closes,
            )


def next_holiday(today: date) -> tuple[str, date]:
    """The next of four public holidays of the United States, from today on."""
    days = []
    for year in (today.year, today.year + 1):
        november = date(year, 11, 1)
        thanksgiving = november + timedelta(days=(3 - november.weekday()) % 7 + 21)
        days += [("New Year's Day", date(year, 1, 1)), ("Independence Day", date(year, 7, 4))]
        days += [("Thanksgiving", thanksgiving), ("Christmas Day", date(year, 12, 25))]
    return min((row for row in days if row[1] >= today), key=lambda row: row[1])


def _holiday(today: date) -> None:
    name, day = next_holiday(today)
    begins, ends = hours.day_start(day), hours.day_start(day + DAY)
    Closure.objects.get_or_create(name=name, starts_at=begins, defaults={"ends_at": ends})


def _leave(today: date) -> None:
    """A week off, two weeks from now, unless one is there."""
    away = Therapist.objects.get(slug="grace-chen")
    if not away.time_off.filter(ends_at__gt=hours.day_start(today)).exists():
        monday = today + timedelta(days=14 + (-today.weekday()) % 7)
        TimeOff.objects.create(
            therapist=away,
            starts_at=hours.day_start(monday),
            ends_at=hours.day_start(monday + timedelta(days=7)),
            reason="Leave",
        )


def fill(first: date, last: date) -> None:
    """Plausible visits on the days that have none of ours yet; only into free times."""
    today = hours.today(timezone.now())
    known = set(Appointment.objects.filter(key__isnull=False).values_list("key", flat=True))
    for therapist in Therapist.objects.filter(slug__in=THERAPISTS).order_by("pk"):
        with transaction.atomic():
            # No visitor books in between: what was free is still free when it is written.
            lock_therapists([therapist.pk])
            visits = with_references(_visits(therapist, Window(first, last), known))
            prefetch_related_objects(visits, "location")  # whose address each notes as told
            made = Appointment.objects.bulk_create(visits)
            _backdate(made)
            _owe_estimates(made, today)


def _visits(
    therapist: Therapist, window: Window, known: set[uuid.UUID | None]
) -> Iterator[Appointment]:
    bookable = bookable_therapists(online=False).filter(pk=therapist.pk)
    calendars = Calendars.read(bookable, window)
    free = {
        visit_type: _by_day(calendars.slots(visit_type))
        for visit_type in VisitType.objects.offered().order_by("order")
    }
    for day in availability.days(window.first, window.last):
        if _key(therapist, day, 0) not in known:
            yield from _visits_on(therapist, day, {row: slots[day] for row, slots in free.items()})


def with_references(visits: Iterable[Appointment]) -> list[Appointment]:
    """These visits, none with a reference that another has: bulk_create cannot draw again."""
    taken = set(Appointment.objects.values_list("reference", flat=True))
    visits = list(visits)
    for visit in visits:
        while visit.reference in taken:
            visit.reference = new_reference()
        taken.add(visit.reference)
    return visits


def _backdate(visits: list[Appointment]) -> None:
    """Spread the bookings over four weeks: a lived-in clinic has few since yesterday."""
    now = timezone.now()
    for visit in visits:
        hours_ago = random.Random(str(visit.key)).randint(1, 24 * 28)
        visit.created_at = min(now, visit.starts_at) - timedelta(hours=hours_ago)
    Appointment.objects.bulk_update(visits, ["created_at"])


def _owe_estimates(visits: list[Appointment], today: date) -> None:
    """The desk has given those that were due, and owes the others."""
    rows = []
    for visit in visits:
        if visit.payment == Payment.SELF_PAY:
            booked_on, visit_on = hours.today(visit.created_at), hours.today(visit.starts_at)
            due_on = estimates.due_day(booked_on, visit_on)
            given_at = visit.created_at if due_on < today else None
            rows.append(Estimate(appointment=visit, due_on=due_on, given_at=given_at))
    Estimate.objects.bulk_create(rows)


def _by_day(slots: Iterable[Slot]) -> dict[date, list[Slot]]:
    days: dict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        days[hours.today(slot.starts_at)].append(slot)
    return days


def _visits_on(
    therapist: Therapist, day: date, free: dict[VisitType, list[Slot]]
) -> Iterator[Appointment]:
    chance = random.Random(f"{therapist.slug}:{day}")
    taken: list[Slot] = []
    for number in range(chance.randint(2, 5)):
        visit_type = chance.choice(list(free))
        slots = [slot for slot in free[visit_type] if not _clashes(slot, taken)]
        if slots:
            taken.append(chance.choice(slots))
            yield _visit(taken[-1], visit_type, _key(therapist, day, number), chance)


def _clashes(slot: Slot, taken: list[Slot]) -> bool:
    return any(slot.starts_at < row.ends_at and row.starts_at < slot.ends_at for row in taken)


def _key(therapist: Therapist, day: date, number: int) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{therapist.slug}:{day}:{number}")


def _visit(slot: Slot, visit_type: VisitType, key: uuid.UUID, chance: random.Random) -> Appointment:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    phone = f"(212) 555-01{chance.randint(0, 99):02}"
    appointment = Appointment(
        key=key,
        therapist=slot.therapist,
        visit_type=visit_type,
        location_id=slot.location_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        source=chance.choice([Source.ONLINE, Source.ONLINE, Source.DESK]),
        name=f"{first} {last}",
        phone=phone,
        phone_e164=to_e164(f"+1 {phone}"),
        email=f"{first}.{last}{chance.randint(10, 99)}@{MAIL_DOMAIN}".lower(),
        reason=chance.choice(REASONS),
        payment=chance.choice(["", *Payment.values]),
    )
    appointment.token_hash = tokens.hashed(tokens.make(appointment))
    return appointment


def settle(now: datetime) -> None:
    """Past demo visits were seen, every tenth patient did not come; soon ones are confirmed.

    Who, the last digit of the telephone says: each demo clinic is the same, whatever its keys.
    """
    past = Appointment.objects.filter(
        status=AppointmentStatus.BOOKED, ends_at__lt=now, email__endswith=f"@{MAIL_DOMAIN}"
    )
    past.filter(phone_e164__endswith="7").update(status=AppointmentStatus.NO_SHOW)
    past.update(status=AppointmentStatus.FULFILLED)
    near = Appointment.objects.upcoming(now).filter(
        starts_at__lt=now + 3 * DAY, confirmed_at=None, email__endswith=f"@{MAIL_DOMAIN}"
    )
    near.filter(phone_e164__regex="[258]$").update(confirmed_at=now)
