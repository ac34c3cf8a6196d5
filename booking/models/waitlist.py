"""The earlier-time list: who wants a sooner time, and when it suits."""

import uuid
from datetime import date, datetime

from auditlog.registry import auditlog
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import CharField, F, Q, Value, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Lower, NullIf, RowNumber
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from booking.models.appointment import WHO, Appointment, AppointmentStatus, Source
from booking.models.calendar import Location, Weekday
from booking.models.day_parts import DAY_PARTS, DayPart
from booking.models.folded import FoldedField, MailboxField
from booking.models.staff_places import of_places
from booking.models.therapists import Therapist
from booking.models.visit_type import VisitType


class WaitlistQuerySet(models.QuerySet["WaitlistEntry"]):
    """Questions about wishes."""

    def visible_to(self, user: PermissionsMixin) -> "WaitlistQuerySet":
        """Those a signed-in user may see: of visits at their places, and of those without a visit
        the ones that suit a place of theirs. Not whether they may.
        """
        return self.filter(wished(user))

    def waiting(self, now: datetime) -> "WaitlistQuerySet":
        """Open ones that still make sense: their visit is booked and to come, wherever it was
        moved, and has an address; or else the end is to come.

        What somebody typed since ends none of them: anybody can type a name and an address.
        """
        open_ones = self.filter(state=WaitlistEntry.State.OPEN)
        booked = AppointmentStatus.BOOKED
        return open_ones.filter(
            Q(appointment__status=booked, appointment__starts_at__gt=now, appointment__email__gt="")
            | Q(appointment__isnull=True, ends_at__gt=now)
        )

    def confirmed(self) -> "WaitlistQuerySet":
        """Those asked for by who reads the mail of their address: they alone are offered times."""
        return self.filter(confirmed_at__isnull=False)

    def askable(self, now: datetime) -> "WaitlistQuerySet":
        """Waiting ones whom a sooner time can be offered: confirmed, and of a visit type that is
        not withdrawn.
        """
        return self.waiting(now).confirmed().filter(visit_type__active=True)

    def in_turn(self, at_once: int) -> "WaitlistQuerySet":
        """So many of each address or /64 `at_once`, those who have waited longest; of these first
        those before whom the fewest of their /48 wait. Then as many more of each, and so on.

        So that whoever cuts this list leaves out the many of one network, and not who came last.
        """
        return self.alias(
            before=_before("network"), before_of_wide=_before("wide_network")
        ).order_by(F("before") / at_once, "before_of_wide", "created_at", "pk")

    def held(self) -> list["WaitlistEntry"]:
        """The wishes, locked until the transaction ends.

        The locks close two races: with a yes that is being written, whose wish is no longer open
        then; and with a worker that asks just now, by what the wish or its visit was before.
        """
        return list(self.select_for_update(no_key=True).order_by("pk"))

    def with_details(self) -> "WaitlistQuerySet":
        """With the rows that every page and message about a wish shows."""
        visit = [f"appointment__{name}" for name in ("therapist", "visit_type", "location")]
        return self.select_related("visit_type", "therapist", "location", *visit)


def wished(user: PermissionsMixin, path: str = "") -> Q:
    """Wishes (at the end of the `path` from a row) that have to do with a place of the user's:
    where their visit is, or else where they would come; without any place they are everybody's.
    """
    start = f"{path}__" if path else ""
    some = Q(**{f"{path}__isnull": False}) if path else Q()
    free = some & Q(**{f"{start}appointment__isnull": True})
    anywhere = Q(**{f"{start}location__isnull": True})
    at_visit = of_places(user, f"{start}appointment__location")
    return at_visit | (free & (anywhere | of_places(user, f"{start}location")))


def _before(name: str) -> Combinable:
    """How many of the same network have waited longer; who has none known is a network alone."""
    whose = Coalesce(NullIf(name, Value("")), Cast("pk", CharField()))
    place = Window(RowNumber(), partition_by=[whose], order_by=["created_at", "pk"])
    return place - 1


# What the history keeps of a wish.
PARTS = [part.slug for part in DAY_PARTS]  # the fields that say which of them suit
AUDITED = ["appointment", "visit_type", "therapist", "location", "weekdays", *PARTS, "state"]
AUDITED += ["condition", "ends_at", *WHO]


@auditlog.register(
    include_fields=AUDITED, mask_fields=WHO, mask_callable="booking.models.appointment.hidden"
)
class WaitlistEntry(models.Model):
    """ "Tell me if something sooner comes up": about a booked visit, or instead of one.

    About a visit, the contact is the visit's own. Instead of one, the row has the contact.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        BOOKED = "booked", _("Took a time")
        LEFT = "left", _("Left the list")
        CLOSED = "closed", _("Closed by the desk")
        OVER = "over", _("Over")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appointment = models.ForeignKey(
        Appointment, models.CASCADE, null=True, blank=True, related_name="wishes"
    )
    visit_type = models.ForeignKey(VisitType, models.PROTECT, related_name="+")
    therapist = models.ForeignKey(
        Therapist, models.CASCADE, null=True, blank=True, related_name="+"
    )
    location = models.ForeignKey(Location, models.CASCADE, null=True, blank=True, related_name="+")
    weekdays = models.CharField(max_length=7)  # digits as `datetime.weekday()` counts, in order
    # As the filter of the free times has them: see `preferences`.
    morning = models.BooleanField(default=False)
    afternoon = models.BooleanField(default=False)
    evening = models.BooleanField(default=False)

    name = models.CharField(max_length=100, blank=True)
    folded_name = FoldedField()
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    phone_e164 = models.CharField(max_length=20, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    mailbox = MailboxField()

    # What they came from, for the visit that a yes books.
    condition = models.ForeignKey(
        "conditions.Condition", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    source = models.CharField(
        _("asked for"), max_length=10, choices=Source, default=Source.ONLINE, editable=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    # About a visit: its start when the wish was made. Else until when we look, and before that
    # until when it may be confirmed.
    ends_at = models.DateTimeField(_("until"))
    # When the button was pressed on a page that a link in our e-mail led to.
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    # Keyed hashes of whose connection it was made from: the address or /64, and the /48 around it.
    network = models.CharField(max_length=64, blank=True, editable=False)
    wide_network = models.CharField(max_length=64, blank=True, editable=False)
    # SHA-256 of the token in the link that leaves the list; a visit has a page of its own.
    token_hash = models.CharField(
        max_length=64, unique=True, null=True, blank=True, default=None, editable=False
    )
    # The form's own: sent twice, it makes one wish.
    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = WaitlistQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("earlier-time wish")
        verbose_name_plural = _("earlier-time wishes")
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state="open"), name="booking_waitlist_open"
            ),
            models.Index(fields=["folded_name"], name="booking_waitlist_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(state="open"),
                name="booking_waitlist_one_for_a_visit",
            ),
            # Couples and parents share an e-mail address: the name tells them apart.
            models.UniqueConstraint(
                Lower("email"),
                "folded_name",
                condition=Q(state="open", appointment__isnull=True, confirmed_at__isnull=False),
                name="booking_waitlist_one_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False, name="", email="")
                | (Q(appointment__isnull=True) & ~Q(name="") & ~Q(email="")),
                name="booking_waitlist_one_contact",
            ),
            models.CheckConstraint(
                condition=~Q(weekdays="") & (Q(morning=True) | Q(afternoon=True) | Q(evening=True)),
                name="booking_waitlist_some_time_suits",
            ),
        ]

    def __str__(self) -> str:
        return str(_("no. %(number)s") % {"number": self.pk})  # kept in the history

    @property
    def contact(self) -> "Appointment | WaitlistEntry":
        """Whose name, telephone and e-mail hold: the visit's, else the row's own."""
        return self.appointment or self

    @property
    def until(self) -> datetime:
        """When nobody looks any more: the start of the visit, wherever it was moved, or the end."""
        return self.appointment.starts_at if self.appointment else self.ends_at

    @property
    def before(self) -> date:
        """The clinic day before which a time is sooner; without a visit each one is."""
        return localdate(self.appointment.starts_at) if self.appointment else date.max

    @property
    def days_in_words(self) -> str:
        """Such as "Mon, Wed"."""
        return ", ".join(str(Weekday(int(day)).label)[:3] for day in self.weekdays)

    @property
    def parts(self) -> list[DayPart]:
        """The parts of the day that suit."""
        return [part for part in DAY_PARTS if getattr(self, part.slug)]

    @property
    def parts_in_words(self) -> str:
        """Such as "before noon, 5 p.m. or later"."""
        if len(self.parts) == len(DAY_PARTS):
            return str(_("any time of day"))
        return ", ".join(str(part.when) for part in self.parts)
