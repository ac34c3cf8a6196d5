"""By the beginnings of words, and by both ends of a number."""

from django.db import migrations, models


def by_beginning(field, name):
    return models.Index(
        fields=[field], name=f'booking_appointment_{name}', opclasses=['varchar_pattern_ops']
    )


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0121_words_filled'),
    ]

    operations = [
        *(
            migrations.AddIndex('appointment', by_beginning(f'word_{number}', f'word_{number}'))
            for number in range(1, 5)
        ),
        migrations.AddIndex(
            'appointment',
            models.Index(fields=['later_words'], name='booking_appointment_words'),
        ),
        migrations.AddIndex('appointment', by_beginning('phone_backwards', 'digits')),
        # These two were there, for equality alone.
        migrations.RemoveIndex('appointment', 'booking_appointment_phone'),
        migrations.AddIndex('appointment', by_beginning('phone_e164', 'phone')),
        migrations.RemoveIndex('appointment', 'booking_appointment_mailbox'),
        migrations.AddIndex('appointment', by_beginning('mailbox', 'mailbox')),
    ]
