"""Who writes the parts of the body that content belongs to."""

from django.db import migrations

from booking.staff_groups import EVERYTHING, grant

AREAS = {"conditions.bodyarea": EVERYTHING}
GROUPS = {"Editor": AREAS, "Manager": AREAS}


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0060_any_sixty_minutes"),
        ("conditions", "0010_body_areas"),
    ]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
