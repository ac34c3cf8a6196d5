"""Addresses of the booking app; CONTRACT says what each answers."""

from django.urls import path, register_converter

from booking.calendars.instants import InstantConverter
from booking.logo import HeightConverter
from booking.photographs import DigestConverter, SizeConverter
from booking.views import (
    appointment,
    clinic,
    correction,
    details,
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
    path("appointment/forget/", appointment.forget_here, name="forget"),
    path("appointment.ics", appointment.calendar_file, name="calendar_file"),
    path("offer/", offers.AnswerOffer.as_view(), name="offer"),
    path("offer/<str:token>/", offers.open_offer, name="open_offer"),
    path("wish/", wishes.AnswerWish.as_view(), name="wish"),
    path("wish/<str:token>/", wishes.open_wish, name="open_wish"),
    path("m/<str:token>/", appointment.manage, name="manage"),
    path("team/", clinic.team, name="team"),
    path("team/<slug:slug>/", clinic.therapist, name="therapist"),
    path("photos/<digest:name>-<size:size>.webp", clinic.photo, name="photo"),
    path("photos/logo-<digest:name>-<height:height>.webp", clinic.logo, name="logo"),
    path("contact/", clinic.contact, name="contact"),
    path("contact/question/", question.AskQuestion.as_view(), name="question"),
    path("contact/question/sent/", question.sent, name="question_sent"),
    path("costs/", clinic.costs, name="costs"),
]
