"""A visit that has moved says from when; of moves before this, nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0090_times_that_fill_the_day'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='moved_from',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
