"""The staff roles, as docs/staff.md says; a clinic may change them in the admin."""

from django.db import migrations

from booking.staff_groups import EVERYTHING, grant

SEE_ALL, SET_STATUS = "see_every_appointment", "set_appointment_status"
GROUPS = {
    "Front desk": {
        "booking.appointment": ["add", "change", "view", SEE_ALL, SET_STATUS],
        "booking.closure": EVERYTHING,
        "booking.location": ["view"],
        "booking.onlinebooking": ["change", "view"],
        "booking.outgoingemail": ["view"],
        "booking.therapist": ["change", "view"],
        "booking.timeoff": EVERYTHING,
        "booking.visittype": ["view"],
        "booking.workinghours": ["view"],
    },
    "Therapist": {
        "booking.appointment": ["view", SET_STATUS],
    },
    "Editor": {
        "conditions": EVERYTHING,
    },
    "Manager": {
        "auditlog.logentry": ["view"],
        "auth.group": ["view"],
        "auth.user": ["add", "change", "view"],
        "booking.appointment": ["add", "change", "view", SEE_ALL, SET_STATUS],
        "booking.closure": EVERYTHING,
        "booking.location": EVERYTHING,
        "booking.onlinebooking": ["change", "view"],
        "booking.outgoingemail": ["view"],
        "booking.therapist": ["add", "change", "view"],
        "booking.timeoff": EVERYTHING,
        "booking.visittype": EVERYTHING,
        "booking.workinghours": EVERYTHING,
        "conditions": EVERYTHING,
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("auditlog", "0017_add_actor_email"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("booking", "0001_initial"),
        ("conditions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
