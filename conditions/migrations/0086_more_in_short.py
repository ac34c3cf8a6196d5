"""An article in short, and what it needs; of a condition, what it feels like."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0077_positions_as_they_read'),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='does_it_help',
            field=models.TextField(blank=True, help_text='What sources found, good and bad, as the sections below do.', verbose_name='in short: does it help?'),
        ),
        migrations.AddField(
            model_name='article',
            name='for_whom',
            field=models.TextField(blank=True, verbose_name='in short: for whom'),
        ),
        migrations.AddField(
            model_name='article',
            name='how_long',
            field=models.TextField(blank=True, help_text='How many visits, or how much of it; leave it empty if no one knows.', verbose_name='in short: how often, how long'),
        ),
        migrations.AddField(
            model_name='article',
            name='needs',
            field=models.CharField(blank=True, choices=[('pool', 'A therapy pool')], help_text='The page then says whether you have it, as “Name and look” tells.', max_length=10, verbose_name='what it needs'),
        ),
        migrations.AddField(
            model_name='article',
            name='what_it_is',
            field=models.TextField(blank=True, verbose_name='in short: what it is'),
        ),
        migrations.AddField(
            model_name='article',
            name='what_to_do',
            field=models.TextField(blank=True, verbose_name='in short: what to do'),
        ),
        migrations.AddField(
            model_name='condition',
            name='feels_in_short',
            field=models.TextField(blank=True, verbose_name='in short: what it feels like'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('needs__in', ['', 'pool'])), name='conditions_article_known_need'),
        ),
    ]
