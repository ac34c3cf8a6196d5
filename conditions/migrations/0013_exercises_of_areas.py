"""Exercises belong to a part of the body, of which there are more than two. The fields first:
0014 fills them and takes the old ones away.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0012_lines_of_areas'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='articlesection',
            name='conditions_articlesection_known_part',
        ),
        migrations.AddField(
            model_name='articlesection',
            name='area',
            field=models.ForeignKey(blank=True, help_text='Whose exercises follow; only where exercises do.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='article_sections', to='conditions.bodyarea', verbose_name='of the body area'),
        ),
        migrations.AlterField(
            model_name='articlesection',
            name='followed_by',
            field=models.CharField(blank=True, choices=[('causes', 'The causes'), ('exercises', 'The exercises of a body area'), ('tips', 'The prevention tips')], max_length=9, verbose_name='followed by'),
        ),
        migrations.AddField(
            model_name='exercise',
            name='area',
            field=models.ForeignKey(null=True, help_text='Lists show it under this name, and its page the warnings of this area.', on_delete=django.db.models.deletion.PROTECT, related_name='exercises', to='conditions.bodyarea', verbose_name='body area'),
        ),
    ]
