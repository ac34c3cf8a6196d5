"""Messages owed about appointments, series of them, enquiries, wishes, offered times and users: the
outbox.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models import Min, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import Appointment
from booking.models.enquiry import Enquiry
from booking.models.series import Series
from booking.models.staff_places import of_places
from booking.models.time_offer import TimeOffer
from booking.models.waitlist import WaitlistEntry, wished

# Until when nothing leaves that was owed at a backup: a person says "send" first.
UNTIL_TOLD = datetime(9999, 1, 1, tzinfo=UTC)
NO_LEASE = timedelta(hours=12)  # twice as long as any message waits for its next try
LONGEST_VISIT = timedelta(hours=8)  # as the visit types' constraint has it
# The foreign keys of which each message has exactly one.
ABOUT_PATIENTS = ["appointment", "series", "enquiry", "wish", "offer"]
ABOUT = [*ABOUT_PATIENTS, "user"]

# What tells a patient of a visit; of several that wait, the first of these has most to say.
NEWS = ["moved", "confirmation", "details", "cancelled"]


def exactly_one(names: Sequence[str]) -> Q:
    """That one of the fields is there, and the others are not."""
    return Q(
        *(Q(**{f"{name}__isnull": name != there for name in names}) for there in names),
        _connector=Q.OR,
    )


def owed_once(name: str) -> models.UniqueConstraint:
    """That a message is written once, however often what caused it is run."""
    return models.UniqueConstraint(
        fields=[name, "kind", "sequence", "occasion"],
        name=f"booking_outgoingemail_{name}_owed_once",
    )


WHERE = ["appointment__location", "offer__location"]  # what leads from a message to its place


def _of_places(user: PermissionsMixin) -> Q:
    """Those about the user's places; a question is of none, and everybody's."""
    theirs = Appointment.objects.filter(of_places(user, "location"), series__isnull=False)
    question = Q(enquiry__isnull=False)
    return (
        of_places(user, *WHERE)
        | question
        | wished(user, "wish")
        | Q(series__in=theirs.values("series"))
    )


class OutgoingEmailQuerySet(models.QuerySet):
    """Questions about the outbox, and the claim."""

    def pending(self) -> "OutgoingEmailQuerySet":
        """Neither sent nor kept, nor overtaken, nor given up."""
        return self.filter(state=OutgoingEmail.State.OWED)

    def untouched(self) -> "OutgoingEmailQuerySet":
        """Pending, and no worker has had one in hand: none of these has left."""
        return self.pending().filter(attempts=0)

    def news(self, sequence: int) -> "OutgoingEmailQuerySet":
        """Those that tell a patient what a visit of that sequence is; reminders repeat it."""
        return self.filter(kind__in=NEWS, sequence=sequence)

    def may_have_left(self) -> "OutgoingEmailQuerySet":
        """Those that left, and those that a worker has had in hand: a mail server that was silent
        may have taken one.
        """
        return self.exclude(attempts=0, state__in=["owed", "superseded"])

    def out(self) -> "OutgoingEmailQuerySet":
        """Taken by a mail server, or kept as a file where there is none, as in the demo."""
        return self.filter(state__in=[OutgoingEmail.State.SENT, OutgoingEmail.State.KEPT])

    def visible_to(self, user: PermissionsMixin) -> "OutgoingEmailQuerySet":
        """Those a signed-in user may see: all about their places, or those about their own
        calendar's visits. What is owed to a colleague about their password is nobody else's
        business.
        """
        if user.has_perm("booking.see_every_appointment"):
            return self.filter(_of_places(user), user__isnull=True)
        return self.filter(appointment__therapist__user=user)

    def lost(self) -> "OutgoingEmailQuerySet":
        """Given up: an index holds these alone."""
        return self.filter(state=OutgoingEmail.State.GIVEN_UP)

    def to_telephone(self, now: datetime) -> "OutgoingEmailQuerySet":
        """Given up, and somebody should be told by telephone: about visits still to come, wishes
        that still wait, and times still to come that those who wait were asked about.

        Each asked from its own side, by the indexes there: flat over years of e-mail.
        """
        lost = OutgoingEmail.objects.lost().order_by()
        waiting = WaitlistEntry.objects.waiting(now)
        to_come = Appointment.objects.filter(starts_at__gt=now - LONGEST_VISIT, ends_at__gt=now)
        about = {
            "appointment__in": to_come,
            "series__in": to_come.filter(series__isnull=False).values("series"),
            "wish__in": waiting,
            "offer__in": TimeOffer.objects.filter(entry__in=waiting, starts_at__gt=now),
        }
        visits, *others = (lost.filter(**{name: rows}).values("pk") for name, rows in about.items())
        return self.filter(pk__in=visits.union(*others))

    def lost_of_visit(self) -> "OutgoingEmailQuerySet":
        """Given up, about the visit of an outer query or about its series."""
        about = Q(appointment=OuterRef("pk")) | Q(series=OuterRef("series"))
        return self.filter(about, state=OutgoingEmail.State.GIVEN_UP)

    def due(self, now: datetime) -> "OutgoingEmailQuerySet":
        """Pending, its time come, and no living worker on it.

        A lease that ends later than any can was taken before the clock was set back: it holds no
        more.
        """
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        free |= Q(leased_until__gt=now + NO_LEASE, leased_until__lt=UNTIL_TOLD)
        return self.pending().filter(free, due_at__lte=now)

    def lag(self, now: datetime) -> timedelta:
        """How long the oldest message that should be out has waited, tried before or not.

        One that is held back on purpose should not be; let go, it waits from then on.
        """
        due = self.pending().filter(due_at__lte=now).exclude(held_at__isnull=False, last_error="")
        oldest = due.aggregate(oldest=Min(Coalesce("held_at", "due_at")))["oldest"]
        return now - oldest if oldest else timedelta(0)

    def hold_until_told(self, now: datetime) -> int:
        """Keep back all that is owed, as it may have left after the backup that told of it.
        Returns how many those are.
        """
        return self.pending().update(held_at=now, leased_until=UNTIL_TOLD, last_error="")

    def waiting_to_be_told(self) -> "OutgoingEmailQuerySet":
        """Those that `hold_until_told` keeps back."""
        return self.pending().filter(leased_until=UNTIL_TOLD)

    def let_go(self, now: datetime) -> int:
        """Let the worker send what is kept back and still true; returns how many those are."""
        return self.waiting_to_be_told().update(held_at=now, leased_until=None)

    def claim(self, *, now: datetime, lease: timedelta) -> "OutgoingEmail | None":
        """Take the next due message for `lease`, counting the attempt; None if none is due.

        Its own short transaction: the claim is committed before anything is sent, and a dead
        worker's lease runs out.
        """
        with transaction.atomic():
            # Locked and skipped: two workers never take the same row.
            message = (
                self.due(now).select_for_update(skip_locked=True).order_by("due_at", "pk").first()
            )
            if message is not None:
                message.leased_until = now + lease
                message.attempts += 1
                message.save(update_fields=["leased_until", "attempts"])
        return message


class OutgoingEmail(models.Model):
    """One message owed about exactly one thing, written in the transaction that caused it."""

    class Kind(models.TextChoices):
        CONFIRMATION = "confirmation", _("Confirmation")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")
        DETAILS = "details", _("Details changed")
        SERIES = "series", _("Series booked")
        SERIES_MOVED = "series-moved", _("Series moved")
        SERIES_CANCELLED = "series-cancelled", _("Series cancelled")
        REMINDER = "reminder", _("Reminder")
        LINK = "link", _("Link sent again")
        WISH = "wish", _("Put on the earlier-time list")
        OFFER = "offer", _("Sooner time offered")
        DESK_NEW = "desk-new", _("To the desk: new")
        DESK_MOVED = "desk-moved", _("To the desk: moved")
        DESK_CANCELLED = "desk-cancelled", _("To the desk: cancelled")
        DESK_ENQUIRY = "desk-enquiry", _("To the desk: question")
        DESK_FULL = "desk-full", _("To the desk: online limit reached")
        PASSWORD = "password", _("To staff: new password")
        INVITATION = "invitation", _("To staff: invitation")

    class State(models.TextChoices):
        OWED = "owed", _("Waiting")
        SENT = "sent", _("Sent")
        KEPT = "kept", _("Kept as a file, sent to nobody")
        SUPERSEDED = "superseded", _("Overtaken by a change")
        GIVEN_UP = "given-up", _("Given up")

    appointment = models.ForeignKey(
        Appointment, models.CASCADE, null=True, blank=True, related_name="emails"
    )
    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="emails")
    enquiry = models.ForeignKey(
        Enquiry, models.CASCADE, null=True, blank=True, related_name="emails"
    )
    wish = models.ForeignKey(
        WaitlistEntry, models.CASCADE, null=True, blank=True, related_name="emails"
    )
    offer = models.ForeignKey(
        TimeOffer, models.CASCADE, null=True, blank=True, related_name="emails"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="emails"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    sequence = models.PositiveIntegerField(default=0)  # of the appointment's event when it was owed
    occasion = models.CharField(max_length=20, blank=True)  # lead time, or count of a send-again
    state = models.CharField(max_length=12, choices=State, default=State.OWED)
    due_at = models.DateTimeField()
    # A worker has it until then, or it is put off until then; due_at stays as it was owed.
    leased_until = models.DateTimeField(null=True, blank=True)
    # When a worker last found that it must wait, as what it is about is in doubt.
    held_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(ABOUT), name="booking_outgoingemail_about_one_thing"
            ),
            *map(owed_once, ABOUT),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state="owed"), name="booking_outgoingemail_due"
            ),
            models.Index(
                fields=["appointment"],
                condition=Q(state="given-up"),
                name="booking_outgoingemail_lost",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def should_leave_at(self) -> datetime:
        """Since when a mail server that takes nothing is what it waits for."""
        return self.held_at or self.due_at

    @property
    def about(self) -> Appointment | Series | Enquiry | WaitlistEntry | TimeOffer:
        """The one thing that it is about; those to a colleague are shown to nobody."""
        return next(filter(None, (getattr(self, name) for name in ABOUT_PATIENTS)))

    @property
    def contact(self) -> Appointment | Enquiry | WaitlistEntry:
        """Whose telephone number it is that could be called about it."""
        row = self.about.entry if isinstance(self.about, TimeOffer) else self.about
        return row.contact if isinstance(row, WaitlistEntry | Series) else row
