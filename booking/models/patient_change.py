"""What patients did to their own visits: news for staff, until each has seen it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser, PermissionsMixin
from django.db import models
from django.db.models import Q

from booking.models.appointment import Appointment
from booking.models.calendar import Location
from booking.models.staff_places import of_places
from booking.models.therapists import Therapist

BEFORE_THEY_CAME = timedelta(days=1)  # how far back a new member of staff is told of changes


class PatientChangeQuerySet(models.QuerySet):
    """Questions about what patients changed."""

    def visible_to(self, user: PermissionsMixin) -> "PatientChangeQuerySet":
        """Those of visits that a signed-in user may see, and those away from the user's calendar or
        places: with whomever a visit is by now, whom it has left is told too.
        """
        if user.has_perm("booking.see_every_appointment"):
            return self.filter(of_places(user, "appointment__location", "was_location"))
        return self.filter(Q(appointment__therapist__user=user) | Q(was_therapist__user=user))

    def unseen_by(self, user: AbstractUser) -> "PatientChangeQuerySet":
        """Those that this user may see and has not marked as seen, newest first, however old.

        A new user begins with what happened in the day before the account was made.
        """
        since = user.date_joined - BEFORE_THEY_CAME
        news = self.visible_to(user).filter(made_at__gte=since).exclude(seen_by=user)
        return news.order_by("-made_at", "-pk")


class PatientChange(models.Model):
    """That a patient moved or cancelled a visit, and what the visit was before.

    Written in the transaction of the change. Who has seen it is kept row by row, not as a moment:
    a change that commits late, or after a page was read, is older than that page and unseen.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="patient_changes")
    made_at = models.DateTimeField(db_index=True)
    was_starts_at = models.DateTimeField()
    was_therapist = models.ForeignKey(
        Therapist, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    was_location = models.ForeignKey(
        Location, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    seen_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    objects = PatientChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # who may see the visit may see what became of it

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.made_at:%Y-%m-%d %H:%M}"
