"""How many bookings one client address may make."""

import hmac
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings

from booking.models import BookingCount

HOUR = timedelta(hours=1)
IPV6_PREFIX = 64


class TooManyBookings(Exception):
    """The client address has made its bookings of this hour."""


def client_key(address: str) -> str:
    """Keyed hash of a client address: counts can be kept without keeping addresses."""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"client:{network(address)}".encode(), "sha256"
    ).hexdigest()


def network(address: str) -> str:
    """Whose connection an address belongs to.

    IPv6 gives a household a whole /64 and lets its devices change within it at will; an IPv4
    address may come wrapped in IPv6.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address  # such as none at all, behind a socket
    if found.version == 4 or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ip_network((found, IPV6_PREFIX), strict=False))


def count(client: str, now: datetime) -> None:
    """Count one booking of a client address in its current hour. Raises TooManyBookings."""
    BookingCount.objects.get_or_create(client=client, defaults={"hour_began_at": now})
    # Locked: bookings of one address with several therapists are counted one after the other.
    row = BookingCount.objects.select_for_update(no_key=True).get(client=client)
    if now >= row.hour_began_at + HOUR:
        row.hour_began_at, row.bookings = now, 0
    row.bookings += 1
    if row.bookings > settings.BOOKING_LIMIT:
        raise TooManyBookings
    row.save()


def forget(now: datetime) -> None:
    """Delete the counts of hours that are over: they say nothing any more."""
    BookingCount.objects.filter(hour_began_at__lte=now - HOUR).delete()
