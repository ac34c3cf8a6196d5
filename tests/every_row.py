"""A row of every model that the admin shows, for walks over all of its pages."""

from datetime import date, timedelta

from django.contrib.auth.models import User

from booking.models import (
    Closure,
    DataRequest,
    InsurancePlan,
    Look,
    ReferralRule,
    TimeOff,
    TimeOffer,
)
from booking.records import looks, sign_ins
from conditions.models import Condition, HomePicture, Testimonial
from tests import shipped
from tests.builders import NOW, at, book, enquiry, make_therapist, wait
from tests.conditions.builders import make_picture, make_reviewer


def make_every_row(user: User) -> None:
    """The shipped content, and what a clinic enters; `user` is a reviewer then."""
    shipped.load()
    therapist = make_therapist()
    visit = book(therapist, at("9:00"))
    TimeOff.objects.create(therapist=therapist, starts_at=at("9:00"), ends_at=at("10:00"))
    Closure.objects.create(name="Holiday", starts_at=at("9:00"), ends_at=at("10:00"))
    InsurancePlan.objects.create(name="Blue Plan")
    ReferralRule.objects.create(state="Ohio", text="Call us.")
    consent = {"shown_name": "J.", "consent_given_on": date(2026, 1, 1)}
    Testimonial.objects.create(text="Good.", condition=Condition.objects.first(), **consent)
    make_picture(HomePicture)
    enquiry()
    DataRequest.objects.create(kind="copied", made_at=NOW, made_by=user)
    looks.note(by=user.pk, page="desk:visit", about=[(Look.Kind.VISIT, visit.pk)], now=NOW)
    sign_ins.note(
        step="password", outcome="right", user=user.pk, name="", address="192.0.2.7", now=NOW
    )
    offer(visit)
    make_reviewer(user=user)  # who may change public warnings


def offer(visit):
    """A sooner time that somebody who waits was asked about."""
    same = {name: getattr(visit, name) for name in ("therapist", "visit_type", "location")}
    times = {"starts_at": at("8:00"), "ends_at": at("8:45"), "created_at": NOW}
    until = NOW + timedelta(hours=1)
    return TimeOffer.objects.create(entry=wait(visit), expires_at=until, **same, **times)
