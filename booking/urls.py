"""Addresses of the booking app; CONTRACT says what each answers."""

from django.urls import path, register_converter

from booking.calendars.instants import InstantConverter
from booking.photographs import DigestConverter, SizeConverter
from booking.views import (
    appointment,
    clinic,
    details,
    earlier,
    lost,
    offers,
    question,
    times,
)

register_converter(InstantConverter, "instant")
register_converter(DigestConverter, "digest")
register_converter(SizeConverter, "size")

app_name = "booking"
urlpatterns = [
    path("book/", times.book, name="book"),
    path("book/earlier/", earlier.instead_of_a_visit, name="earlier_without_visit"),
    path("book/<slug:therapist>/<instant:starts_at>/", details.book_slot, name="book_slot"),
    path("appointment/", appointment.appointment, name="appointment"),
    path("appointment/come/", appointment.come, name="come"),
    path("appointment/lost/", lost.lost, name="lost"),
    path("appointment/lost/sent/", lost.sent, name="lost_sent"),
    path("appointment/cancel/", appointment.cancel, name="cancel"),
    path("appointment/move/", appointment.move, name="move"),
    path("appointment/earlier/", earlier.than_the_visit, name="earlier"),
    path("appointment/forget/", appointment.forget_here, name="forget"),
    path("appointment.ics", appointment.calendar_file, name="calendar_file"),
    path("offer/<str:token>/", offers.offer, name="offer"),
    path("wish/<str:token>/", earlier.wish, name="wish"),
    path("m/<str:token>/", appointment.manage, name="manage"),
    path("team/", clinic.team, name="team"),
    path("team/<slug:slug>/", clinic.therapist, name="therapist"),
    path("photos/<digest:name>-<size:size>.webp", clinic.photo, name="photo"),
    path("contact/", clinic.contact, name="contact"),
    path("contact/question/", question.question, name="question"),
    path("contact/question/sent/", question.sent, name="question_sent"),
    path("costs/", clinic.costs, name="costs"),
]
