"""Changing a booked visit: when, with whom, what, how long, where.

One click on a free time moves the visit at once, with no question first. That is safe, and fewer
clicks than a page in between, day after day: the e-mail waits two minutes, and the answer shows it,
with "Undo", which sends nothing within them. The form below the times changes all the rest; it
shows what it would do, and the e-mail, to whoever asks ("Look first"), and always where something
speaks against it. A board that drags, or cuts and places, sends the same as a click.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.db import OperationalError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from booking.calendars import hours
from booking.desk import frame, overriding
from booking.desk.callers import free_on, taken
from booking.desk.day import asked_day
from booking.desk.forms import BySlug, WhenForm
from booking.desk.mail_tick import MailTickForm
from booking.messages.previews import preview
from booking.models import Appointment, AppointmentStatus, StaffChange, Therapist, VisitType
from booking.models.staff_places import places_of
from booking.models.visit_type import LONGEST_MINUTES, SHORTEST_MINUTES
from booking.visits import staff_changes
from booking.visits.overriding import Override
from booking.visits.refusals import Changed, NotAllowed, Refused, SlotUnavailable
from booking.visits.staff_changes import Wanted


class MoveForm(MailTickForm, WhenForm):
    """What a visit is to be; `sequence` tells whether somebody else changed it meanwhile.

    What is not sent stays as it is.
    """

    visit_type = BySlug(VisitType.objects.all(), label=gettext_lazy("Visit type"), required=False)
    minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"),
        required=False,
        min_value=SHORTEST_MINUTES,
        max_value=LONGEST_MINUTES,
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, visit: Appointment, user: AbstractUser, data: Any = None) -> None:
        self.visit = visit
        wall = timezone.localtime(visit.starts_at)
        initial = {
            "therapist": visit.therapist.slug,
            "visit_type": visit.visit_type.slug,
            "day": wall.date(),
            "time": wall.time(),
            "sequence": visit.sequence,
        }
        super().__init__(data, user=user, initial=initial)
        types = VisitType.objects.filter(Q(active=True) | Q(pk=visit.visit_type_id))
        field: Any = self.fields["visit_type"]
        field.queryset, field.empty_label = types, None
        whom: Any = self.fields["therapist"]
        own = Therapist.objects.filter(active=True, pk=visit.therapist_id)
        whom.queryset = whom.queryset | own  # who has no hours at the place of the visit, too
        self.fields["minutes"].help_text = _(
            "Empty: as now (%(minutes)d), or as another visit type says."
        ) % {"minutes": visit.minutes}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("sequence") != self.visit.sequence and not self._is_done():
            self.say_changed()
        return data

    def _is_done(self) -> bool:
        """Whether the visit is what it should be: the click came twice."""
        if self.errors or self.starts_at is None:
            return False
        row = self.visit
        is_there = self.cleaned_data["therapist"] == row.therapist, self.starts_at == row.starts_at
        is_that = self.chosen_type() == row.visit_type, self.ends_at() == row.ends_at
        return all((*is_there, *is_that, self.place() in (None, row.location)))

    def say_changed(self) -> None:
        """Ask again about the visit as it is now: the next click is about that."""
        self.data = self.data.copy()  # type: ignore[attr-defined]  # what was sent is never changed
        self.data["sequence"] = str(self.visit.sequence)  # type: ignore[index]
        self.add_error(
            None, _("Somebody changed this visit meanwhile. Look at its time, then choose again.")
        )

    def moving(self) -> Appointment:
        return self.visit

    def chosen_type(self) -> VisitType:
        return self.cleaned_data.get("visit_type") or self.visit.visit_type

    def wanted(self) -> Wanted:
        assert self.starts_at is not None
        return Wanted(
            therapist=self.cleaned_data["therapist"],
            starts_at=self.starts_at,
            visit_type=self.cleaned_data["visit_type"],
            minutes=self.cleaned_data["minutes"],
            location=self.place(),
        )

    def ends_at(self) -> datetime:
        assert self.starts_at is not None
        return self.starts_at + staff_changes.length_of(
            self.visit, self.cleaned_data.get("visit_type"), self.cleaned_data.get("minutes")
        )


class Line(NamedTuple):
    """One thing of a visit, before and after, in words."""

    label: str
    old: str
    new: str


@require_http_methods(["GET", "HEAD", "POST"])
@frame.requires("change_appointment")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a booked visit; `slot=<therapist>:<code>` is a free time's button."""
    visit = frame.visit_or_404(request, pk)
    if visit.status != AppointmentStatus.BOOKED:
        messages.warning(request, _("Only a booked visit can be changed. See how it is now."))
        return frame.to_day(request, visit)
    now = timezone.now()
    if request.method != "POST":
        return _page(request, visit, MoveForm(visit, frame.staff(request)), [], now)
    form = MoveForm(visit, frame.staff(request), request.POST)
    doubts = form.doubts(form.ends_at(), now) if form.is_valid() else []
    if not form.is_valid() or "look" in form.data or (doubts and not form.is_confirmed()):
        return _page(request, visit, form, doubts, now)
    moved = _move(visit, form, now, overriding.leave(request, form))
    if moved is None:
        return _page(request, visit, form, doubts, now)
    frame.say_undoable(request, moved, _done(visit, moved))
    overriding.say_beside(request, moved)
    return frame.to_day(request, moved)


def _move(
    visit: Appointment, form: MoveForm, now: datetime, override: Override | None
) -> Appointment | None:
    """Change the visit; None where the form now says why not."""
    wanted = form.wanted()
    try:
        return staff_changes.change_by_desk(
            appointment=visit,
            now=now,
            **vars(wanted),
            tells=form.cleaned_data["tells"],
            seen=form.cleaned_data["sequence"],
            known=form.known,
            override=override,
            places=places_of(form.user),
        )
    except SlotUnavailable:
        form.add_error(None, taken(wanted.therapist, wanted.starts_at))
    except Changed:
        visit.refresh_from_db()
        form.say_changed()
    except NotAllowed:
        visit.refresh_from_db()
        form.add_error(None, _("Somebody changed this visit meanwhile: it cannot be moved now."))
    except (Refused, OperationalError) as error:
        form.add_error(None, frame.why_not(error))
    return None


def _done(was: Appointment, visit: Appointment) -> str:
    """What has happened, in a sentence."""
    said = {"name": visit.name, "when": frame.in_words(visit.starts_at)}
    if was.starts_at != visit.starts_at or was.therapist_id != visit.therapist_id:
        return _("Moved to %(when)s: %(name)s.") % said
    return _("%(name)s, %(when)s: changed.") % said


def _page(
    request: HttpRequest, visit: Appointment, form: MoveForm, doubts: list[str], now: datetime
) -> HttpResponse:
    today = hours.today(now)
    shown = asked_day(request, max(hours.today(visit.starts_at), today))
    context = {
        "visit": visit,
        "form": form,
        "doubts": doubts,
        "clash": overriding.clash(request, form),
        "day": shown,
        "today": today,
        "free": free_on(form.user, shown, visit.visit_type, visit),
        **(_looked_at(visit, form, now) if form.is_bound and form.is_valid() else {}),
    }
    return frame.show(request, "appointment/move.html", _("Change visit"), context)


def _looked_at(visit: Appointment, form: MoveForm, now: datetime) -> dict[str, Any]:
    """What the form would do, line by line, and the e-mail that would go."""
    try:
        row, kind = staff_changes.as_changed(visit, form.wanted(), now)
    except Refused as error:
        form.add_error(None, frame.why_not(error))
        return {}
    lines = [
        Line(_("When"), frame.in_words(visit.starts_at), frame.in_words(row.starts_at)),
        Line(_("With"), visit.therapist.name, row.therapist.name),
        Line(_("What"), str(visit.visit_type), str(row.visit_type)),
        Line(_("Minutes"), str(visit.minutes), str(row.minutes)),
        Line(_("Where"), str(visit.location), str(row.location)),
    ]
    is_changed = StaffChange.of(visit, now).is_changed(row)
    return {
        "lines": [line for line in lines if line.old != line.new],
        "preview": preview(kind, row, now) if is_changed else None,
    }
