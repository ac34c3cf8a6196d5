"""Addresses of the desk's own pages that are no page of one row; they stand before the admin's."""

from django.contrib import admin
from django.urls import path

from booking.desk import beside, day, next_free, people, to_do

app_name = "desk"
urlpatterns = [
    path("", admin.site.admin_view(day.day), name="day"),
    path("board/", admin.site.admin_view(day.live), name="board"),
    path("next-free/", admin.site.admin_view(next_free.next_free), name="next_free"),
    path("people/", admin.site.admin_view(people.look_up), name="people"),
    path("times/", admin.site.admin_view(beside.times), name="times"),
    path("to-do/", admin.site.admin_view(to_do.to_do), name="to_do"),
]
