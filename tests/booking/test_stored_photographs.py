"""Uploads and sweeps at the same moment."""

import pytest
from django.db import OperationalError, connection, transaction

from booking import photographs
from tests.builders import make_therapist
from tests.pictures import picture
from tests.threads import meanwhile


@transaction.atomic
def impatient_sweep():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
    photographs.sweep()


# SQLite has one writer at a time: there is nothing to lock.
@pytest.mark.only("postgresql")
def test_a_sweep_waits_for_an_upload_that_is_not_yet_committed(
    transactional_db, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    therapist = make_therapist(hours="")

    def upload():
        photographs.change(therapist, photographs.prepare(picture()))
        therapist.save()

    with meanwhile(upload), pytest.raises(OperationalError, match="lock timeout"):
        impatient_sweep()

    assert len(photographs.FILES.stored()) == len(photographs.SIZES)
