from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0025_folded_names'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['folded_name'], name='booking_appointment_name'),
        ),
        migrations.AddIndex(
            model_name='waitlistentry',
            index=models.Index(fields=['folded_name'], name='booking_waitlist_name'),
        ),
    ]
