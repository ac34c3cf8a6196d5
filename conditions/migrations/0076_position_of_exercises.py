"""How an exercise begins, as its own text says: lists group by it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0066_weeks_at_most'),
    ]

    operations = [
        migrations.AddField(
            model_name='exercise',
            name='position',
            field=models.CharField(blank=True, choices=[('lying', 'Lying down'), ('kneeling', 'On hands and knees'), ('sitting', 'Sitting'), ('either', 'Sitting or standing'), ('standing', 'Standing')], help_text='As the start position says. The list groups by it; what has none comes last.', max_length=8, verbose_name='position'),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.CheckConstraint(condition=models.Q(('position__in', ['', 'lying', 'kneeling', 'sitting', 'either', 'standing'])), name='conditions_exercise_known_position'),
        ),
    ]
