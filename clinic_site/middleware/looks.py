"""Who looked at which patient: asked of every answer in the admin."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from booking.desk import looking


class LooksMiddleware:
    """Writes down what a page of staff has shown. Elsewhere nobody is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            looking.write_down(request, response)
        return response
