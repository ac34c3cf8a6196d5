from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0086_no_show_fee'),
        ('conditions', '0052_area_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='therapist',
            name='interests',
            field=models.CharField(blank=True, help_text='What they treat most, such as: running injuries.', max_length=200),
        ),
        migrations.AddField(
            model_name='therapist',
            name='licence',
            field=models.CharField(blank=True, help_text='State and number, as on the license.', max_length=100, verbose_name='license'),
        ),
        migrations.AddField(
            model_name='therapist',
            name='own_words',
            field=models.CharField(blank=True, help_text='One sentence in which they speak to patients.', max_length=240),
        ),
        migrations.AddField(
            model_name='therapist',
            name='school',
            field=models.CharField(blank=True, help_text='Where they studied, and what they left with.', max_length=120),
        ),
        migrations.AddField(
            model_name='therapist',
            name='treats',
            field=models.ManyToManyField(blank=True, help_text='Their page links to the pages of these.', related_name='+', to='conditions.condition'),
        ),
        migrations.AddField(
            model_name='therapist',
            name='treats_since',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Year. Patients read how many years that is.', null=True),
        ),
        migrations.AddConstraint(
            model_name='therapist',
            constraint=models.CheckConstraint(condition=models.Q(('treats_since__isnull', True), ('treats_since__range', (1950, 2200)), _connector='OR'), name='booking_therapist_treats_since_a_year', violation_error_message='Enter a year, such as 2012.'),
        ),
    ]
