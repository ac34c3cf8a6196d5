"""Who signed in and who was refused: rows that nobody changes."""

import booking.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from booking.staff_groups import grant

GROUPS = {"Manager": {"booking.signin": ["view"]}}


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0304_sealed_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=12)),
                ('at', models.DateTimeField(verbose_name='when')),
                ('step', models.CharField(choices=[('password', 'Password'), ('link', 'Link to a new password'), ('second factor', 'Code of the app'), ('recovery code', 'Recovery code'), ('passkey', 'Passkey')], max_length=13, verbose_name='how')),
                ('outcome', models.CharField(choices=[('right', 'Right'), ('wrong', 'Wrong'), ('locked', 'Locked after wrong ones')], max_length=6, verbose_name='outcome')),
                ('network', models.CharField(blank=True, max_length=12, verbose_name='network')),
                ('once', models.CharField(editable=False, max_length=80, null=True, unique=True)),
                ('by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'sign-in',
                'verbose_name_plural': 'sign-ins',
                'ordering': ['-at', '-pk'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['at'], name='booking_signin_at'), models.Index(fields=['by', 'at'], name='booking_signin_by')],
                'constraints': [booking.constraints.AppendOnly(at='at', days=365, name='booking_signin_append_only')],
            },
        ),
        migrations.RunPython(grant(GROUPS), migrations.RunPython.noop),
    ]
