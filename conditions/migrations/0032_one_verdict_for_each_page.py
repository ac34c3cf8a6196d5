"""The old columns go: a treatment says what it is, and the page of a condition judges it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conditions", "0031_verdicts_move_to_conditions")]

    operations = [
        migrations.RemoveField(model_name="evidence", name="pain"),
        migrations.RenameField(model_name="evidence", old_name="kind", new_name="pain"),
        migrations.AlterField(
            model_name="evidence",
            name="pain",
            field=models.ForeignKey(
                help_text=(
                    "It stands on the pages that speak of this kind of pain, and on no other."
                ),
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="conditions.painkind",
                verbose_name="kind of pain",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("treatment", "citation", "pain"),
                name="conditions_evidence_one_per_source_and_pain",
                violation_error_message="This source already has a verdict for that pain.",
            ),
        ),
        migrations.RemoveField(model_name="condition", name="treatments"),
        migrations.AddField(
            model_name="condition",
            name="treatments",
            field=models.ManyToManyField(
                related_name="conditions",
                through="conditions.ConditionTreatment",
                to="conditions.treatment",
                verbose_name="treatments",
            ),
        ),
        migrations.RemoveField(model_name="treatment", name="group"),
        migrations.RemoveField(model_name="treatment", name="order"),
        migrations.RemoveField(model_name="treatment", name="verdict"),
        migrations.AlterField(
            model_name="treatment",
            name="text",
            field=models.TextField(
                help_text=(
                    "What it is, and its risks. Every page that shows the treatment shows this "
                    "text: whether it helps belongs to the page."
                ),
                verbose_name="text",
            ),
        ),
    ]
