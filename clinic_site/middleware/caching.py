"""What may be kept by whom, where a view has not said so itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
PRIVATE_PATHS = ("/admin/", "/appointment", "/m/", "/offer/", "/wish/", "/styleguide/")


class CacheControlMiddleware:
    """Public pages are shared but asked for anew; what is somebody's own is never kept."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if never_kept(request, response):
            response["Cache-Control"] = "no-store"
        elif not response.has_header("Cache-Control"):
            private = bool(response.cookies)
            response["Cache-Control"] = "private, no-cache" if private else "public, no-cache"
        return response


def never_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method not in ("GET", "HEAD")
        or request.path.startswith(PRIVATE_PATHS)
        or response.status_code >= 500
    )
