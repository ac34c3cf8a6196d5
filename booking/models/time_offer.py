"""The times that those on the earlier-time list were offered, and what they said."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from booking.constraints import NoOverlap
from booking.models.appointment import Appointment, AppointmentStatus
from booking.models.calendar import Closure, IntervalQuerySet, Location, TimeOff
from booking.models.staff_places import of_places
from booking.models.therapists import Therapist
from booking.models.visit_type import VisitType
from booking.models.waitlist import WaitlistEntry


class TimeOfferQuerySet(IntervalQuerySet):
    """Questions about offers."""

    def visible_to(self, user: PermissionsMixin) -> "TimeOfferQuerySet":
        """Those of times at a signed-in user's places. Not whether they may see them."""
        return self.filter(of_places(user, "location"))

    def open(self, now: datetime) -> "TimeOfferQuerySet":
        """Those whose time is kept for whom it was offered to."""
        return self.filter(state=TimeOffer.State.OPEN, expires_at__gt=now)

    def withdraw(self, wishes: Iterable[WaitlistEntry], now: datetime) -> None:
        """End what these wishes, held before, are being asked about."""
        unanswered = self.filter(entry__in=wishes, state=TimeOffer.State.OPEN)
        unanswered.update(state=TimeOffer.State.GONE, answered_at=now)

    def with_details(self) -> "TimeOfferQuerySet":
        """With the rows that every page and message about an offer shows."""
        wish = [f"entry__{name}" for name in ("visit_type", "therapist", "appointment")]
        visit = [f"entry__appointment__{name}" for name in ("therapist", "visit_type", "location")]
        return self.select_related("therapist", "visit_type", "location", *wish, *visit)

    def with_names(self) -> "TimeOfferQuerySet":
        """With whom each is made to, read apart: mostly there is none."""
        return self.prefetch_related("entry__appointment")

    def with_standing(self, now: datetime) -> "TimeOfferQuerySet":
        """Each with `stands`: its state, or the one of `endings` that was not written down yet."""
        ended = [When(holds, then=Value(state)) for state, holds in endings(now).items()]
        answered = When(~Q(state=TimeOffer.State.OPEN), then="state")
        return self.annotate(stands=Case(answered, *ended, default="state"))

    def unanswered(self, now: datetime) -> "TimeOfferQuerySet":
        """Those that ran out, for a time still to come, of people who still wait."""
        waiting = WaitlistEntry.objects.waiting(now)
        asked = self.filter(entry__in=waiting, starts_at__gt=now).with_standing(now)
        return asked.filter(stands=TimeOffer.State.LAPSED)


def endings(now: datetime) -> dict["TimeOffer.State", Q]:
    """What time and others may have decided about an offer that is still open, and when they have.

    Where several hold, the first says how the offer stands.
    """
    state = TimeOffer.State
    visit = "entry__appointment__"
    booked = Q(**{f"{visit}status": AppointmentStatus.BOOKED})
    there = Q(**{f"{visit}therapist": F("therapist"), f"{visit}starts_at": F("starts_at")})
    as_soon = Q(**{f"{visit}starts_at__date__lte": TruncDate("starts_at")})
    then = {"starts_at__lt": OuterRef("ends_at"), "ends_at__gt": OuterRef("starts_at")}
    whose = {"therapist": OuterRef("therapist")}
    given = Exists(Appointment.objects.active().filter(**whose, **then))
    away = Exists(TimeOff.objects.filter(**whose, **then))
    closed = Exists(Closure.objects.filter(**then))
    waits = Exists(WaitlistEntry.objects.waiting(now).filter(pk=OuterRef("entry")))
    return {
        state.LAPSED: Q(expires_at__lte=now),
        state.CLAIMED: booked & there,  # the desk moved the visit there: a yes
        state.OVERTAKEN: booked & as_soon,  # moved to that day or a sooner one: nothing to gain
        state.GIVEN: Q(given),  # by the desk: the public cannot take an offered time
        state.GONE: Q(away) | Q(closed) | ~Q(waits),
    }


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

    stands: str  # of rows that `with_standing` gave

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
        return date_format(localtime(self.starts_at), "D, M j, Y, P")

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
        """How it stands, in words; needs `with_standing`."""
        return str(self.State(self.stands).label)

    @property
    def minutes(self) -> int:
        """How long the visit would last."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)
