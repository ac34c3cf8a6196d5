"""What the desk changed, so that it can be undone, and why a visit was cancelled.

Of changes before this nobody knows: none of them can be undone.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("booking", "0103_override_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('withheld', models.BooleanField(default=False)),
                ('untold', models.CharField(blank=True, max_length=20)),
                ('was_starts_at', models.DateTimeField()),
                ('was_ends_at', models.DateTimeField()),
                ('was_kept_against', models.JSONField(default=list)),
                ('was_kept_at', models.DateTimeField(null=True)),
                ('was_confirmed_at', models.DateTimeField(null=True)),
                ('was_moved_from', models.DateTimeField(null=True)),
                ('was_told_starts_at', models.DateTimeField(null=True)),
                ('was_told_ends_at', models.DateTimeField(null=True)),
                ('was_told_place', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'verbose_name': 'change by staff',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='cancel_reason',
            field=models.CharField(blank=True, choices=[('late', 'Late'), ('weather', 'Weather'), ('ill', 'Ill'), ('by-clinic', 'By the clinic'), ('other', 'Other')], editable=False, max_length=12, verbose_name='why cancelled'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('cancel_reason', ''), ('cancel_reason__in', ['late', 'weather', 'ill', 'by-clinic', 'other']), _connector='OR'), name='booking_appointment_cancel_reason_exists'),
        ),
        migrations.AddField(
            model_name='staffchange',
            name='appointment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_changes', to='booking.appointment'),
        ),
        migrations.AddField(
            model_name='staffchange',
            name='was_location',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='booking.location'),
        ),
        migrations.AddField(
            model_name='staffchange',
            name='was_therapist',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='booking.therapist'),
        ),
        migrations.AddField(
            model_name='staffchange',
            name='was_told_location',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='booking.location'),
        ),
        migrations.AddField(
            model_name='staffchange',
            name='was_told_therapist',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='booking.therapist'),
        ),
        migrations.AddField(
            model_name='staffchange',
            name='was_visit_type',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='booking.visittype'),
        ),
        migrations.AddConstraint(
            model_name='staffchange',
            constraint=models.UniqueConstraint(fields=('appointment', 'sequence'), name='booking_staffchange_one_a_sequence'),
        ),
        migrations.AddConstraint(
            model_name='staffchange',
            constraint=models.CheckConstraint(condition=models.Q(('was_ends_at__gt', models.F('was_starts_at'))), name='booking_staffchange_ends_after_start'),
        ),
    ]
