"""Answers that several views give."""

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """303: done; look there with a GET."""

    status_code = 303


def see_other(to: str, *arguments: object) -> SeeOther:
    """303 to a named address."""
    return SeeOther(resolve_url(to, *arguments))
