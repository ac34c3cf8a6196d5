"""What the database holds of visits, and what is owed about them, as the model has it."""

from booking.models import Appointment, OutgoingEmail


def stored():
    fields = ["therapist__slug", "starts_at", "ends_at", "status", "sequence", "overrides"]
    fields.append("confirmed_at")
    return {
        pk: (*values, confirmed_at is not None)
        for pk, *values, confirmed_at in Appointment.objects.values_list("pk", *fields)
    }


def owed():
    alone = OutgoingEmail.objects.filter(series__isnull=True)
    others = alone.exclude(kind__in=["reminder", "wish", "offer"])
    names = ["appointment", "kind", "sequence", "occasion", "state"]
    return sorted(others.values_list(*names))


def dues():
    """When the outbox has each message due: a patient's own may wait for room in the mailbox."""
    names = ["appointment", "kind", "sequence", "occasion", "due_at"]
    return {tuple(key): due_at for *key, due_at in OutgoingEmail.objects.values_list(*names)}


def reminder_rows():
    rows = OutgoingEmail.objects.filter(kind="reminder")
    return sorted(rows.values_list("appointment", "sequence", "due_at", "state"))
