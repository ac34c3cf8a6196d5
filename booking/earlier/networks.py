"""From which networks the wishes came: so that one network does not take all free times."""

from dataclasses import dataclass
from ipaddress import ip_network

from booking.visits import limits

WIDE_PREFIX = 48  # IPv6: what one customer is given at most, 65,536 times a household's /64
FORM = "wish-network"


@dataclass(frozen=True)
class Networks:
    """Keyed hashes: of the address, or its /64, and of the /48 around it. IPv4 has one only."""

    narrow: str = ""
    wide: str = ""


NOWHERE = Networks()  # as at the desk


def of(address: str) -> Networks:
    """The networks of a client's address."""
    narrow = limits.network(address)
    return Networks(
        narrow=limits.hashed(FORM, "narrow", narrow),
        wide=limits.hashed(FORM, "wide", _wide(narrow)),
    )


def _wide(narrow: str) -> str:
    """The /48 around a /64; anything else as it is."""
    try:
        found = ip_network(narrow, strict=False)
    except ValueError:
        return narrow
    if found.version == 4:
        return narrow
    return str(ip_network((found.network_address, WIDE_PREFIX), strict=False))
