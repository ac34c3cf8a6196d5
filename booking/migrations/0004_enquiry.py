
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0003_insurance_plans_and_referral_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('phone_e164', models.CharField(blank=True, editable=False, max_length=20)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('message', models.TextField(max_length=1000, verbose_name='question')),
                ('key', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('request_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='asked')),
                ('due_at', models.DateTimeField(verbose_name='answer due')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name_plural': 'enquiries',
                'ordering': ['-created_at'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='outgoingemail',
            name='booking_outgoingemail_owed_once',
        ),
        migrations.AlterField(
            model_name='outgoingemail',
            name='appointment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='emails', to='booking.appointment'),
        ),
        migrations.AlterField(
            model_name='outgoingemail',
            name='kind',
            field=models.CharField(choices=[('confirmation', 'Confirmation'), ('moved', 'Moved'), ('cancelled', 'Cancelled'), ('desk-new', 'To the desk: new'), ('desk-moved', 'To the desk: moved'), ('desk-cancelled', 'To the desk: cancelled'), ('desk-enquiry', 'To the desk: question')], max_length=20),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='outgoingemail',
            name='enquiry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='emails', to='booking.enquiry'),
        ),
        migrations.AddConstraint(
            model_name='outgoingemail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('appointment__isnull', False), ('enquiry__isnull', True)), models.Q(('appointment__isnull', True), ('enquiry__isnull', False)), _connector='OR'), name='booking_outgoingemail_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='outgoingemail',
            constraint=models.UniqueConstraint(fields=('appointment', 'kind', 'sequence', 'occasion'), name='booking_outgoingemail_appointment_owed_once'),
        ),
        migrations.AddConstraint(
            model_name='outgoingemail',
            constraint=models.UniqueConstraint(fields=('enquiry', 'kind', 'sequence', 'occasion'), name='booking_outgoingemail_enquiry_owed_once'),
        ),
        migrations.AddIndex(
            model_name='enquiry',
            index=models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['due_at'], name='booking_enquiry_open'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), ('phone', ''), _negated=True), name='booking_enquiry_can_be_answered', violation_error_message='Give a telephone number or an e-mail address.'),
        ),
    ]
