"""Who of the staff sees and answers questions."""

from django.db import migrations

from booking.staff_groups import grant

GROUPS = {
    "Front desk": {"booking.enquiry": ["change", "view"]},
    "Manager": {"booking.enquiry": ["change", "view"]},
}


class Migration(migrations.Migration):
    dependencies = [("booking", "0004_enquiry")]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
