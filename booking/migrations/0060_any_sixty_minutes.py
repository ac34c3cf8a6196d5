from django.db import migrations, models


def fill(apps, schema_editor):
    """What was counted counts from when its hour began, as it did."""
    rows = apps.get_model("booking", "HourlyCount").objects
    for row in rows.all():
        row.moments = [int(row.last_at.timestamp())] * row.times
        row.save(update_fields=["moments"])


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0059_mailboxes_indexed'),
    ]

    operations = [
        migrations.RenameField('hourlycount', 'hour_began_at', 'last_at'),
        migrations.AddField(
            model_name='hourlycount',
            name='moments',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='hourlycount',
            name='times',
            field=models.PositiveIntegerField(default=0, verbose_name='times in the hour before the last'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
