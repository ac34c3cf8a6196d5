"""For how long what is known of patients is kept: a row that a manager changes."""

import django.core.validators
from django.db import migrations, models

from booking.staff_groups import grant


GROUPS = {"Manager": {"booking.retention": ["change", "view"]}}


def make_row(apps, schema_editor):
    rows = apps.get_model("booking", "Retention").objects.using(schema_editor.connection.alias)
    rows.get_or_create(pk=1)


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0160_words_of_staff'),
    ]

    operations = [
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('care', models.PositiveSmallIntegerField(default=84, help_text='Months after the visit. The law of your state says for how long records of care must be kept, often longer for children: ask your counsel.', validators=[django.core.validators.MinValueValidator(12), django.core.validators.MaxValueValidator(1200)], verbose_name='visits that took place')),
                ('missed', models.PositiveSmallIntegerField(default=12, help_text='Months after their time.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1200)], verbose_name='visits that were cancelled or missed')),
                ('questions', models.PositiveSmallIntegerField(default=12, help_text='Months after the answer.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1200)], verbose_name='questions from the website')),
                ('wishes', models.PositiveSmallIntegerField(default=3, help_text='Months after they end.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1200)], verbose_name='wishes for an earlier time')),
                ('emails', models.PositiveSmallIntegerField(default=3, help_text='Months after what it is about.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1200)], verbose_name='that an e-mail was sent')),
                ('history', models.PositiveSmallIntegerField(default=84, help_text='Months after the change. What was changed of a visit goes with the visit.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1200)], verbose_name='who changed what, besides visits')),
            ],
            options={
                'verbose_name': 'how long we keep it',
                'verbose_name_plural': 'how long we keep it',
                'default_permissions': ('change', 'view'),
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='booking_retention_one_row'), models.CheckConstraint(condition=models.Q(('care__gte', 12), ('emails__gte', 1), ('history__gte', 1), ('missed__gte', 1), ('questions__gte', 1), ('wishes__gte', 1)), name='booking_retention_some_time')],
            },
        ),
        migrations.RunPython(make_row, migrations.RunPython.noop),
        migrations.RunPython(grant(GROUPS), migrations.RunPython.noop),
    ]
