"""The times that those on the earlier-time list were offered, and what they said."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _

from booking.constraints import NoOverlap
from booking.models.appointment import Appointment, AppointmentStatus
from booking.models.calendar import IntervalQuerySet, Location, Therapist
from booking.models.visit_type import VisitType
from booking.models.waitlist import WaitlistEntry


class TimeOfferQuerySet(IntervalQuerySet):
    """Questions about offers."""

    def open(self, now: datetime) -> "TimeOfferQuerySet":
        """Those whose time is kept for whom it was offered to."""
        return self.filter(state=TimeOffer.State.OPEN, expires_at__gt=now)

    def withdraw(self, wishes: Iterable[WaitlistEntry], now: datetime) -> None:
        """End what these wishes, held before, are being asked about."""
        asked = self.filter(entry__in=wishes, state=TimeOffer.State.OPEN)
        asked.update(state=TimeOffer.State.GONE, answered_at=now)

    def with_details(self) -> "TimeOfferQuerySet":
        """With the rows that every page and message about an offer shows."""
        wish = [f"entry__{name}" for name in ("visit_type", "therapist", "appointment")]
        visit = [f"entry__appointment__{name}" for name in ("therapist", "visit_type", "location")]
        return self.select_related("therapist", "visit_type", "location", *wish, *visit)

    def moved_there(self) -> "TimeOfferQuerySet":
        """Those whose own visit is there now: the desk said yes for them."""
        visit = {f"entry__appointment__{name}": F(name) for name in ("therapist", "starts_at")}
        return self.filter(entry__appointment__status=AppointmentStatus.BOOKED, **visit)

    def taken(self) -> "TimeOfferQuerySet":
        """Those whose time somebody has."""
        visits = Appointment.objects.active().filter(
            therapist=OuterRef("therapist"),
            starts_at__lt=OuterRef("ends_at"),
            ends_at__gt=OuterRef("starts_at"),
        )
        return self.filter(Exists(visits))


class TimeOffer(models.Model):
    """A free time that one person was asked about, and what they said.

    Half-open [starts_at, ends_at), UTC. While it is open and not expired the public does not
    see the time; the desk may give it away all the same.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Asked")
        CLAIMED = "claimed", _("Yes")
        DECLINED = "declined", _("No")
        LAPSED = "lapsed", _("No answer")
        GIVEN = "given", _("Given to a caller")
        GONE = "gone", _("No longer free")
        OVERTAKEN = "overtaken", _("Visit moved, as soon now")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(WaitlistEntry, models.CASCADE, related_name="offers")
    therapist = models.ForeignKey(Therapist, models.PROTECT, related_name="+")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    expires_at = models.DateTimeField(_("answer until"))
    state = models.CharField(_("answer"), max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # The visit's when it was mailed: another e-mail address since makes the link stop working.
    token_version = models.PositiveIntegerField(default=1, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)

    stands: str  # see `answer`

    objects = TimeOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("offered time")
        indexes = [
            models.Index(
                fields=["therapist", "ends_at"],
                condition=Q(state="open"),
                name="booking_timeoffer_calendar",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="booking_timeoffer_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state="open"), name="booking_timeoffer_one_at_a_time"
            ),
            # One time is never offered to two people at once, nor one that overlaps it.
            NoOverlap(
                partition="therapist",
                start="starts_at",
                end="ends_at",
                condition=Q(state="open"),
                name="booking_timeoffer_no_overlap",
            ),
        ]

    def __str__(self) -> str:
        return date_format(localtime(self.starts_at), "Y-m-d H:i")

    @property
    def email(self) -> str:
        """Where the question goes."""
        return self.entry.contact.email

    @property
    def name(self) -> str:
        """Who is asked."""
        return self.entry.contact.name

    @property
    def answer(self) -> str:
        """How it stands, in words: of rows that `standing.with_standing` gave."""
        return str(self.State(self.stands).label)

    @property
    def is_overtaken(self) -> bool:
        """Whether the visit was moved since, to this day or a sooner one: nothing to gain."""
        visit = self.entry.appointment
        booked = visit is not None and visit.status == AppointmentStatus.BOOKED
        return booked and localdate(self.starts_at) >= self.entry.before

    @property
    def minutes(self) -> int:
        """How long the visit would last."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)
