"""Warnings of parts of the body: those that ship for the back are its own from now on.

Whatever a clinic showed on its pages about the back stands there as before: every page that there
is belongs to the back, and no signature is touched.
"""

import django.db.models.deletion
from django.db import migrations, models


BACK = ["upper-back", "low-back"]
OF_THE_BACK = ["emergency-1", "emergency-2", "emergency-3", "emergency-4", "emergency-5"]


def belong_to_the_back(apps, schema_editor):
    """Where no other emergency line would be left for every page, all of them stay general."""
    alias = schema_editor.connection.alias
    areas = list(apps.get_model("conditions", "BodyArea").objects.using(alias))
    back = [area for area in areas if area.slug in BACK]
    for article in apps.get_model("conditions", "Article").objects.using(alias).filter(areas=None):
        article.areas.set(back)
    lines = apps.get_model("conditions", "UrgencyLine").objects.using(alias)
    general = lines.filter(condition=None, areas=None)
    emergency = general.filter(level="emergency").exclude(state="draft")
    if emergency.exclude(slug__in=OF_THE_BACK).exists():
        for line in general.filter(slug__in=OF_THE_BACK):
            line.areas.set(back)


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0011_areas_of_conditions'),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='areas',
            field=models.ManyToManyField(blank=True, help_text='Their warnings stand on the page, beside those of every page.', related_name='articles', to='conditions.bodyarea', verbose_name='body areas'),
        ),
        migrations.AddField(
            model_name='urgencyline',
            name='areas',
            field=models.ManyToManyField(blank=True, help_text='Shown on every page of these parts of the body, and on no other.', related_name='urgency_lines', to='conditions.bodyarea', verbose_name='body areas'),
        ),
        migrations.AlterField(
            model_name='urgencyline',
            name='condition',
            field=models.ForeignKey(blank=True, help_text='Leave this and the areas empty to show the line on every page.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='urgency_lines', to='conditions.condition', verbose_name='only for'),
        ),
        migrations.AlterField(
            model_name='urgencyline',
            name='text',
            field=models.CharField(help_text='Ends a sentence such as “… if you have neck pain and:”', max_length=200, verbose_name='text'),
        ),
        migrations.RunPython(belong_to_the_back, migrations.RunPython.noop),
    ]
