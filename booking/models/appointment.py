"""A patient's time with a therapist."""

import uuid
from datetime import datetime, time, timedelta

from auditlog.registry import auditlog
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.constraints import NoOverlap
from booking.models.calendar import Location
from booking.models.choices import CancelReason, Payment, Source
from booking.models.findable import INDEXES, Findable, FindableQuerySet
from booking.models.folded import FoldedField, MailboxField
from booking.models.reference import new_reference
from booking.models.series import Series
from booking.models.staff_places import of_places
from booking.models.statuses import ACTIVE, BOOKED, AppointmentStatus, Standing
from booking.models.therapists import Gender, Therapist
from booking.models.told import ToldField
from booking.models.visit_type import VisitType


class AppointmentQuerySet(FindableQuerySet):
    """Questions about appointments."""

    def active(self) -> "AppointmentQuerySet":
        """Those that hold their time: of two that share it, both."""
        return self.filter(status__in=ACTIVE)

    def held(self) -> "AppointmentQuerySet":
        """Those of them that NoOverlap keeps apart: all but the ones booked over another."""
        return self.active().filter(overrides=False)

    def upcoming(self, now: datetime) -> "AppointmentQuerySet":
        """Booked ones that have not begun."""
        return self.filter(status=BOOKED, starts_at__gt=now)

    def unconfirmed(self) -> "AppointmentQuerySet":
        """Those whose patients have not said that they will come."""
        return self.filter(confirmed_at=None)

    def with_details(self) -> "AppointmentQuerySet":
        """With the rows that every page and message about an appointment shows."""
        return self.select_related("therapist", "visit_type", "location")

    def visible_to(self, user: PermissionsMixin) -> "AppointmentQuerySet":
        """Those a signed-in user may see: all at their places, or their own calendar's. Not whether
        they may.
        """
        if user.has_perm("booking.see_every_appointment"):
            return self.filter(of_places(user, "location"))
        return self.filter(therapist__user=user)

    def new_since_yesterday(self, now: datetime) -> "AppointmentQuerySet":
        """Those booked since yesterday began, in clinic time."""
        yesterday = timezone.localdate(now) - timedelta(days=1)
        began = timezone.make_aware(datetime.combine(yesterday, time.min))
        return self.filter(created_at__gte=began)


# What patients need beyond a time; staff see it, and may correct it.
NEEDS = ["interpreter", "step_free", "wants_gender"]
# What the history keeps of an appointment; the masked ones only as "changed", not in words: what
# tells of somebody's health, and who it is, so that erasing a person erases them there too.
WHO = ["name", "phone", "email"]
MASKED = ["reason", "note", "override_reason", "no_phone_reason", "booked_by", *WHO, *NEEDS]
AUDITED = ["therapist", "visit_type", "location", "starts_at", "ends_at", "status", "source"]
AUDITED += ["cancel_reason", "confirmed_at", "payment"]
AUDITED += ["condition", "kept_at", "told_again_at", "overrides"]
AUDITED += MASKED


@auditlog.register(
    include_fields=AUDITED, mask_fields=MASKED, mask_callable="booking.models.appointment.hidden"
)
class Appointment(Standing, Findable):
    """A patient's time with a therapist; half-open [starts_at, ends_at), UTC, whole minutes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=7, unique=True, default=new_reference, editable=False)
    therapist = models.ForeignKey(Therapist, models.PROTECT, related_name="appointments")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, related_name="appointments")
    location = models.ForeignKey(Location, models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(max_length=12, choices=AppointmentStatus, default=BOOKED)
    source = models.CharField(max_length=10, choices=Source, default=Source.ONLINE, editable=False)

    name = models.CharField(max_length=100)
    folded_name = FoldedField()
    booked_by = models.CharField(
        max_length=100, blank=True, help_text=_("If somebody else booked, such as a parent.")
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    phone_e164 = models.CharField(max_length=20, blank=True, editable=False)
    no_phone_reason = models.CharField(
        _("why no telephone"), max_length=100, blank=True, default="", db_default=""
    )
    email = models.EmailField(_("e-mail"), blank=True)
    mailbox = MailboxField()
    reason = models.TextField(_("reason for the visit"), max_length=500, blank=True)
    payment = models.CharField(max_length=10, choices=Payment, blank=True)
    condition = models.ForeignKey(
        "conditions.Condition", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    interpreter = models.CharField(
        _("interpreter"), max_length=60, blank=True, help_text=_("Into which language.")
    )
    step_free = models.BooleanField(_("needs a way in without steps"), default=False)
    wants_gender = models.CharField(
        _("asks to be treated by"), max_length=10, choices=Gender, blank=True
    )
    note = models.TextField(_("private note"), blank=True, help_text=_("Never sent to anyone."))

    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    request_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Of a visit booked with the link or cookie of another one: the `uuid` of the first of them.
    device = models.UUIDField(null=True, blank=True, editable=False)
    # Protected: with the series, what was mailed of the others would go too.
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, editable=False, related_name="visits"
    )
    token_version = models.PositiveIntegerField(default=1, editable=False)
    # SHA-256 of the manage link's token; null means that no link was ever made.
    token_hash = models.CharField(
        max_length=64, unique=True, null=True, blank=True, default=None, editable=False
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of the calendar event
    created_at = models.DateTimeField(_("booked at"), auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason = models.CharField(
        _("why cancelled"), max_length=12, choices=CancelReason, blank=True, editable=False
    )
    # The patient's own word, by the link in a reminder; for the time as it is, not for another.
    confirmed_at = models.DateTimeField(
        _("said they will come"), null=True, blank=True, editable=False
    )
    # What the patient was last told; a row that no service of ours wrote, as it was first saved.
    told_starts_at = ToldField(null=True, blank=True, editable=False)
    told_ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_therapist = models.ForeignKey(
        Therapist, models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    told_location = models.ForeignKey(
        Location, models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    told_place = models.CharField(max_length=500, blank=True, editable=False)
    # When it was to begin before its last move, for its patient; null where it never moved.
    moved_from = models.DateTimeField(null=True, editable=False)
    # When the desk last had its patient told of changed details, with no move.
    told_again_at = models.DateTimeField(_("told of changed details at"), null=True, editable=False)
    # The doubts (their codes) in spite of which the desk booked, moved or kept it on purpose.
    kept_against = models.JSONField(default=list, blank=True, editable=False)
    kept_at = models.DateTimeField(_("stays as it is, said at"), null=True, editable=False)

    # Booked over another visit on purpose, and why: outside NoOverlap, and as busy as any.
    overrides = models.BooleanField(_("double"), default=False, db_default=False, editable=False)
    override_reason = models.CharField(
        _("why double"), max_length=200, blank=True, default="", db_default="", editable=False
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        permissions = [
            ("see_every_appointment", _("Can see every therapist's appointments")),
            ("set_appointment_status", _("Can say that a patient arrived, was seen, did not come")),
            ("override_appointment", _("Can book over another visit, with a reason")),
        ]
        indexes = [
            # (therapist, ends_at) first: the guard and the busy query read the future only,
            # whatever the history. And starts_at, so that they skip what lies behind their days.
            models.Index(
                fields=["therapist", "ends_at", "starts_at"], name="booking_appointment_calendar"
            ),
            models.Index(fields=["starts_at"], name="booking_appointment_day"),
            models.Index(fields=["created_at"], name="booking_appointment_new"),
            *INDEXES,
            # Whether somebody who waits for a first visit has booked one since.
            models.Index(Lower("email"), "created_at", name="booking_appointment_email"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="booking_appointment_ends_after_start",
                violation_error_message=_("A visit must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=AppointmentStatus.values),
                name="booking_appointment_status_exists",
            ),
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(no_phone_reason=""),
                name="booking_appointment_phone_or_reason",
                violation_error_message=_("Give a telephone number, or say why there is none."),
            ),
            models.CheckConstraint(
                condition=Q(overrides=False) | ~Q(override_reason=""),
                name="booking_appointment_override_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(cancel_reason="") | Q(cancel_reason__in=CancelReason.values),
                name="booking_appointment_cancel_reason_exists",
            ),
            NoOverlap(
                partition="therapist",
                start="starts_at",
                end="ends_at",
                condition=Q(status__in=ACTIVE, overrides=False),
                name="booking_appointment_no_overlap",
                violation_error_message=_("That time is already booked."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def is_at(self, therapist: Therapist, starts_at: datetime) -> bool:
        """Whether it is this therapist's visit at this instant, and holds the time."""
        return self.is_active and (self.therapist_id, self.starts_at) == (therapist.pk, starts_at)

    def tell(self) -> None:
        """Note what its patient is told now: time, therapist and place as the row has them."""
        self.told_starts_at, self.told_ends_at = self.starts_at, self.ends_at
        self.told_therapist_id = self.therapist_id
        self.told_location_id, self.told_place = self.location_id, self.location.in_full

    def untell(self) -> list[str]:
        """Note that it is not known what its patient was told; returns which fields changed."""
        self.told_starts_at = self.told_ends_at = self.told_therapist = self.told_location = None
        self.told_place = ""
        return ["told_starts_at", "told_ends_at", "told_therapist", "told_location", "told_place"]

    @property
    def minutes(self) -> int:
        """How long it lasts; its visit type may have been made longer or shorter since."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def is_with_another_gender(self) -> bool:
        """Whether the therapist is known not to be whom the patient asked for."""
        is_known = bool(self.wants_gender and self.therapist.gender)
        return is_known and self.wants_gender != self.therapist.gender

    def change_until(self) -> datetime:
        """Last instant (UTC) at which the patient may move or cancel it."""
        return self.visit_type.change_until(self.starts_at)

    def may_change(self, now: datetime) -> bool:
        """Whether the patient may still move or cancel it without a call."""
        return self.status == BOOKED and not self.visit_type.is_late(self.starts_at, now)


def hidden(value: str) -> str:
    """Stands in the history for words about a person: that they were there, not what."""
    return "" if value in ("", "None", "False") else str(_("(not shown)"))
