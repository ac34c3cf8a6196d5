"""The pairs are in their rows: the table that held them before goes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0021_condition_exercise'),
    ]

    operations = [
        migrations.RemoveField(model_name='condition', name='exercises'),
        migrations.AddField(
            model_name='condition',
            name='exercises',
            field=models.ManyToManyField(blank=True, related_name='conditions', through='conditions.ConditionExercise', to='conditions.exercise', verbose_name='exercises'),
        ),
    ]
