"""At most so many passwords are hashed at once, over threads and processes."""

import subprocess
import sys
from contextlib import ExitStack

import pytest

from clinic_site.staff import hashing

HOLD = """
import django; django.setup()
from clinic_site.staff import hashing
with hashing.slot():
    print("held", flush=True)
    input()
"""


@pytest.mark.parametrize("places", [1, 3])
def test_so_many_may_hash_at_once_and_no_more(settings, tmp_path, places):
    settings.VAR_DIR, settings.HASHES_AT_ONCE = tmp_path, places
    with ExitStack() as stack:
        for _ in range(places):
            stack.enter_context(hashing.slot())
        with pytest.raises(hashing.Busy), hashing.slot():
            pass

    with hashing.slot():
        pass


def test_one_place_more_is_kept_for_browsers_that_are_known(settings, tmp_path):
    settings.VAR_DIR, settings.HASHES_AT_ONCE = tmp_path, 1
    with hashing.slot(), hashing.slot(known=True):
        for known in (False, True):
            with pytest.raises(hashing.Busy), hashing.slot(known=known):
                pass


def test_place_is_free_again_after_an_error(settings, tmp_path):
    settings.VAR_DIR, settings.HASHES_AT_ONCE = tmp_path, 1
    with pytest.raises(ValueError, match="wrong"), hashing.slot():
        raise ValueError("wrong")

    with hashing.slot():
        pass


def test_another_process_holds_a_place_until_it_dies(settings, monkeypatch):
    settings.HASHES_AT_ONCE = 1
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLD], stdin=pipe, stdout=pipe) as process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(hashing.Busy), hashing.slot():
            pass
        process.kill()
        process.wait()

    with hashing.slot():
        pass
