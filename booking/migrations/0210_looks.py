"""Who looked at which patient: rows that nobody changes, and for how long they are kept."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import booking.constraints
from booking.staff_groups import grant

GROUPS = {"Manager": {"booking.look": ["view"]}}


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0201_invitations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='retention',
            name='booking_retention_some_time',
        ),
        migrations.AddField(
            model_name='retention',
            name='looks',
            field=models.PositiveSmallIntegerField(default=72, help_text='Months after the look. Six years are usual in the United States: ask your counsel.', validators=[django.core.validators.MinValueValidator(12), django.core.validators.MaxValueValidator(1200)], verbose_name='which of us looked at whose visit'),
        ),
        migrations.AddConstraint(
            model_name='retention',
            constraint=models.CheckConstraint(condition=models.Q(('care__gte', 12), ('emails__gte', 1), ('history__gte', 1), ('looks__gte', 12), ('missed__gte', 1), ('questions__gte', 1), ('wishes__gte', 1)), name='booking_retention_some_time'),
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('quarter', models.DateTimeField()),
                ('page', models.CharField(max_length=60, verbose_name='page')),
                ('kind', models.CharField(choices=[('visit', 'Visit'), ('series', 'Visits booked together'), ('wish', 'Earlier-time wish'), ('offer', 'Offered time'), ('email', 'E-mail'), ('question', 'Question'), ('change', 'Change'), ('day', 'Day'), ('list', 'List')], max_length=10, verbose_name='of what')),
                ('key', models.BigIntegerField(default=0, verbose_name='number')),
                ('by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'look at a patient',
                'verbose_name_plural': 'who looked at whom',
                'ordering': ['-at', '-pk'],
                'default_permissions': ('view',),
                'indexes': [
                    models.Index(fields=['at'], name='booking_look_at'),
                    models.Index(fields=['by', 'at'], name='booking_look_by'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('kind', 'key', 'by', 'page', 'quarter'), name='booking_look_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['visit', 'series', 'wish', 'offer', 'email', 'question', 'change', 'day', 'list'])), name='booking_look_known_kind'),
                    booking.constraints.AppendOnly(at='at', days=365, name='booking_look_append_only'),
                ],
            },
        ),
        migrations.RunPython(grant(GROUPS), migrations.RunPython.noop),
    ]
