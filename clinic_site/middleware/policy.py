"""The content policy: readers' pages run no script at all; Django's admin runs its own."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


class ContentPolicyMiddleware:
    """Sends the policy that django-csp writes of the settings; another one for `/admin/`.

    Each is written once: django-csp's own middleware does so for every answer, as its views may
    differ, and ours do not.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.of_readers = build_policy()
        self.of_staff = build_policy(replace=settings.STAFF_CONTENT_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Django's own pages of errors, for who works on the site, have their style inside.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            of_staff = request.path.startswith("/admin/")
            response[HEADER] = self.of_staff if of_staff else self.of_readers
        return response
