"""Visits that were booked together, and the one message about them all."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("booking", "0122_words_indexed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('key', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('request_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='booked at')),
            ],
            options={
                'verbose_name': 'series of visits',
                'verbose_name_plural': 'series of visits',
                'default_permissions': (),
            },
        ),
        migrations.RemoveConstraint(
            model_name='outgoingemail',
            name='booking_outgoingemail_about_one_thing',
        ),
        migrations.AlterField(
            model_name='outgoingemail',
            name='kind',
            field=models.CharField(choices=[('confirmation', 'Confirmation'), ('moved', 'Moved'), ('cancelled', 'Cancelled'), ('details', 'Details changed'), ('series', 'Series booked'), ('series-moved', 'Series moved'), ('series-cancelled', 'Series cancelled'), ('reminder', 'Reminder'), ('link', 'Link sent again'), ('wish', 'Put on the earlier-time list'), ('offer', 'Sooner time offered'), ('desk-new', 'To the desk: new'), ('desk-moved', 'To the desk: moved'), ('desk-cancelled', 'To the desk: cancelled'), ('desk-enquiry', 'To the desk: question'), ('desk-full', 'To the desk: online limit reached'), ('password', 'To staff: new password')], max_length=20),
        ),
        migrations.AddField(
            model_name='appointment',
            name='series',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='booking.series'),
        ),
        migrations.AddField(
            model_name='outgoingemail',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='emails', to='booking.series'),
        ),
        migrations.AddConstraint(
            model_name='outgoingemail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('appointment__isnull', False), ('enquiry__isnull', True), ('offer__isnull', True), ('series__isnull', True), ('user__isnull', True), ('wish__isnull', True)), models.Q(('appointment__isnull', True), ('enquiry__isnull', True), ('offer__isnull', True), ('series__isnull', False), ('user__isnull', True), ('wish__isnull', True)), models.Q(('appointment__isnull', True), ('enquiry__isnull', False), ('offer__isnull', True), ('series__isnull', True), ('user__isnull', True), ('wish__isnull', True)), models.Q(('appointment__isnull', True), ('enquiry__isnull', True), ('offer__isnull', True), ('series__isnull', True), ('user__isnull', True), ('wish__isnull', False)), models.Q(('appointment__isnull', True), ('enquiry__isnull', True), ('offer__isnull', False), ('series__isnull', True), ('user__isnull', True), ('wish__isnull', True)), models.Q(('appointment__isnull', True), ('enquiry__isnull', True), ('offer__isnull', True), ('series__isnull', True), ('user__isnull', False), ('wish__isnull', True)), _connector='OR'), name='booking_outgoingemail_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='outgoingemail',
            constraint=models.UniqueConstraint(fields=('series', 'kind', 'sequence', 'occasion'), name='booking_outgoingemail_series_owed_once'),
        ),
    ]
