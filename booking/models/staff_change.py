"""What the desk did to a visit, and all that the visit was before: so that it can be undone."""

from datetime import datetime

from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.calendar import Location
from booking.models.statuses import UNDO
from booking.models.therapists import Therapist
from booking.models.visit_type import VisitType

# What a change of the desk may write of a visit; an undo puts it back.
PLACED = ["therapist_id", "visit_type_id", "location_id", "starts_at", "ends_at"]
KNOWN = ["kept_against", "kept_at"]  # of the time that it had
# What is true of the patient for as long as nothing of the change has reached them.
HEARD = ["confirmed_at", "moved_from", "told_starts_at", "told_ends_at", "told_therapist_id"]
HEARD += ["told_location_id", "told_place"]


class StaffChangeQuerySet(models.QuerySet["StaffChange"]):
    """Questions about what the desk changed."""

    def fresh(self, now: datetime) -> "StaffChangeQuerySet":
        """Those that may still be undone, if nobody has changed the visit since."""
        return self.filter(made_at__gte=now - UNDO)

    def of_outer(self, now: datetime) -> "StaffChangeQuerySet":
        """The fresh one that made the visit of an outer query what it is."""
        return self.fresh(now).filter(appointment=OuterRef("pk"), sequence=OuterRef("sequence"))


class StaffChange(models.Model):
    """That the desk changed or cancelled a visit; written in the transaction of the change.

    `sequence` is the visit's from then on: as long as it is the visit's still, nobody has moved,
    cancelled or told it since. `untold` is the message that waited as the change was made: what
    the patient had not heard of the visit before it.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="staff_changes")
    sequence = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    withheld = models.BooleanField(default=False)  # on purpose, nothing of it was mailed
    untold = models.CharField(max_length=20, blank=True)  # a kind of the outbox; empty for none

    was_therapist = models.ForeignKey(
        Therapist, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    was_visit_type = models.ForeignKey(
        VisitType, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    was_location = models.ForeignKey(
        Location, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    was_starts_at = models.DateTimeField()
    was_ends_at = models.DateTimeField()
    was_kept_against = models.JSONField(default=list)
    was_kept_at = models.DateTimeField(null=True)
    was_confirmed_at = models.DateTimeField(null=True)
    was_moved_from = models.DateTimeField(null=True)
    was_told_starts_at = models.DateTimeField(null=True)
    was_told_ends_at = models.DateTimeField(null=True)
    was_told_therapist = models.ForeignKey(
        Therapist, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    was_told_location = models.ForeignKey(
        Location, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    was_told_place = models.CharField(max_length=500, blank=True)

    objects = StaffChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # who may see the visit may see what became of it
        verbose_name = _("change by staff")
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "sequence"], name="booking_staffchange_one_a_sequence"
            ),
            models.CheckConstraint(
                condition=Q(was_ends_at__gt=models.F("was_starts_at")),
                name="booking_staffchange_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.made_at:%Y-%m-%d %H:%M}"

    @classmethod
    def of(cls, row: Appointment, now: datetime) -> "StaffChange":
        """What the visit is before a change that is made now; unsaved, its sequence the next."""
        was = {f"was_{name}": getattr(row, name) for name in [*PLACED, *KNOWN, *HEARD]}
        return cls(appointment=row, sequence=row.sequence + 1, made_at=now, **was)

    def put_back(self, row: Appointment) -> None:
        """Make the visit what it was: who treats, what, where and when; in memory only."""
        for name in [*PLACED, *KNOWN]:
            setattr(row, name, getattr(self, f"was_{name}"))

    def put_back_heard(self, row: Appointment) -> None:
        """Also what its patient was told and said, where nothing has reached them since."""
        for name in HEARD:
            setattr(row, name, getattr(self, f"was_{name}"))

    def is_moved(self, row: Appointment) -> bool:
        """Whether who treats, where or since when differs from what the visit is now."""
        return self._differs(row, ["therapist_id", "location_id", "starts_at"])

    def is_changed(self, row: Appointment) -> bool:
        """Whether anything of that differs, or what it is and how long."""
        return self._differs(row, PLACED)

    def _differs(self, row: Appointment, names: list[str]) -> bool:
        return any(getattr(self, f"was_{name}") != getattr(row, name) for name in names)

    @property
    def has_all(self) -> bool:
        """Whether everything that the visit was before still exists."""
        return None not in (self.was_therapist_id, self.was_visit_type_id, self.was_location_id)
