"""Whether the clinic has a therapy pool."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0305_sign_ins'),
    ]

    operations = [
        migrations.AddField(
            model_name='clinic',
            name='pool',
            field=models.CharField(blank=True, choices=[('', 'Not said: the page tells people to ask'), ('yes', 'Yes'), ('no', 'No')], default='', help_text='Said on the page about exercise in water.', max_length=3, verbose_name='therapy pool'),
        ),
        migrations.AddConstraint(
            model_name='clinic',
            constraint=models.CheckConstraint(condition=models.Q(('pool__in', ['', 'yes', 'no'])), name='booking_clinic_known_pool'),
        ),
    ]
