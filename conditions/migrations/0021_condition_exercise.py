"""The exercises of a condition become rows of their own; what editors chose stays as it is."""

import hashlib
import json
from collections import defaultdict

import conditions.models.base
import django.db.models.deletion
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

# The exercises that conditions shipped with, until each had a row of its own.
SHIPPED = {
    "back-pain": (
        "piriformis-stretch bird-dog supine-trunk-rotation seated-rotation "
        "thoracic-extension shoulder-roll shoulder-blade-squeeze"
    ),
    "back-strain-sports-injury": (
        "pelvic-tilt knee-to-chest supine-trunk-rotation cat-cow bird-dog dead-bug bridge "
        "side-plank-knees sit-to-stand"
    ),
    "back-surgery-rehab": (
        "pelvic-tilt sit-to-stand dead-bug bridge bird-dog side-plank-knees"
    ),
    "disc-problems": (
        "prone-press-up bird-dog dead-bug bridge side-plank-knees sciatic-nerve-glide"
    ),
    "lumbar-spinal-stenosis": (
        "knee-to-chest pelvic-tilt seated-rotation sit-to-stand bridge dead-bug "
        "supine-trunk-rotation cat-cow"
    ),
    "pregnancy-back-pelvic-pain": (
        "pelvic-tilt cat-cow bridge sit-to-stand shoulder-blade-squeeze seated-rotation "
        "bird-dog"
    ),
    "sciatica": (
        "prone-press-up sciatic-nerve-glide dead-bug bird-dog bridge piriformis-stretch "
        "supine-trunk-rotation"
    ),
    "scoliosis": (
        "side-plank-knees bird-dog dead-bug bridge cat-cow shoulder-blade-squeeze "
        "thoracic-extension sit-to-stand"
    ),
    "spine-osteoarthritis": (
        "pelvic-tilt cat-cow supine-trunk-rotation knee-to-chest bridge sit-to-stand "
        "bird-dog seated-rotation"
    ),
    "upper-back-pain": (
        "thoracic-extension shoulder-roll shoulder-blade-squeeze seated-rotation cat-cow "
        "bird-dog"
    ),
}
ACTIONS = ["add", "change", "delete", "view"]
LONGEST = 80  # letters of a slug
DIGITS = 16  # of a digest


def keep_pairs(apps, schema_editor):
    """Each exercise of a condition becomes a row, in the order in which the page shows them now."""
    alias = schema_editor.connection.alias
    use = apps.get_model("conditions", "ConditionExercise")
    through = apps.get_model("conditions", "Condition").exercises.through.objects.using(alias)
    known = {field.name for field in apps.get_model("conditions", "Exercise")._meta.get_fields()}
    headings = ["-exercise__area__order"] if "area" in known else []  # the low back came first
    pairs = through.order_by(
        "condition_id", *headings, "exercise__order", "exercise__title"
    )
    places = defaultdict(int)
    rows = []
    for condition, exercise, *slugs in pairs.values_list(
        "condition", "exercise", "condition__slug", "exercise__slug"
    ):
        places[condition] += 1
        row = use(condition_id=condition, exercise_id=exercise, order=places[condition])
        slug = "-".join(slugs)
        row.slug = slug if len(slug) <= LONGEST else conditions.models.base.new_slug()
        rows.append(row)
    use.objects.using(alias).bulk_create(rows)


def remember_pairs(apps, schema_editor):
    """What the files gave a condition counts as loaded: a pair that is gone, an editor removed.

    Of a row only its slug is remembered, as it was never read from a file: whatever else a file
    says of it then, no editor has changed.
    """
    alias = schema_editor.connection.alias
    loaded = apps.get_model("conditions", "LoadedRow")
    rows = loaded.objects.using(alias).filter(model="condition", slug__in=SHIPPED)
    loaded.objects.using(alias).bulk_create(
        loaded(
            model="conditionexercise",
            slug=f"{slug}-{exercise}",
            file_digest="",
            values={"slug": digest(f"{slug}-{exercise}")},
        )
        for slug in rows.values_list("slug", flat=True)
        for exercise in SHIPPED[slug].split()
    )


def digest(slug):
    return hashlib.sha256(json.dumps(slug).encode()).hexdigest()[:DIGITS]


def grant(apps, schema_editor):
    """Who may change conditions may change which exercises they use."""
    alias = schema_editor.connection.alias
    app = apps.get_app_config("conditions")
    # Permissions are made after all migrations otherwise, too late for the groups.
    app.models_module = True
    create_permissions(app, apps=apps, using=alias, verbosity=0)
    app.models_module = None
    groups = apps.get_model("auth", "Group").objects.using(alias)
    known = apps.get_model("auth", "Permission").objects.using(alias)
    known = known.filter(content_type__app_label="conditions")
    for action in ACTIONS:
        new = known.get(codename=f"{action}_conditionexercise")
        for group in groups.filter(permissions__in=known.filter(codename=f"{action}_condition")):
            group.permissions.add(new)


def put_back(apps, schema_editor):
    """The pairs alone: the other model has no room for more."""
    alias = schema_editor.connection.alias
    through = apps.get_model("conditions", "Condition").exercises.through
    pairs = apps.get_model("conditions", "ConditionExercise").objects.using(alias)
    through.objects.using(alias).bulk_create(
        through(condition_id=condition, exercise_id=exercise)
        for condition, exercise in pairs.values_list("condition", "exercise")
    )
    loaded = apps.get_model("conditions", "LoadedRow").objects.using(alias)
    loaded.filter(model="conditionexercise").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('conditions', '0020_breaths_and_rest'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConditionExercise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(default=conditions.models.base.new_slug, editable=False, max_length=80, unique=True)),
                ('hold_seconds', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='hold, seconds')),
                ('hold_seconds_max', models.PositiveSmallIntegerField(blank=True, help_text='For a range: 5 to 10', null=True, verbose_name='hold at most, seconds')),
                ('hold_breaths', models.PositiveSmallIntegerField(blank=True, help_text='Instead of seconds', null=True, verbose_name='hold, breaths')),
                ('hold_breaths_max', models.PositiveSmallIntegerField(blank=True, help_text='For a range: 3 to 5', null=True, verbose_name='hold at most, breaths')),
                ('repetitions_min', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='repetitions')),
                ('repetitions_max', models.PositiveSmallIntegerField(blank=True, help_text='For a range: 3 to 5', null=True, verbose_name='repetitions at most')),
                ('sets', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='sets')),
                ('rest_seconds', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rest between sets, seconds')),
                ('duration_seconds', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='keep going for, seconds')),
                ('per', models.CharField(blank=True, choices=[('side', 'Each side'), ('direction', 'Each direction')], help_text='Empty: once', max_length=9, verbose_name='counted for')),
                ('times_a_day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='times a day')),
                ('days_a_week', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days a week')),
                ('weeks', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='weeks')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('phase', models.CharField(choices=[('now', 'Now'), ('later', 'Later'), ('cleared', 'Later, when cleared')], default='now', max_length=7, verbose_name='when')),
                ('caution', models.CharField(blank=True, help_text='One line, for this condition alone. For example: Slide the leg alone.', max_length=200, verbose_name='caution')),
                ('condition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='conditions.condition', verbose_name='condition')),
                ('exercise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='conditions.exercise', verbose_name='exercise')),
            ],
            options={
                'verbose_name': 'exercise of a condition',
                'verbose_name_plural': 'exercises of a condition',
                'ordering': ['order', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('repetitions_max__isnull', True), models.Q(('repetitions_max__gt', models.F('repetitions_min')), ('repetitions_min__isnull', False)), _connector='OR'), name='conditions_conditionexercise_repetitions_range', violation_error_message='The highest number of repetitions is above the lowest.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('hold_seconds_max__isnull', True), models.Q(('hold_seconds__isnull', False), ('hold_seconds_max__gt', models.F('hold_seconds'))), _connector='OR'), models.Q(('hold_breaths_max__isnull', True), models.Q(('hold_breaths__isnull', False), ('hold_breaths_max__gt', models.F('hold_breaths'))), _connector='OR')), name='conditions_conditionexercise_hold_range', violation_error_message='The longest hold is above the shortest.'),
                    models.CheckConstraint(condition=models.Q(('hold_seconds__isnull', True), ('hold_breaths__isnull', True), _connector='OR'), name='conditions_conditionexercise_hold_has_one_measure', violation_error_message='Give a hold in seconds or in breaths, not in both.'),
                    models.CheckConstraint(condition=models.Q(('rest_seconds__isnull', True), models.Q(('sets__gt', 1), ('sets__isnull', False)), _connector='OR'), name='conditions_conditionexercise_rest_is_between_sets', violation_error_message='A rest is between sets: give two sets or more.'),
                    models.CheckConstraint(condition=models.Q(('days_a_week__isnull', True), ('days_a_week__lte', 7), _connector='OR'), name='conditions_conditionexercise_week_has_seven_days'),
                    models.CheckConstraint(condition=models.Q(('repetitions_min__isnull', True), ('repetitions_min__gt', 0), _connector='OR'), name='conditions_conditionexercise_repetitions_min_positive'),
                    models.CheckConstraint(condition=models.Q(('duration_seconds__isnull', True), ('duration_seconds__gt', 0), _connector='OR'), name='conditions_conditionexercise_duration_seconds_positive'),
                    models.CheckConstraint(condition=models.Q(('hold_seconds__isnull', True), ('hold_seconds__gt', 0), _connector='OR'), name='conditions_conditionexercise_hold_seconds_positive'),
                    models.CheckConstraint(condition=models.Q(('hold_breaths__isnull', True), ('hold_breaths__gt', 0), _connector='OR'), name='conditions_conditionexercise_hold_breaths_positive'),
                    models.CheckConstraint(condition=models.Q(('sets__isnull', True), ('sets__gt', 0), _connector='OR'), name='conditions_conditionexercise_sets_positive'),
                    models.CheckConstraint(condition=models.Q(('rest_seconds__isnull', True), ('rest_seconds__gt', 0), _connector='OR'), name='conditions_conditionexercise_rest_seconds_positive'),
                    models.CheckConstraint(condition=models.Q(('times_a_day__isnull', True), ('times_a_day__gt', 0), _connector='OR'), name='conditions_conditionexercise_times_a_day_positive'),
                    models.CheckConstraint(condition=models.Q(('days_a_week__isnull', True), ('days_a_week__gt', 0), _connector='OR'), name='conditions_conditionexercise_days_a_week_positive'),
                    models.CheckConstraint(condition=models.Q(('weeks__isnull', True), ('weeks__gt', 0), _connector='OR'), name='conditions_conditionexercise_weeks_positive'),
                    models.CheckConstraint(condition=models.Q(('per__in', ['', 'side', 'direction'])), name='conditions_conditionexercise_known_per'),
                    models.CheckConstraint(condition=models.Q(models.Q(('repetitions_min__isnull', True), _negated=True), models.Q(('duration_seconds__isnull', True), _negated=True), models.Q(('hold_seconds__isnull', True), _negated=True), models.Q(('hold_breaths__isnull', True), _negated=True), models.Q(('per', ''), ('repetitions_min__isnull', True), ('duration_seconds__isnull', True), ('hold_seconds__isnull', True), ('hold_breaths__isnull', True), ('sets__isnull', True), ('rest_seconds__isnull', True), ('times_a_day__isnull', True), ('days_a_week__isnull', True), ('weeks__isnull', True), ('repetitions_max__isnull', True), ('hold_seconds_max__isnull', True), ('hold_breaths_max__isnull', True)), _connector='OR'), name='conditions_conditionexercise_whole_dose_or_none', violation_error_message="A dose of its own gives repetitions, a duration or a hold. Leave it empty for the exercise's own dose."),
                    models.CheckConstraint(condition=models.Q(('phase__in', ['now', 'later', 'cleared'])), name='conditions_conditionexercise_known_phase'),
                    models.UniqueConstraint(fields=('condition', 'exercise'), name='conditions_conditionexercise_once', violation_error_message='This condition already has that exercise.'),
                ],
            },
        ),
        migrations.RunPython(keep_pairs, put_back),
        migrations.RunPython(remember_pairs, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
