"""Who of the staff sees the earlier-time list, and takes somebody off it."""

from django.db import migrations

from booking.staff_groups import grant

LIST = {"booking.waitlistentry": ["change", "view"], "booking.timeoffer": ["view"]}
GROUPS = {"Front desk": LIST, "Manager": LIST}


class Migration(migrations.Migration):
    dependencies = [("booking", "0012_earlier_time_list")]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
