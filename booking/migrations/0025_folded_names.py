from django.db import migrations

import booking.models.folded

AT_ONCE = 1000


def fill(apps, schema_editor):
    for model in ("Appointment", "WaitlistEntry"):
        rows = apps.get_model("booking", model).objects
        last = 0
        while found := list(rows.filter(pk__gt=last).only("pk", "name").order_by("pk")[:AT_ONCE]):
            # The field folds each row's name by itself.
            rows.bulk_update(found, ["folded_name"], batch_size=100)
            last = found[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0023_calendar_index_with_start'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='folded_name',
            field=booking.models.folded.FoldedField(),
        ),
        migrations.AddField(
            model_name='waitlistentry',
            name='folded_name',
            field=booking.models.folded.FoldedField(),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
