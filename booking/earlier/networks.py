"""From which networks the wishes came: so that one network does not take all free times."""

from dataclasses import dataclass

from booking.visits import limits

FORM = "wish-network"


@dataclass(frozen=True)
class Networks:
    """Keyed hashes: of the address, or its /64, and of the /48 around it. IPv4 has one only."""

    narrow: str = ""
    wide: str = ""


NOWHERE = Networks()  # as at the desk


def of(address: str) -> Networks:
    """The networks of a client's address."""
    return Networks(
        narrow=limits.hashed(FORM, "narrow", limits.network(address)),
        wide=limits.hashed(FORM, "wide", limits.network(address, limits.WIDE_PREFIX)),
    )
