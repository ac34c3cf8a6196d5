"""Somebody of the staff has seen what patients changed."""

from collections.abc import Collection

from django.contrib.auth.models import AbstractUser

from booking.models import PatientChange
from booking.transactions import retried


@retried
def mark(*, user: AbstractUser, changes: Collection[int]) -> None:
    """Note that the user has seen these changes (primary keys), of those that they may see.

    For this user alone. Pressed twice, it is the same: the rows are unique.
    """
    seen = PatientChange.seen_by.through
    rows = PatientChange.objects.visible_to(user).filter(pk__in=changes)
    seen.objects.bulk_create(
        [seen(patientchange_id=pk, user_id=user.pk) for pk in rows.values_list("pk", flat=True)],
        ignore_conflicts=True,
    )
