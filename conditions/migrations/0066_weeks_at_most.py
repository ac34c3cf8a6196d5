"""A dose may say for how many weeks at most: 6 to 8."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0065_in_short'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='conditionexercise',
            name='conditions_conditionexercise_whole_dose_or_none',
        ),
        migrations.AddField(
            model_name='conditionexercise',
            name='weeks_max',
            field=models.PositiveSmallIntegerField(blank=True, help_text='For a range: 6 to 8', null=True, verbose_name='weeks at most'),
        ),
        migrations.AddField(
            model_name='exercise',
            name='weeks_max',
            field=models.PositiveSmallIntegerField(blank=True, help_text='For a range: 6 to 8', null=True, verbose_name='weeks at most'),
        ),
        migrations.AddConstraint(
            model_name='conditionexercise',
            constraint=models.CheckConstraint(condition=models.Q(('weeks_max__isnull', True), models.Q(('weeks__isnull', False), ('weeks_max__gt', models.F('weeks'))), _connector='OR'), name='conditions_conditionexercise_weeks_range', violation_error_message='The highest number of weeks is above the lowest.'),
        ),
        migrations.AddConstraint(
            model_name='conditionexercise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('repetitions_min__isnull', True), _negated=True), models.Q(('duration_seconds__isnull', True), _negated=True), models.Q(('hold_seconds__isnull', True), _negated=True), models.Q(('hold_breaths__isnull', True), _negated=True), models.Q(('per', ''), ('repetitions_min__isnull', True), ('duration_seconds__isnull', True), ('hold_seconds__isnull', True), ('hold_breaths__isnull', True), ('sets__isnull', True), ('rest_seconds__isnull', True), ('times_a_day__isnull', True), ('days_a_week__isnull', True), ('weeks__isnull', True), ('repetitions_max__isnull', True), ('hold_seconds_max__isnull', True), ('hold_breaths_max__isnull', True), ('weeks_max__isnull', True)), _connector='OR'), name='conditions_conditionexercise_whole_dose_or_none', violation_error_message="A dose of its own gives repetitions, a duration or a hold. Leave it empty for the exercise's own dose."),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.CheckConstraint(condition=models.Q(('weeks_max__isnull', True), models.Q(('weeks__isnull', False), ('weeks_max__gt', models.F('weeks'))), _connector='OR'), name='conditions_exercise_weeks_range', violation_error_message='The highest number of weeks is above the lowest.'),
        ),
    ]
