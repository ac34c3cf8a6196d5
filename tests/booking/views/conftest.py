"""One therapist's clinic, on the Friday before."""

import pytest
import time_machine

from tests.builders import NOW, make_therapist, make_visit_type


@pytest.fixture(autouse=True)
def friday(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ana():
    make_visit_type()
    return make_therapist()
