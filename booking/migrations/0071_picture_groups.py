"""Who of the staff changes the pictures of pages and of places."""

from django.db import migrations

from booking.staff_groups import EVERYTHING, grant

KINDS = ["conditionpicture", "articlepicture", "exercisepicture", "homepicture"]
OF_PAGES = {f"conditions.{kind}": EVERYTHING for kind in KINDS}
GROUPS = {
    "Front desk": {"booking.locationpicture": ["view"]},
    "Editor": OF_PAGES,
    "Manager": OF_PAGES | {"booking.locationpicture": EVERYTHING},
}


class Migration(migrations.Migration):
    dependencies = [("booking", "0070_place_pictures"), ("conditions", "0050_pictures")]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
