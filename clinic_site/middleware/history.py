"""Who changed what: the acting user is asked for in the admin alone."""

from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest, HttpResponse


class StaffHistoryMiddleware(AuditlogMiddleware):
    """auditlog's middleware for `/admin/`.

    Elsewhere nobody is signed in, and asking would tie every public page to a session cookie
    (`Vary: Cookie`), which no cache can share.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/admin/"):
            return super().__call__(request)
        return self.get_response(request)
