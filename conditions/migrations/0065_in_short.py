"""A condition in short: what it is, what helps, when it gets better, what to do today."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0061_verdicts_stand_as_signed'),
    ]

    operations = [
        migrations.AddField(
            model_name='condition',
            name='what_it_is',
            field=models.TextField(blank=True, default='', verbose_name='in short: what it is'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='condition',
            name='what_helps',
            field=models.TextField(blank=True, default='', verbose_name='in short: what helps'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='condition',
            name='gets_better',
            field=models.TextField(blank=True, default='', verbose_name='in short: when it gets better'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='condition',
            name='do_today',
            field=models.TextField(blank=True, default='', verbose_name='in short: what to do today'),
            preserve_default=False,
        ),
    ]
