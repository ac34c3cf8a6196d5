from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0058_mailboxes'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['mailbox'], name='booking_appointment_mailbox'),
        ),
    ]
