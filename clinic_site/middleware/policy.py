"""The content policy: readers' pages run no script at all; Django's admin runs its own."""

from collections.abc import Callable

from csp.constants import HEADER, SELF
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


class ContentPolicyMiddleware:
    """Sends the policy that django-csp writes of the settings; another one for `/admin/`.

    Each is written once: django-csp's own middleware does so for every answer, as its views may
    differ, and ours do not, but for the style sheets that a page holds.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.of_readers = build_policy()
        self.of_staff = build_policy(replace=settings.STAFF_CONTENT_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        of_sheets = " ".join(getattr(request, "style_hashes", ()))
        # Django's own pages of errors, for who works on the site, have their style inside.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            of_staff = request.path.startswith("/admin/")
            policy = self.of_staff if of_staff else self.of_readers
            response[HEADER] = with_hashes(policy, of_sheets) if of_sheets else policy
        return response


def with_hashes(policy: str, of_sheets: str) -> str:
    """The policy of a page that holds style sheets, by their hashes."""
    return policy.replace(f"style-src {SELF}", f"style-src {SELF} {of_sheets}")
