"""Every exercise so far was for the lower or the upper back."""

import django.db.models.deletion
from django.db import migrations, models

AREAS = {"lower": "low-back", "upper": "upper-back"}


def belong_to_the_back(apps, schema_editor):
    connection = schema_editor.connection
    areas = apps.get_model("conditions", "BodyArea").objects.using(connection.alias)
    exercises = apps.get_model("conditions", "Exercise").objects.using(connection.alias)
    sections = apps.get_model("conditions", "ArticleSection").objects.using(connection.alias)
    for half, slug in AREAS.items():
        area = areas.filter(slug=slug).first()
        exercises.filter(region=half, area=None).update(area=area)
        followed = sections.filter(followed_by=half)
        followed.update(followed_by="exercises" if area else "", area=area)
    if connection.vendor == "postgresql":
        # It alters no table while foreign keys of changed rows are still to be looked at.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0013_exercises_of_areas'),
    ]

    operations = [
        migrations.RunPython(belong_to_the_back, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='exercise',
            name='area',
            field=models.ForeignKey(help_text='Lists show it under this name, and its page the warnings of this area.', on_delete=django.db.models.deletion.PROTECT, related_name='exercises', to='conditions.bodyarea', verbose_name='body area'),
        ),
        migrations.RemoveConstraint(
            model_name='exercise',
            name='conditions_exercise_known_region',
        ),
        migrations.RemoveField(
            model_name='exercise',
            name='region',
        ),
        migrations.AddConstraint(
            model_name='articlesection',
            constraint=models.CheckConstraint(condition=models.Q(('followed_by__in', ['', 'causes', 'exercises', 'tips'])), name='conditions_articlesection_known_part'),
        ),
        migrations.AddConstraint(
            model_name='articlesection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('area__isnull', False), ('followed_by', 'exercises')), models.Q(models.Q(('followed_by', 'exercises'), _negated=True), ('area__isnull', True)), _connector='OR'), name='conditions_articlesection_exercises_of_an_area', violation_error_message='Name a body area for exercises, and for nothing else.'),
        ),
    ]
