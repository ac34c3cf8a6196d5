"""Visits that another program wrote without a telephone say so, before the database asks why."""

from django.db import migrations


def say_so(apps, schema_editor):
    rows = apps.get_model("booking", "Appointment").objects.using(schema_editor.connection.alias)
    rows.filter(phone="").update(no_phone_reason="Not known")


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0100_booked_over'),
    ]

    operations = [
        migrations.RunPython(say_so, migrations.RunPython.noop, elidable=True),
    ]
