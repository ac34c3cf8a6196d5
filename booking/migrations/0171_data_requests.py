"""That a person's data was copied or erased; managers do it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from booking.staff_groups import grant

GROUPS = {"Manager": {"booking.datarequest": ["view", "answer_datarequest"]}}


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0170_retention'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('copied', 'Copy made'), ('erased', 'Erased')], max_length=10, verbose_name='what was done')),
                ('made_at', models.DateTimeField(verbose_name='when')),
                ('visits', models.PositiveIntegerField(default=0, verbose_name='visits')),
                ('wishes', models.PositiveIntegerField(default=0, verbose_name='earlier-time wishes')),
                ('questions', models.PositiveIntegerField(default=0, verbose_name='questions')),
                ('kept', models.PositiveIntegerField(default=0, verbose_name='visits that had to be kept')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by whom')),
            ],
            options={
                'verbose_name': 'copy or erasure',
                'verbose_name_plural': 'copies and erasures',
                'ordering': ['-made_at', '-pk'],
                'permissions': [('answer_datarequest', 'Can copy or erase what is kept of a person')],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['copied', 'erased'])), name='booking_datarequest_known_kind')],
            },
        ),
        migrations.RunPython(grant(GROUPS), migrations.RunPython.noop),
    ]
