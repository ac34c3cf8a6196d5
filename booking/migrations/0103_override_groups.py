"""Managers may book over another visit; a clinic may give the same to its front desk."""

from django.db import migrations

from booking.staff_groups import grant

GROUPS = {"Manager": {"booking.appointment": ["override_appointment"]}}


class Migration(migrations.Migration):
    dependencies = [("booking", "0102_guard_without_overrides")]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
