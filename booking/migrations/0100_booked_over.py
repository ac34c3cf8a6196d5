"""A visit may be booked over another on purpose, and have no telephone, each with a reason.

Columns with a default that the database knows: no row is written, and workers of the release before
this one still book.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("booking", "0095_moved_from"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='appointment',
            options={'ordering': ['starts_at'], 'permissions': [('see_every_appointment', "Can see every therapist's appointments"), ('set_appointment_status', 'Can say that a patient arrived, was seen, did not come'), ('override_appointment', 'Can book over another visit, with a reason')]},
        ),
        migrations.AddField(
            model_name='appointment',
            name='no_phone_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='why no telephone'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='override_reason',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=200, verbose_name='why double'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='overrides',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='double'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='phone',
            field=models.CharField(blank=True, max_length=40, verbose_name='telephone'),
        ),
    ]
