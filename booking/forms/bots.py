"""What tells bots from people without asking people anything: a field that nobody sees, and the
time that it takes to fill a form in. Neither costs anybody their typing.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.signing import BadSignature
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from booking.secrets import keys
from booking.secrets.keys import Use

logger = logging.getLogger(__name__)

LIVES = timedelta(days=1)  # a stamp that a bot once fetched is soon worth nothing
NEVER_FILLED = {"autocomplete": "off", "tabindex": "-1"}


def stamp(now: datetime) -> str:
    """Says, signed, when a form was first shown."""
    return keys.signer(Use.STAMPS).sign(str(round(now.timestamp() * 1000)))


def stamped_at(text: str, now: datetime) -> datetime | None:
    """When a stamp was made; None where it is forged, over LIVES old or no stamp at all."""
    try:
        made_at = int(keys.signer(Use.STAMPS).unsign(text)) / 1000
    except (BadSignature, ValueError):
        return None
    found = datetime.fromtimestamp(made_at, UTC)
    return found if now - LIVES <= found <= now else None


class Decoy(forms.TextInput):
    """Shown empty, whatever came: what a browser filled in by itself costs nobody a booking."""

    def format_value(self, value: Any) -> None:
        return None


class GuardedForm(forms.Form):
    """A form of a public page. `obstacle()` says whether to ask again before anything is done.

    The page shows both fields with `booking/includes/guard_fields.html`, and says what stood in
    the way with `booking/includes/obstacle.html`. The stamp outlives every round of errors: the
    wait is over MINIMUM_FILL_SECONDS after the form was first shown.
    """

    # No CharField: what a bot puts there must not become an error that people cannot see.
    homepage = forms.Field(
        label=_("Leave this field empty"), required=False, widget=Decoy(NEVER_FILLED)
    )
    shown = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | dict[str, Any] | None = None,
        *,
        now: datetime,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        values = (initial or {}) if data is None else data
        made_at = stamped_at(str(values.get("shown", "")), now)
        self.waited = now - made_at if made_at else timedelta(0)
        if made_at is None:
            values = values.copy()
            values["shown"] = stamp(now)
        if data is None:
            super().__init__(initial=values, **kwargs)
        else:
            super().__init__(values, initial=initial, **kwargs)

    def obstacle(self) -> str:
        """Of a valid form: "decoy" where that was filled in, "soon" where nobody types so fast."""
        found = self._in_the_way()
        if found:
            logger.warning("A form was held: %s (%s)", found, type(self).__name__)
        return found

    def _in_the_way(self) -> str:
        if str(self.cleaned_data["homepage"] or "").strip():
            return "decoy"
        soon = self.waited < timedelta(seconds=settings.MINIMUM_FILL_SECONDS)
        return "soon" if soon else ""
