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
    return sorted(others.values_list("appointment", "kind", "sequence"))


def reminder_rows():
    rows = OutgoingEmail.objects.filter(kind="reminder")
    return sorted(rows.values_list("appointment", "sequence", "due_at", "state"))
