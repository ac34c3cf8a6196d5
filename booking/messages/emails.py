"""Makes e-mails of notifications: text and HTML that say the same; for patients the event too."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import translation

from booking.messages import html, ics
from booking.messages.notifications import Context, Notification
from booking.models import Appointment
from booking.wording import mail_address, one_line, site_host


def message(notification: Notification, now: datetime) -> EmailMultiAlternatives:
    """The e-mail as it is now. Raises ValidationError if the recipient's address is none."""
    validate_email(notification.email)
    with translation.override(settings.LANGUAGE_CODE):
        context = notification.context(now)
        email = _text_email(notification, context)
        email.attach_alternative(html.document(notification.template, context), "text/html")
        if notification.event:
            _attach_event(email, notification.event, notification.clinic.name)
        elif notification.events:
            _attach_events(email, notification.events, notification.clinic.name)
    return email


def text(notification: Notification, context: Context) -> str:
    """What it says as plain text."""
    return render_to_string(f"booking/email/{notification.template}.txt", context).strip() + "\n"


def _text_email(notification: Notification, context: Context) -> EmailMultiAlternatives:
    answers_go_to = "" if notification.to_desk else settings.FRONT_DESK_EMAIL
    return EmailMultiAlternatives(
        subject=notification.title,
        body=text(notification, context),
        from_email=sender(notification.clinic.name),
        to=[notification.email],
        reply_to=[answers_go_to] if answers_go_to else None,
        # Auto-Submitted keeps holiday notes from answering (RFC 3834).
        headers={"Message-ID": message_id(notification), "Auto-Submitted": "auto-generated"},
    )


def _attach_event(email: EmailMultiAlternatives, appointment: Appointment, clinic: str) -> None:
    event = ics.calendar_file(appointment, clinic)
    # Gmail and Outlook read the event from the alternative, Apple Mail from the attachment.
    calendar_type = f"{ics.CONTENT_TYPE}; method={ics.method(appointment)}"
    email.attach_alternative(event.decode(), calendar_type)
    email.attach(ics.FILE_NAME, event, "application/ics")


def _attach_events(
    email: EmailMultiAlternatives, visits: Sequence[Appointment], clinic: str
) -> None:
    """As a file alone: of several events as an alternative, Gmail and Outlook show the first."""
    email.attach(ics.FILE_OF_SEVERAL, ics.file_of_several(visits, clinic), "application/ics")


def sender(clinic: str) -> str:
    """The address of DEFAULT_FROM_EMAIL under the clinic's name, as subjects say it: a name that
    the setting brings would stay behind when the clinic takes another.
    """
    return formataddr((one_line(clinic), mail_address()))


def message_id(notification: Notification) -> str:
    """One for each message, whatever the try, so that a mail server can tell a second copy."""
    return f"<{notification.key}@{site_host()}>"
