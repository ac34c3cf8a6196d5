"""The keys of staff's apps stand nowhere in the open: only who has the SECRET_KEY reads them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from booking.models import AppDevice
from booking.models.sealed import Unreadable, seal, unseal
from clinic_site.staff import second_factor
from tests.booking.records.everything import stored_bytes
from tests.second_factor import KEY, code, give

pytestmark = pytest.mark.django_db
NEXT = "the-next-key-of-these-tests-0123456789"


@pytest.fixture
def rosa():
    return give(User.objects.create_user("rosa", is_staff=True))


def stored():
    return TOTPDevice.objects.values_list("key", flat=True).get()


def test_what_is_sealed_for_one_row_opens_for_that_row_alone():
    sealed = seal(b"a key of twenty byte", "app of user 1")
    bent = ("B" if sealed[0] == "A" else "A") + sealed[1:]

    assert unseal(sealed, "app of user 1") == b"a key of twenty byte"
    assert (len(sealed), seal(b"a key of twenty byte", "app of user 1") == sealed) == (64, False)
    for text, whose in [(sealed, "app of user 2"), (bent, "app of user 1"), (KEY, "x"), ("", "x")]:
        with pytest.raises(Unreadable):
            unseal(text, whose)


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_the_database_shows_a_key(rosa):
    moving = import_module("booking.migrations.0304_sealed_keys")
    with transaction.atomic():
        moving.open_keys(apps, Editor)
    before = KEY.encode() in stored_bytes()
    with transaction.atomic():
        moving.seal_keys(apps, Editor)

    assert (before, KEY.encode() in stored_bytes()) == (True, False)
    assert second_factor.is_right(rosa, code())


class Editor:
    connection = connection


def test_keys_from_before_are_sealed_once_and_opened_again_on_the_way_back(rosa):
    TOTPDevice.objects.update(key=KEY)
    moving = import_module("booking.migrations.0304_sealed_keys")
    found = []
    for step in (moving.seal_keys, moving.seal_keys, moving.open_keys, moving.open_keys):
        step(apps, Editor)
        found.append(stored())

    assert (found[0] == found[1], KEY in found[0], found[2:]) == (True, False, [KEY, KEY])


def test_a_key_of_a_colleague_put_in_ones_row_is_of_no_use(rosa):
    ben = give(User.objects.create_user("ben", is_staff=True))
    bens = AppDevice.objects.get(user=ben).key
    AppDevice.objects.filter(user=rosa).update(key=bens)

    assert second_factor.is_right(rosa, code()) is False
    assert second_factor.is_right(ben, code()) is True


def test_a_secret_key_of_before_opens_it_and_the_new_one_seals_it(rosa, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = NEXT
    before = stored()
    is_right = second_factor.is_right(rosa, code())
    settings.SECRET_KEY_FALLBACKS = []

    assert (is_right, stored() == before) == (True, False)
    assert AppDevice.objects.get().bin_key.hex() == KEY


def test_with_a_secret_key_that_nobody_named_nobody_is_let_in_and_the_log_says_why(
    rosa, settings, caplog
):
    settings.SECRET_KEY = NEXT

    assert second_factor.is_right(rosa, code()) is False
    assert f"No SECRET_KEY opens the key of an app: user {rosa.pk}" in caplog.text
