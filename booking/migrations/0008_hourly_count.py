"""Counts by e-mail address and telephone number too, in a table named for what it holds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0007_reminders")]
    operations = [
        migrations.DeleteModel("BookingCount"),  # an hour's counts: nothing to carry over
        migrations.CreateModel(
            name="HourlyCount",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("hour_began_at", models.DateTimeField()),
                (
                    "times",
                    models.PositiveIntegerField(default=0, verbose_name="times in that hour"),
                ),
            ],
        ),
    ]
