"""Managers change the clinic's name and look."""

from django.db import migrations

from booking.staff_groups import grant

GROUPS = {"Manager": {"booking.clinic": ["change", "view"]}}


class Migration(migrations.Migration):
    dependencies = [("booking", "0080_clinic")]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
