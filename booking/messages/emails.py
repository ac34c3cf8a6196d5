"""What we write about visits, questions, wishes and offers, as the rows are at send time.

Subjects, headers and whatever goes to the front desk hold no personal data. Even the patient's
own message does not repeat name or reason: an address can be mistyped, and a stranger could
have us mail words of their own to anybody.
"""

from datetime import datetime
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from booking.earlier import deadlines, standing
from booking.messages import ics
from booking.models import (
    Appointment,
    AppointmentStatus,
    Enquiry,
    OutgoingEmail,
    TimeOffer,
    WaitlistEntry,
)
from booking.visits import reminders, tokens
from booking.wording import one_line, site_host, zone_name

Kind = OutgoingEmail.Kind
SUBJECTS = {
    Kind.CONFIRMATION: gettext_lazy("%(clinic)s: your visit is booked"),
    Kind.MOVED: gettext_lazy("%(clinic)s: your visit has moved"),
    Kind.CANCELLED: gettext_lazy("%(clinic)s: your visit is cancelled"),
    Kind.REMINDER: gettext_lazy("%(clinic)s: your visit is coming up"),
    Kind.LINK: gettext_lazy("%(clinic)s: the link to your visit"),
    Kind.WISH: gettext_lazy("%(clinic)s: you are on the earlier-time list"),
    Kind.OFFER: gettext_lazy("%(clinic)s: a sooner time is free"),
    Kind.DESK_NEW: gettext_lazy("New visit %(reference)s"),
    Kind.DESK_MOVED: gettext_lazy("Moved visit %(reference)s"),
    Kind.DESK_CANCELLED: gettext_lazy("Cancelled visit %(reference)s"),
    Kind.DESK_ENQUIRY: gettext_lazy("New question"),
}
TO_DESK = {Kind.DESK_NEW, Kind.DESK_MOVED, Kind.DESK_CANCELLED, Kind.DESK_ENQUIRY}
UNCHANGED = {Kind.REMINDER, Kind.LINK}  # no calendar should ask about these
OF_CANCELLED = {Kind.CANCELLED, Kind.DESK_CANCELLED}


def recipient(owed: OutgoingEmail) -> str:
    """The address it goes to, empty if there is none."""
    return settings.FRONT_DESK_EMAIL if owed.kind in TO_DESK else owed.about.email


def is_overtaken(owed: OutgoingEmail, now: datetime) -> bool:
    """Whether it would say what is no longer so, or what is over, or has nobody to go to."""
    if not recipient(owed):
        return True
    if isinstance(owed.about, Enquiry):
        return owed.about.is_answered
    if isinstance(owed.about, WaitlistEntry):
        return not WaitlistEntry.objects.waiting(now).filter(pk=owed.about.pk).exists()
    if isinstance(owed.about, TimeOffer):
        late = deadlines.is_late(owed.about, now)
        return late or standing.standing(owed.about, now) != TimeOffer.State.OPEN
    return is_overtaken_by_change(owed, owed.about, now)


def is_lost(owed: OutgoingEmail, now: datetime) -> bool:
    """Whether it was tried in vain for as long as its offer could wait."""
    tried = bool(owed.last_error)
    return tried and isinstance(owed.about, TimeOffer) and deadlines.is_late(owed.about, now)


def is_overtaken_by_change(owed: OutgoingEmail, appointment: Appointment, now: datetime) -> bool:
    """Whether the appointment has been moved or cancelled since, or is over."""
    if owed.sequence != appointment.sequence:
        return True
    if appointment.ends_at <= now:  # the mail server was away for days
        return True
    if owed.kind == Kind.REMINDER:
        over = appointment.status != AppointmentStatus.BOOKED
        return over or reminders.is_late(owed, appointment, now)
    if owed.kind in OF_CANCELLED:
        return appointment.status != AppointmentStatus.CANCELLED
    return not appointment.is_active


def message(owed: OutgoingEmail, now: datetime) -> EmailMultiAlternatives:
    """The message as it is now; its appointment needs therapist, visit type and location.

    Raises ValidationError if the recipient's address is none.
    """
    validate_email(recipient(owed))
    with translation.override(settings.LANGUAGE_CODE):
        if isinstance(owed.about, Enquiry):
            return of_enquiry(owed, owed.about)
        if isinstance(owed.about, WaitlistEntry):
            return of_wish(owed, owed.about)
        if isinstance(owed.about, TimeOffer):
            return of_offer(owed, owed.about)
        if owed.kind in TO_DESK:
            return to_desk(owed, owed.about)
        return to_patient(owed, owed.about, now)


def of_enquiry(owed: OutgoingEmail, enquiry: Enquiry) -> EmailMultiAlternatives:
    """To the desk: until when it wants an answer, and a link for staff who sign in."""
    context = {"heading": _subject(owed), "enquiry": enquiry, "zone": zone_name(enquiry.due_at)}
    context["admin_url"] = address("admin:booking_enquiry_change", enquiry.pk)
    return _envelope(owed, _text("desk_enquiry", context))


def of_wish(owed: OutgoingEmail, wish: WaitlistEntry) -> EmailMultiAlternatives:
    """What somebody without a visit asked for, until when, and the link that leaves the list."""
    context = _of_clinic() | {"wish": wish, "kept_minutes": settings.OFFER_MINUTES}
    context["wish_url"] = address("booking:wish", tokens.current(wish) or tokens.make(wish))
    return _with_html(owed, context)


def of_offer(owed: OutgoingEmail, offer: TimeOffer) -> EmailMultiAlternatives:
    """The time, until when it is kept, and the link that takes it or leaves it."""
    context = _of_visit(offer) | {"offer": offer, "visit": offer.entry.appointment}
    context["offer_url"] = address("booking:offer", tokens.current(offer) or tokens.make(offer))
    return _with_html(owed, context)


def to_desk(owed: OutgoingEmail, appointment: Appointment) -> EmailMultiAlternatives:
    """Reference, therapist, time and a link for staff who sign in."""
    context = _of_visit(appointment) | {"heading": _subject(owed)}
    context["admin_url"] = address("admin:booking_appointment_change", appointment.pk)
    return _envelope(owed, _text("desk", context))


def to_patient(
    owed: OutgoingEmail, appointment: Appointment, now: datetime
) -> EmailMultiAlternatives:
    """All that the proof page says, as text and HTML.

    With the calendar event, where it has changed.
    """
    token = tokens.current(appointment)
    context = _of_visit(appointment) | {
        "may_change": appointment.may_change(now),
        "manage_url": address("booking:manage", token) if token else "",
        "come_url": address("booking:manage", token) + "?next=come" if token else "",
        "move_url": address("booking:manage", token) + "?next=move" if token else "",
        "book_url": address("booking:book"),
        "waits": owed.kind == Kind.MOVED and appointment.wishes.waiting(now).exists(),
    }
    found = _with_html(owed, context)
    if owed.kind not in UNCHANGED:
        _attach_event(found, appointment)
    return found


def _with_html(owed: OutgoingEmail, context: dict[str, object]) -> EmailMultiAlternatives:
    """The message as text and HTML; an answer to it goes to the desk."""
    found = _envelope(owed, _text(owed.kind, context))
    html = render_to_string(f"booking/email/{owed.kind}.html", context)
    found.attach_alternative(html, "text/html")
    if settings.FRONT_DESK_EMAIL:
        found.reply_to = [settings.FRONT_DESK_EMAIL]
    return found


def _attach_event(found: EmailMultiAlternatives, appointment: Appointment) -> None:
    event = ics.calendar_file(appointment)
    # Gmail and Outlook read the event from the alternative, Apple Mail from the attachment.
    calendar_type = f"{ics.CONTENT_TYPE}; method={ics.method(appointment)}"
    found.attach_alternative(event.decode(), calendar_type)
    found.attach(ics.FILE_NAME, event, "application/ics")


def address(view: str, *arguments: object) -> str:
    """A page's address as e-mail needs it, whole."""
    return settings.BASE_URL + reverse(view, args=arguments)


def _of_visit(appointment: Appointment | TimeOffer) -> dict[str, object]:
    return _of_clinic(appointment.location.phone) | {
        "appointment": appointment,
        "minutes": appointment.minutes,
        "zone": zone_name(appointment.starts_at),
        "change_until": appointment.visit_type.change_until(appointment.starts_at),
    }


def _of_clinic(phone: str = "") -> dict[str, object]:
    """Its name, and where to call: a location's own telephone, else the clinic's."""
    return {
        "clinic_name": settings.CLINIC_NAME,
        "phone": phone or settings.CLINIC_PHONE,
        "phone_link": "" if phone else settings.CLINIC_PHONE_LINK,
    }


def _text(template: str, context: dict[str, object]) -> str:
    return render_to_string(f"booking/email/{template}.txt", context).strip() + "\n"


def _envelope(owed: OutgoingEmail, body: str) -> EmailMultiAlternatives:
    return EmailMultiAlternatives(
        subject=_subject(owed),
        body=body,
        from_email=sender(),
        to=[recipient(owed)],
        # Auto-Submitted keeps holiday notes from answering (RFC 3834).
        headers={"Message-ID": message_id(owed), "Auto-Submitted": "auto-generated"},
    )


def _subject(owed: OutgoingEmail) -> str:
    reference = owed.appointment.reference if owed.appointment else ""
    words = {"clinic": settings.CLINIC_NAME, "reference": reference}
    return one_line(SUBJECTS[Kind(owed.kind)] % words)


def sender() -> str:
    """DEFAULT_FROM_EMAIL, under the clinic's name unless it brings one of its own."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or one_line(settings.CLINIC_NAME), address))


def message_id(owed: OutgoingEmail) -> str:
    """The same on every try, so that a mail server can tell a second copy."""
    parts = [owed.kind, str(owed.sequence), owed.occasion, owed.about.uuid.hex]
    return f"<{'.'.join(part for part in parts if part)}@{site_host()}>"
