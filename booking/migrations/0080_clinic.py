"""The clinic's name and look become a row; what the settings say of them are its first values."""

import booking.models.clinic
from django.conf import settings
from django.db import migrations, models


def make_row(apps, schema_editor):
    rows = apps.get_model("booking", "Clinic").objects.using(schema_editor.connection.alias)
    look = {"style": settings.CLINIC_STYLE, "colour": settings.CLINIC_COLOR}
    rows.get_or_create(pk=1, defaults=look | {"name": settings.CLINIC_NAME[:200]})


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0074_wish_mailboxes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Clinic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='In titles, at the top of each page, in e-mails and calendar files.', max_length=200, validators=[booking.models.clinic.check_one_line], verbose_name='name')),
                ('style', models.CharField(choices=[('calm', 'Calm: serif headings, fine corners, cool paper'), ('warm', 'Warm: sans headings, round corners, warm paper')], default='calm', max_length=10, verbose_name='style')),
                ('colour', models.CharField(help_text='Of buttons and links; the shades for light and dark screens follow from it. One that is too light to read is refused, and a near one named.', max_length=7, verbose_name='color')),
                ('logo', models.CharField(blank=True, editable=False, max_length=32, verbose_name='logo')),
                ('logo_width', models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'name and look',
                'verbose_name_plural': 'name and look',
                'default_permissions': ('change', 'view'),
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='booking_clinic_one_row'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='booking_clinic_has_a_name'), models.CheckConstraint(condition=models.Q(('style__in', ('calm', 'warm'))), name='booking_clinic_known_style')],
            },
        ),
        migrations.RunPython(make_row, migrations.RunPython.noop),
    ]
