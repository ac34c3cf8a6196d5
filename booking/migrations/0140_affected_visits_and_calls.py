"""Whom closures and time off hurt, and whom staff have called."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("booking", "0130_series"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AffectedVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='booking.appointment')),
                ('closure', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='booking.closure')),
                ('time_off', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='booking.timeoff')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closure__isnull', False), ('time_off__isnull', True)), models.Q(('closure__isnull', True), ('time_off__isnull', False)), _connector='OR'), name='booking_affectedvisit_by_one_absence'), models.UniqueConstraint(fields=('closure', 'appointment'), name='booking_affectedvisit_once_by_closure'), models.UniqueConstraint(fields=('time_off', 'appointment'), name='booking_affectedvisit_once_by_time_off')],
            },
        ),
        migrations.CreateModel(
            name='ContactAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('called', 'Called'), ('message', 'Left a message')], max_length=10)),
                ('made_at', models.DateTimeField()),
                ('sequence', models.PositiveIntegerField(default=0)),
                ('known', models.JSONField(blank=True, default=list)),
                ('appointment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='booking.appointment')),
                ('enquiry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='booking.enquiry')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wish', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='booking.waitlistentry')),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('appointment__isnull', False), ('enquiry__isnull', True), ('wish__isnull', True)), models.Q(('appointment__isnull', True), ('enquiry__isnull', False), ('wish__isnull', True)), models.Q(('appointment__isnull', True), ('enquiry__isnull', True), ('wish__isnull', False)), _connector='OR'), name='booking_contactattempt_about_one_thing')],
            },
        ),
    ]
