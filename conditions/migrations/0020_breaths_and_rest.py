from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conditions', '0014_exercises_of_the_back'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='exercise',
            name='conditions_exercise_has_a_dose',
        ),
        migrations.RemoveConstraint(
            model_name='exercise',
            name='conditions_exercise_hold_range',
        ),
        migrations.AddField(
            model_name='exercise',
            name='hold_breaths',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Instead of seconds', null=True, verbose_name='hold, breaths'),
        ),
        migrations.AddField(
            model_name='exercise',
            name='hold_breaths_max',
            field=models.PositiveSmallIntegerField(blank=True, help_text='For a range: 3 to 5', null=True, verbose_name='hold at most, breaths'),
        ),
        migrations.AddField(
            model_name='exercise',
            name='rest_seconds',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rest between sets, seconds'),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hold_seconds_max__isnull', True), models.Q(('hold_seconds__isnull', False), ('hold_seconds_max__gt', models.F('hold_seconds'))), _connector='OR'), models.Q(('hold_breaths_max__isnull', True), models.Q(('hold_breaths__isnull', False), ('hold_breaths_max__gt', models.F('hold_breaths'))), _connector='OR')), name='conditions_exercise_hold_range', violation_error_message='The longest hold is above the shortest.'),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.CheckConstraint(condition=models.Q(('hold_seconds__isnull', True), ('hold_breaths__isnull', True), _connector='OR'), name='conditions_exercise_hold_has_one_measure', violation_error_message='Give a hold in seconds or in breaths, not in both.'),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.CheckConstraint(condition=models.Q(('rest_seconds__isnull', True), models.Q(('sets__gt', 1), ('sets__isnull', False)), _connector='OR'), name='conditions_exercise_rest_is_between_sets', violation_error_message='A rest is between sets: give two sets or more.'),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.CheckConstraint(condition=models.Q(('hold_breaths__isnull', True), ('hold_breaths__gt', 0), _connector='OR'), name='conditions_exercise_hold_breaths_positive'),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.CheckConstraint(condition=models.Q(('rest_seconds__isnull', True), ('rest_seconds__gt', 0), _connector='OR'), name='conditions_exercise_rest_seconds_positive'),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('repetitions_min__isnull', True), _negated=True), models.Q(('duration_seconds__isnull', True), _negated=True), models.Q(('hold_seconds__isnull', True), _negated=True), models.Q(('hold_breaths__isnull', True), _negated=True), _connector='OR'), name='conditions_exercise_has_a_dose', violation_error_message='Give repetitions, a duration or a hold.'),
        ),
    ]
