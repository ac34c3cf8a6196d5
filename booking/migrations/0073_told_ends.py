"""Until when a visit was told to last: those that there are count as told as they stand."""

from django.db import migrations, models


def tell_as_it_is_now(apps, schema_editor):
    told = apps.get_model("booking", "Appointment").objects.filter(told_starts_at__isnull=False)
    told.update(told_ends_at=models.F("ends_at"))


class Migration(migrations.Migration):
    dependencies = [("booking", "0072_area_picture_groups")]
    operations = [
        migrations.AddField(
            model_name="appointment",
            name="told_ends_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(tell_as_it_is_now, migrations.RunPython.noop, elidable=True),
    ]
