"""Whose bookings are counted together."""

import pytest

from booking.limits import client_key, network


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb:cccc:dddd:eeee", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_client_is_its_network(address, counted_as):
    assert network(address) == counted_as


def test_the_key_hides_the_address_and_tells_clients_apart():
    keys = {client_key(address) for address in ["192.0.2.1", "192.0.2.2", "2001:db8::1"]}

    assert len(keys) == 3
    assert not any("192" in key and "." in key for key in keys)
