"""Who of the staff changes the pictures of parts of the body."""

from django.db import migrations

from booking.staff_groups import EVERYTHING, grant

PICTURES = {"conditions.areapicture": EVERYTHING}
GROUPS = {"Editor": PICTURES, "Manager": PICTURES}


class Migration(migrations.Migration):
    dependencies = [("booking", "0071_picture_groups"), ("conditions", "0052_area_pictures")]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
