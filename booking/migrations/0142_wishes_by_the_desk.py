"""Who of the staff adds wishes to the earlier-time list, for callers."""

from django.db import migrations

from booking.staff_groups import grant

ADDS = {"booking.waitlistentry": ["add"]}
GROUPS = {"Front desk": ADDS, "Manager": ADDS}


class Migration(migrations.Migration):
    dependencies = [("booking", "0141_wish_source")]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
