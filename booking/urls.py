"""Addresses of the booking app; CONTRACT says what each answers."""

import re
from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter

from booking.calendars.instants import InstantConverter
from booking.logo import HeightConverter
from booking.photographs import DigestConverter, SizeConverter
from booking.views import (
    appointment,
    clinic,
    correction,
    details,
    device,
    earlier,
    lost,
    move,
    offers,
    question,
    times,
    wishes,
)

register_converter(InstantConverter, "instant")
register_converter(DigestConverter, "digest")
register_converter(SizeConverter, "size")
register_converter(HeightConverter, "height")


class CopiedLinkConverter:
    """Path converter `<copied:…>`: a link's secret with what was copied along, or put behind it by
    a mail program: a full stop, a bracket, a quote, also as HTML writes them. No secret holds any.
    """

    regex = r"[A-Za-z0-9_-]+/?(?:&[a-z]+;|[^A-Za-z0-9_/-])+/?"

    def to_python(self, value: str) -> str:
        return re.split(r"[^A-Za-z0-9_-]", value)[0]

    def to_url(self, value: str) -> str:
        return value


register_converter(CopiedLinkConverter, "copied")


def mailed_link(prefix: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """The address of a link in our e-mails, and the same where it was copied loosely."""
    loosely = path(f"{prefix}/<copied:token>", view, name=f"{name}_loosely")
    return [loosely, path(f"{prefix}/<str:token>/", view, name=name)]


app_name = "booking"
urlpatterns = [
    path("book/", times.book, name="book"),
    path("book/earlier/", wishes.JoinWithoutVisit.as_view(), name="earlier_without_visit"),
    path(
        "book/<slug:therapist>/<instant:starts_at>/", details.BookSlot.as_view(), name="book_slot"
    ),
    path("appointment/", appointment.appointment, name="appointment"),
    path("appointment/come/", appointment.Come.as_view(), name="come"),
    path("appointment/lost/", lost.LostLink.as_view(), name="lost"),
    path("appointment/lost/sent/", lost.sent, name="lost_sent"),
    path("appointment/email/", correction.CorrectAddress.as_view(), name="address"),
    path("appointment/cancel/", appointment.Cancel.as_view(), name="cancel"),
    path("appointment/move/", move.Move.as_view(), name="move"),
    path("appointment/earlier/", earlier.EarlierThanVisit.as_view(), name="earlier"),
    path("appointment/open/", device.open_here, name="open_here"),
    path("appointment/forget/", device.forget_here, name="forget"),
    path("appointment.ics", appointment.calendar_file, name="calendar_file"),
    path("offer/", offers.AnswerOffer.as_view(), name="offer"),
    *mailed_link("offer", offers.open_offer, "open_offer"),
    path("wish/", wishes.AnswerWish.as_view(), name="wish"),
    *mailed_link("wish", wishes.open_wish, "open_wish"),
    *mailed_link("m", appointment.manage, "manage"),
    path("team/", clinic.team, name="team"),
    path("team/<slug:slug>/", clinic.therapist, name="therapist"),
    path("photos/<digest:name>-<size:size>.webp", clinic.photo, name="photo"),
    path("photos/logo-<digest:name>-<height:height>.webp", clinic.logo, name="logo"),
    path("contact/", clinic.contact, name="contact"),
    path("contact/question/", question.AskQuestion.as_view(), name="question"),
    path("contact/question/sent/", question.sent, name="question_sent"),
    path("costs/", clinic.costs, name="costs"),
]
