"""Views that greet who has the cookie of a visit, and say who may keep the answer, or nothing."""

import time

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_cookie

from conditions.views import public


def greet(request: HttpRequest) -> HttpResponse:
    """What only this visitor may see."""
    return HttpResponse(f"Hello {request.COOKIES.get('appointment', 'stranger')}")


@public
def greet_and_remember(request: HttpRequest) -> HttpResponse:
    response = greet(request)
    response.set_cookie("greeted", "yes")
    return response


@public
def greet_in_a_file(request: HttpRequest) -> HttpResponse:
    return HttpResponse(greet(request).content, content_type="text/plain")


def greet_after_a_while(request: HttpRequest) -> HttpResponse:
    """Long enough for others to ask meanwhile. Counts how often it was made."""
    MADE.append(request.path)
    time.sleep(0.2)
    return HttpResponse("Hello")


MADE: list[str] = []
urlpatterns = [
    path("slow/", public(greet_after_a_while)),
    path("silent/", greet),
    path("public/", public(greet)),
    path("private/", cache_control(private=True, no_cache=True)(greet)),
    path("no-store/", cache_control(no_store=True)(public(greet))),
    path("sets-a-cookie/", greet_and_remember),
    path("varies-by-cookie/", public(vary_on_cookie(greet))),
    path("file/", greet_in_a_file),
]
