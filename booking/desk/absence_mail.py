"""The e-mails that would leave, for whoever is asked whether they should."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext as _

from booking.desk import absence_steps as steps
from booking.desk.absence_steps import Step
from booking.messages import emails, kinds
from booking.messages.links import manage_url
from booking.models import Appointment, OutgoingEmail


def sample_emails(
    planned: Iterable[Step], visits: Mapping[int, Appointment], user: AbstractUser, now: datetime
) -> list[EmailMultiAlternatives]:
    """The e-mail of each kind that these steps would send, as the first who gets one would: it is
    done, looked at and taken back.
    """
    found: dict[str, EmailMultiAlternatives] = {}
    for step, visit in steps.with_visits(planned, visits):
        if step.mails and visit.email and step.what not in found:
            email = _sample(step, visit, user, now)
            if email:
                found[step.what] = email
    return list(found.values())


def _sample(
    step: Step, visit: Appointment, user: AbstractUser, now: datetime
) -> EmailMultiAlternatives | None:
    """None where the step cannot be done now: the yes will say why."""
    kind = {steps.MOVE: OutgoingEmail.Kind.MOVED, steps.CANCEL: OutgoingEmail.Kind.CANCELLED}
    with transaction.atomic():
        why = steps.why_not(step, visit, user, now)
        owed = visit.emails.filter(kind=kind[step.what]).order_by("-pk").first()
        email = emails.message(kinds.of(owed), now) if owed and not why else None
        transaction.set_rollback(True)
    if email and (own := manage_url(visit)):
        # The patient's alone: whoever has it can change the visit.
        email.body = str(email.body).replace(own, _("(the patient's own link)"))
    return email
