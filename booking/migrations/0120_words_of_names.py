"""The words of names and the last digits of numbers, beside what was written."""

from django.db import migrations

from booking.models import folded


class Migration(migrations.Migration):

    dependencies = [
        ("booking", "0110_staff_changes"),
    ]

    operations = [
        *(
            migrations.AddField('appointment', f'word_{number}', folded.WordField(number))
            for number in range(1, 5)
        ),
        migrations.AddField('appointment', 'later_words', folded.LaterWordsField(5)),
        migrations.AddField('appointment', 'phone_backwards', folded.BackwardsField()),
    ]
