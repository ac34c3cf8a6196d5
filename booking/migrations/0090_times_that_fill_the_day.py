from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0088_clinic_colour_is_a_colour'),
    ]

    operations = [
        migrations.AddField(
            model_name='visittype',
            name='fills_day',
            field=models.BooleanField(default=True, help_text='Patients are shown only starts that lower by one, never more, how many such visits still fit that day; of these those that leave no gap too short for any visit, if there are any. Untick to show every start.', verbose_name='times that fill the day'),
        ),
    ]
