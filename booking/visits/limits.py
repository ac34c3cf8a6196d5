"""How much one client address, one e-mail address, one telephone number may send in an hour, how
much all together may, and how many visits one person may have booked at a time.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import TypedDict

from django.conf import settings
from django.db.models import Q

from booking import contacts
from booking.models import Appointment, HourlyCount, Source, TimeOffer
from booking.models.appointment import AppointmentQuerySet
from booking.secrets import keys
from booking.secrets.keys import Use
from booking.transactions import Stale
from booking.visits.refusals import OnlineFull, OverLimit
from booking.visits.requests import Patient, Request

HOUR = timedelta(hours=1)
IPV6_PREFIX, WIDE_PREFIX = 64, 48
# The key of all online bookings together; another form's begins alike. Each waits for its row: no
# hash comes after it in the order of locks, so it is locked last.
ALL_ONLINE = "online"
WIDER = 4  # times as much from a /48 as from a /64
BOOKING = "booking"  # a form's name: what is sent by one does not count for another
CLAIM = "claim"


class Sender(TypedDict):
    """Whose connection a form came by, as keyed hashes; as a `Request` has them."""

    client: str
    wide: str


def sender(address: str, form: str = BOOKING) -> Sender:
    """The networks of a client's address, for the counts of a form."""
    return {"client": client_key(address, form), "wide": wide_key(address, form)}


def client_key(address: str, form: str = BOOKING) -> str:
    """Keyed hash of a client address: counts can be kept without keeping addresses."""
    return hashed(form, "client", network(address))


def wide_key(address: str, form: str = BOOKING) -> str:
    """Keyed hash of the /48 of an IPv6 address, empty for any other.

    Whoever rents a server or a line may be given a whole /48: 65,536 networks to send from. An IPv4
    address has no such key: behind its /24 may be the patients of a whole town, or a carrier's
    customers who share its addresses.
    """
    wide = network(address, WIDE_PREFIX)
    return hashed(form, "wide", wide) if "/" in wide else ""


def contact_keys(email: str, phone_e164: str, form: str = BOOKING) -> list[str]:
    """Keyed hashes of an e-mail address and a telephone number, of those that there are."""
    keys = [hashed(form, "email", contacts.mailbox(email))] if email else []
    return keys + ([hashed(form, "phone", phone_e164)] if phone_e164 else [])


def hashed(form: str, what: str, value: str) -> str:
    """64 characters that tell senders apart and say nothing of them."""
    return keys.digest(Use.COUNTS, f"{form}:{what}:{value}").hex()


def network(address: str, prefix: int = IPV6_PREFIX) -> str:
    """Whose connection an address belongs to; of an IPv6 one so many bits.

    IPv6 gives a household a whole /64 and lets its devices change within it at will; an IPv4
    address may come wrapped in IPv6.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address  # such as none at all, behind a socket
    if found.version == 4 or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ip_network((found, prefix), strict=False))


def all_key(form: str = BOOKING) -> str:
    """The key of all who send a form together."""
    return ALL_ONLINE if form == BOOKING else f"{ALL_ONLINE}:{form}"


def count_booking(request: Request, patient: Patient) -> bool:
    """Count a booking for client and person, and for all. Raises OverLimit, OnlineFull.

    Returns whether it is the last that is taken online in this hour. The open ones are counted
    under the locks of the person's keys: of two bookings by one person with two therapists, the
    second sees the first.
    """
    device = own_device(request, patient)
    keys = contact_keys(patient.email, patient.phone_e164)
    if device:
        keys = [hashed(BOOKING, "device", str(device))]
    is_last = _count_visit(request, keys)
    _check_open(open_bookings(patient, request.now, device))
    return is_last


def count_claim(request: Request, patient: Patient) -> bool:
    """Count the claim of an offered time as a first visit, as `count_booking` does.

    Its link was mailed: what strangers booked in the same name does not count against it, only
    what was claimed before. But whoever reads all mail of a domain has as many links as they like:
    so it is one of what its network, and everybody together, may book.
    """
    is_last = _count_visit(request, contact_keys(patient.email, patient.phone_e164, CLAIM))
    claimed = TimeOffer.objects.filter(state=TimeOffer.State.CLAIMED)
    _check_open(open_bookings(patient, request.now).filter(key__in=claimed.values("uuid")))
    return is_last


def _count_visit(request: Request, keys: Iterable[str]) -> bool:
    each, in_all = settings.BOOKING_LIMIT, settings.ONLINE_BOOKINGS_AN_HOUR
    return count_sent(request, BOOKING, dict.fromkeys(keys, each), each, in_all)


def count_sent(
    request: Request, form: str, contact: Mapping[str, int], each: int, in_all: int
) -> bool:
    """Count a form for the networks of its sender, for the keys of `contact` with their limits, and
    for all who send it. `each` is how often one network may send it in an hour, `in_all` how often
    all together may.

    Returns whether it is the last that is taken in this hour. Raises OverLimit, OnlineFull.
    """
    networks = network_limits(request.client, request.wide, each, in_all)
    counted = count_each({**networks, **contact, all_key(form): in_all}, request.now)
    return counted[all_key(form)] == in_all


def network_limits(client: str, wide: str, each: int, in_all: int) -> dict[str, int]:
    """How often the networks of a sender may send a form in an hour, by key; `each` and `in_all` as
    in `count_sent`.
    """
    limits = {client: each, wide: wide_limit(each, in_all)}
    return {key: limit for key, limit in limits.items() if key}


def _check_open(visits: AppointmentQuerySet) -> None:
    if visits.count() >= settings.OPEN_BOOKINGS_LIMIT:
        raise OverLimit


def own_device(request: Request, patient: Patient) -> uuid.UUID | None:
    """What the visits have in common that were booked with one another's link or cookie, if the
    sender holds a coming one of the same person; None from anybody else.

    What was typed proves nothing: a stranger may book as much as is allowed in somebody's name.
    Whoever holds a visit of their own is counted by what they hold, and not by that.
    """
    held = request.held
    if held is None or not held.is_upcoming(request.now):
        return None
    is_same_address = bool(patient.email) and held.mailbox == contacts.mailbox(patient.email)
    is_same_number = bool(patient.phone_e164) and held.phone_e164 == patient.phone_e164
    if held.folded_name != contacts.fold(patient.name) or not (is_same_address or is_same_number):
        return None
    return held.device or held.uuid


def wide_limit(each: int, in_all: int) -> int:
    """How often a /48 may send a form in an hour.

    It may be a campus, or the telephones of a district: hence more than a household's /64. Yet
    never all that is taken in an hour: one customer of a hosting company must not use it up.
    """
    return min(WIDER * each, max(1, in_all * 3 // 4))


def open_bookings(
    patient: Patient, now: datetime, device: uuid.UUID | None = None
) -> AppointmentQuerySet:
    """Coming visits booked online by the same person, as told by the name and by e-mail or
    telephone: parents and couples share those two. With `device`, of those that it holds.
    """
    reached = Q(pk__in=[])
    reached |= Q(mailbox=contacts.mailbox(patient.email)) if patient.email else Q()
    reached |= Q(phone_e164=patient.phone_e164) if patient.phone_e164 else Q()
    if device:
        reached &= Q(uuid=device) | Q(device=device)
    same = Appointment.objects.filter(reached, folded_name=contacts.fold(patient.name))
    return same.upcoming(now).filter(source=Source.ONLINE)


def count(keys: Iterable[str], now: datetime, limit: int) -> None:
    """Count one sending for each key. Raises OverLimit past the limit in any sixty minutes.

    Call it in the transaction of what is sent, after any therapist's lock.
    """
    count_each(dict.fromkeys(keys, limit), now)


def count_each(limits: Mapping[str, int], now: datetime) -> dict[str, int]:
    """Count one sending for each key, which has a limit of its own; as `count`. Returns how many
    each has sent in its hour by now.

    Raises OnlineFull where only those of everybody together are too many.
    """
    wanted = sorted(limits)
    rows = [HourlyCount(key=key, last_at=now) for key in wanted]
    HourlyCount.objects.bulk_create(rows, ignore_conflicts=True)
    # Locked: what one sender sends at once is counted one after the other. All take the locks
    # in the order of the keys, so that two who share two of them cannot deadlock.
    locked = HourlyCount.objects.select_for_update(no_key=True).filter(pk__in=wanted)
    found = list(locked.order_by("pk"))
    if len(found) != len(wanted):
        raise Stale  # `forget` took one away between the two statements
    moment_now, begins = int(now.timestamp()), int((now - HOUR).timestamp())
    for row in found:
        row.moments = [moment for moment in row.moments if moment > begins] + [moment_now]
        row.times, row.last_at = len(row.moments), now
    if over := {row.key for row in found if row.times > limits[row.key]}:
        of_all = all(key.startswith(ALL_ONLINE) for key in over)  # no hash begins so
        raise OnlineFull if of_all else OverLimit
    HourlyCount.objects.bulk_update(found, ["moments", "last_at", "times"])
    return {row.key: row.times for row in found}


def take_back(key: str) -> None:
    """Undo the last count of a key, if there is one."""
    # Locked: of two taken back at once each takes one.
    row = HourlyCount.objects.select_for_update(no_key=True).filter(pk=key, times__gt=0).first()
    if row:
        row.moments = row.moments[:-1]
        row.times = len(row.moments)
        row.save(update_fields=["moments", "times"])


def forget(now: datetime) -> None:
    """Delete the counts in which nothing counts any more."""
    HourlyCount.objects.filter(last_at__lte=now - HOUR).delete()
