"""Who of the staff sees the estimates owed, and ticks them off."""

from django.db import migrations

from booking.staff_groups import grant

GROUPS = {
    "Front desk": {"booking.estimate": ["change", "view"]},
    "Manager": {"booking.estimate": ["change", "view"]},
}


class Migration(migrations.Migration):
    dependencies = [("booking", "0009_estimate")]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
