"""Addresses of the conditions app."""

from django.urls import path, register_converter

from conditions import views
from conditions.models.pages import ADDRESSES
from conditions.pictures import FileConverter

register_converter(FileConverter, "picture_file")

app_name = "conditions"
urlpatterns = [
    path("conditions/", views.conditions, name="conditions"),
    path("conditions/<slug:slug>/", views.condition, name="condition"),
    path("articles/", views.articles, name="articles"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("exercises/", views.exercises, name="exercises"),
    path("exercises/program/", views.program, name="program"),
    path("exercises/<slug:slug>/", views.exercise, name="exercise"),
    path("pictures/<picture_file:file>.webp", views.picture, name="picture"),
    *[
        path(f"{slug}/", views.page, {"slug": slug}, name=slug)
        for slug in ADDRESSES
        # The booking app answers these two, with the clinic's places, prices and plans.
        if slug not in ("contact", "costs")
    ],
]
