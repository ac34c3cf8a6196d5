"""The first page of the staff's side: what there is to set up, in groups, a line on each."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.contrib import admin
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from booking.models import LastDone, OutgoingEmail, last_done

register = template.Library()

GROUPS: list[tuple[Promise, dict[str, Promise]]] = [
    (
        _("Calendar"),
        {
            "booking.Therapist": _("Who treats: their hours, time off, picture, online booking"),
            "booking.Closure": _("Days on which nobody treats"),
            "booking.Location": _("Where the clinic treats: address, the way in, pictures"),
            "booking.VisitType": _("What is booked: how long, what it costs, when reminders go"),
            "booking.OnlineBooking": _("Pause it, and open it again"),
        },
    ),
    (
        _("Patients"),
        {
            "booking.Appointment": _("All visits, by day, status, therapist"),
            "booking.Enquiry": _("What patients ask on the website, and who answered"),
            "booking.WaitlistEntry": _("Who waits for an earlier time"),
            "booking.TimeOffer": _("Which earlier times were offered, and the answers"),
            "booking.OutgoingEmail": _("What was mailed, what waits, what could not be sent"),
        },
    ),
    (
        _("Website"),
        {
            "conditions.Condition": _("A page for each: what it is, what helps"),
            "conditions.Article": _("Longer texts with the same parts to hand"),
            "conditions.Exercise": _("Steps, dose, pictures"),
            "conditions.Page": _("The clinic's own pages: services, first visit, privacy"),
            "conditions.UrgencyLine": _("Warnings: when to call 911, or be seen soon"),
            "conditions.SafetyLine": _("When to stop an exercise, and what to watch"),
            "conditions.Treatment": _("What therapists do, with what studies say of it"),
            "conditions.PreventionTip": _("Habits that several pages tell of"),
            "conditions.PainKind": _("Which pain a verdict on a treatment is about"),
            "conditions.BodyArea": _("Parts of the body, as pages are grouped"),
            "conditions.Citation": _("Studies and guidelines that texts name"),
            "conditions.Testimonial": _("In patients' own words, with their consent"),
            "conditions.HomePicture": _("What the first page shows"),
            "conditions.Author": _("Who writes the texts"),
        },
    ),
    (
        _("Staff"),
        {
            "auth.User": _("Who may sign in, and in which role"),
            "auth.Group": _("What each role may do"),
            "conditions.Reviewer": _("Clinicians who sign texts"),
            "auditlog.LogEntry": _("Every change that was kept, newest first"),
            "booking.SignIn": _("Who signed in, and who was refused, and when"),
            "booking.Look": _("Who looked at which patient, and when"),
            "booking.DataRequest": _("Who copied or erased what is kept of a patient, and when"),
        },
    ),
    (
        _("Clinic"),
        {
            "booking.Clinic": _("What the clinic is called, its colour and logo"),
            "booking.InsurancePlan": _("Plans that the clinic takes"),
            "booking.ReferralRule": _("Whether patients need a referral, state by state"),
            "booking.Retention": _("After how long visits, e-mails and questions are erased"),
        },
    ),
]

MACHINERY = [
    (last_done.BACKUP, _("Last backup")),
    (last_done.RESTORE_DRILL, _("Last time that restoring a backup was tried")),
    (last_done.PURGE, _("What has been kept for long enough was last erased")),
    (last_done.MAIL_WORKER, _("E-mail worker last seen")),
]


class Row(NamedTuple):
    """A list that leads somewhere; `add` is empty for whoever may add nothing to it."""

    name: str
    model: str
    address: str
    add: str
    line: Promise | str


class Group(NamedTuple):
    title: Promise
    rows: list[Row]


@register.filter
def set_up(app_list: Iterable[Mapping[str, Any]]) -> list[Group]:
    """What the admin lists for whoever asks, in these groups; what has no place comes last."""
    found = {each["model"]._meta.label: each for app in app_list for each in app["models"]}
    groups = [
        Group(title, [_row(found.pop(name), line) for name, line in its.items() if name in found])
        for title, its in GROUPS
    ]
    groups[-1].rows.extend(_row(each, "") for each in found.values())
    return [group for group in groups if group.rows]


@register.inclusion_tag("admin/machinery.html")
def machinery_panel() -> dict[str, Any]:
    """For managers: when what nobody sees was done last, whether that is too long ago, and how much
    mail a restore has held.
    """
    now = timezone.now()
    ages = LastDone.objects.ages(now)
    rows = [
        (words, now - ages[name] if name in ages else None, _is_late(name, ages))
        for name, words in MACHINERY
    ]
    held = OutgoingEmail.objects.waiting_to_be_told().count()
    return {"rows": rows, "held": held, "is_restored": last_done.RESTORED in ages}


def _is_late(name: str, ages: Mapping[str, timedelta]) -> bool:
    """As `/readyz` has it: of a demo nobody needs a backup, and nothing in it gets old."""
    if settings.DEMO and name != last_done.MAIL_WORKER:
        return False
    return name in ages and ages[name] > last_done.LONGEST[name]


def _row(listed: Mapping[str, Any], line: Promise | str) -> Row:
    its: Any = admin.site.get_model_admin(listed["model"])
    name = listed["model"]._meta.model_name
    return Row(capfirst(its.many), name, listed["admin_url"] or "", listed["add_url"] or "", line)
