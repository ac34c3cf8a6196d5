"""The very e-mail that a patient would get, for staff to read before it goes."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils import translation

from booking.messages import emails, kinds
from booking.models import Appointment, OutgoingEmail
from booking.visits import tokens

HIDDEN = "…"


class Preview(NamedTuple):
    """What an e-mail says, but for the patient's own link: whoever has that can change the visit,
    so it stands on no page of ours.
    """

    to: str
    subject: str
    text: str


def preview(kind: str, visit: Appointment, now: datetime) -> Preview | None:
    """The message of that kind about a visit as it is in memory, written already or not; None for
    one who has no e-mail address.
    """
    if not visit.email:
        return None
    owed = OutgoingEmail(kind=kind, appointment=visit, sequence=visit.sequence)
    notification = kinds.OF_KIND[OutgoingEmail.Kind(kind)](owed, visit)
    with translation.override(settings.LANGUAGE_CODE):
        text = emails.text(notification, notification.context(now))
        return Preview(visit.email, notification.title, text.replace(_secret(visit), HIDDEN))


def _secret(visit: Appointment) -> str:
    return tokens.current(visit) or tokens.make(visit)
