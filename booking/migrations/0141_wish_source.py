"""Wishes that the desk added for callers; those from before came from patients."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0140_affected_visits_and_calls'),
    ]

    operations = [
        migrations.AddField(
            model_name='waitlistentry',
            name='source',
            field=models.CharField(choices=[('online', 'Online'), ('desk', 'Front desk')], default='online', editable=False, max_length=10, verbose_name='asked for'),
        ),
    ]
