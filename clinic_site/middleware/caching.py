"""Who may keep an answer: nobody, unless its view says otherwise."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


class CacheControlMiddleware:
    """Says `no-store` of what its view says nothing of, of every POST and of every failure."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if never_kept(request, response):
            response["Cache-Control"] = "no-store"
        return response


def never_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method not in ("GET", "HEAD")
        or response.status_code >= 500
        # What a view forgets to say must not show one visitor's page to another.
        or "no-store" in response.get("Cache-Control", "no-store")
    )
