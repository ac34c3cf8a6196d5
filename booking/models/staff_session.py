"""Sessions of staff: one row each, so that somebody's can be listed and ended."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class StaffSession(AbstractBaseSession):
    """As Django keeps a session, and whose it is. A row that is gone is a session that is over:
    nothing brings it back. `expire_date` moves on with use; `clinic_site.staff.sessions` writes it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, editable=False, related_name="sessions"
    )

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The engine that the settings name: it reads and writes these rows."""
        return import_module(settings.SESSION_ENGINE).SessionStore
