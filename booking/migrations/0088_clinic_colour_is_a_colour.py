"""A clinic's color is one, whoever writes it; one that is not gives way to that of the settings."""

import re

import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


def mend_colour(apps, schema_editor):
    rows = apps.get_model("booking", "Clinic").objects.using(schema_editor.connection.alias)
    for row in rows.all():
        lower = row.colour.strip().lower()
        row.colour = lower if re.fullmatch("#[0-9a-f]{6}", lower) else settings.CLINIC_COLOR
        row.save(update_fields=["colour"])


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0087_faces_of_therapists'),
    ]

    operations = [
        migrations.RunPython(mend_colour, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='clinic',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(django.db.models.functions.text.Length('colour'), models.Value(7)), django.db.models.lookups.Exact(models.Func(models.F('colour'), models.Value('0123456789abcdef'), function='RTRIM'), models.Value('#'))), name='booking_clinic_hex_colour'),
        ),
    ]
