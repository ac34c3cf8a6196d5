"""At which places a member of staff works, and where a visit was that its patient moved."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('booking', '0142_wishes_by_the_desk'),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='booking.location', verbose_name='place')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='staff_places', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'place of work',
                'verbose_name_plural': 'places of work (none: all places)',
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='staffplace',
            constraint=models.UniqueConstraint(fields=('user', 'location'), name='booking_staffplace_once', violation_error_message='This place is there already.'),
        ),
        migrations.AddField(
            model_name='patientchange',
            name='was_location',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='booking.location'),
        ),
    ]
