"""Addresses of the desk's own pages that are no page of one row; they stand before the admin's."""

from django.contrib import admin
from django.urls import path

from booking.desk import (
    absence,
    beside,
    day,
    find,
    next_free,
    panel,
    paper,
    people,
    person_data,
    series,
    series_rest,
    telephoned,
    to_do,
    walk_ins,
    week,
)

app_name = "desk"
urlpatterns = [
    path("", admin.site.admin_view(day.day), name="day"),
    path("board/", admin.site.admin_view(day.live), name="board"),
    path("visit/<int:pk>/", admin.site.admin_view(panel.visit), name="visit"),
    path("week/", admin.site.admin_view(week.week), name="week"),
    path("paper/", admin.site.admin_view(paper.paper), name="paper"),
    path("calls/", admin.site.admin_view(paper.calls), name="calls"),
    path("next-free/", admin.site.admin_view(next_free.next_free), name="next_free"),
    path("people/", admin.site.admin_view(people.look_up), name="people"),
    path("times/", admin.site.admin_view(beside.times), name="times"),
    path("absence/", admin.site.admin_view(absence.absence), name="absence"),
    path("telephoned/", admin.site.admin_view(telephoned.note), name="telephoned"),
    path("series/", admin.site.admin_view(series.new), name="series"),
    path("series/<int:pk>/", admin.site.admin_view(series.of), name="series_of"),
    path(
        "series/<int:pk>/cancel/", admin.site.admin_view(series_rest.cancel), name="series_cancel"
    ),
    path("series/<int:pk>/move/", admin.site.admin_view(series_rest.move), name="series_move"),
    path("find/", admin.site.admin_view(find.find), name="find"),
    path("person/<int:pk>/", admin.site.admin_view(find.person), name="person"),
    path("person/<int:pk>/next/", admin.site.admin_view(find.next_visit), name="next_visit"),
    path("person/<int:pk>/copy/", admin.site.admin_view(person_data.copy), name="person_copy"),
    path("person/<int:pk>/erase/", admin.site.admin_view(person_data.erase), name="person_erase"),
    *(
        path(
            f"{kind}/<int:pk>/{name}/",
            admin.site.admin_view(view),
            {"kind": kind},
            name=f"{kind}_{name}",
        )
        for kind in ("wish", "question")
        for name, view in (("copy", person_data.copy), ("erase", person_data.erase))
    ),
    path("to-do/", admin.site.admin_view(to_do.to_do), name="to_do"),
    path("walk-in/", admin.site.admin_view(walk_ins.walk_in), name="walk_in"),
]
