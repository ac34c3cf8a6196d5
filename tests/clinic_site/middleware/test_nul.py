"""Addresses that hold a NUL."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/book/?therapist=%00", "/search/?q=a%00b", "/team/%00/", "/admin/login/?next=%00", "/%00"],
)
def test_a_nul_in_an_address_is_a_bad_request(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/book/?therapist=%2500", "/book/?therapist=a%20b"])
def test_other_characters_are_not(client, address):
    assert client.get(address).status_code == 200
