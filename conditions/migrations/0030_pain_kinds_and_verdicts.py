"""Room for kinds of pain as rows, and for a verdict on the page of each condition.

The rules that the old columns cannot keep while the rows move over go first, so that they come
back last.
"""

import django.db.models.deletion
from django.db import migrations, models

import conditions.models.base

GROUPS = [("offered", "May be part of a plan"), ("not-advised", "Not advised")]


class Migration(migrations.Migration):
    dependencies = [("conditions", "0022_exercises_through_rows")]

    operations = [
        migrations.RemoveConstraint(
            model_name="evidence", name="conditions_evidence_one_per_source_and_pain"
        ),
        migrations.RemoveConstraint(model_name="evidence", name="conditions_evidence_known_pain"),
        migrations.RemoveConstraint(
            model_name="treatment", name="conditions_treatment_known_group"
        ),
        migrations.AlterField(
            model_name="evidence",
            name="pain",
            field=models.CharField(default="any", max_length=9),
        ),
        migrations.AlterField(
            model_name="treatment",
            name="verdict",
            field=models.CharField(default="", max_length=200),
        ),
        migrations.AlterModelOptions(
            name="treatment",
            options={
                "ordering": ["title"],
                "verbose_name": "treatment",
                "verbose_name_plural": "treatments",
            },
        ),
        migrations.CreateModel(
            name="PainKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(max_length=80, unique=True, verbose_name="short name"),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="As it is read within a sentence: long-lasting low back pain",
                        max_length=120,
                        verbose_name="title",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "kind of pain",
                "verbose_name_plural": "kinds of pain",
                "ordering": ["order", "title"],
            },
        ),
        migrations.CreateModel(
            name="ConditionTreatment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        default=conditions.models.base.new_slug,
                        editable=False,
                        max_length=80,
                        unique=True,
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=GROUPS, default="offered", max_length=11, verbose_name="group"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        help_text=(
                            "What the sources say for this condition, in one line. They may "
                            "disagree: say so. Empty: no source speaks of it."
                        ),
                        max_length=200,
                        verbose_name="in one line",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "condition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="treatment_uses",
                        to="conditions.condition",
                        verbose_name="condition",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="conditions.treatment",
                        verbose_name="treatment",
                    ),
                ),
            ],
            options={
                "verbose_name": "treatment of this condition",
                "verbose_name_plural": "treatments of this condition",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="conditiontreatment",
            constraint=models.UniqueConstraint(
                fields=("condition", "treatment"),
                name="conditions_conditiontreatment_once_a_page",
                violation_error_message="This treatment stands on the page already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="conditiontreatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("group__in", ["offered", "not-advised"])),
                name="conditions_conditiontreatment_known_group",
            ),
        ),
        migrations.AddField(
            model_name="condition",
            name="pain_kinds",
            field=models.ManyToManyField(
                blank=True,
                help_text=(
                    "Of all that sources say of a treatment, the page shows what fits these."
                ),
                related_name="conditions",
                to="conditions.painkind",
                verbose_name="kinds of pain",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="kind",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="conditions.painkind",
            ),
        ),
    ]
