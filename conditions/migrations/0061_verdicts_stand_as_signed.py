"""What a signed page says of a treatment stands until a reviewer decides on the sources of it.

Until now a verdict needed no source of its own, and what ships with one now waits to be read, as
every newer text of a signed page: meanwhile no warning leaves the page.
"""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q


def keep_what_was_signed(apps, schema_editor):
    alias = schema_editor.connection.alias
    whole = Q(pain__areas__is_whole_body=True) | Q(pain__conditions__areas__is_whole_body=True)
    fitting = apps.get_model("conditions", "Evidence").objects.filter(
        whole | Q(pain__areas__conditions=OuterRef("condition")),
        treatment=OuterRef("treatment"),
        pain__conditions=OuterRef("condition"),
    )
    judges = ~Q(verdict="") | Q(group="not-advised")
    uses = apps.get_model("conditions", "ConditionTreatment").objects.using(alias)
    signed = uses.filter(judges, ~Exists(fitting), condition__state="approved")
    uses.filter(pk__in=list(signed.values_list("pk", flat=True))).update(stands_as_signed=True)


class Migration(migrations.Migration):
    dependencies = [("conditions", "0052_area_pictures")]

    operations = [
        migrations.AddField(
            model_name="conditiontreatment",
            name="stands_as_signed",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(keep_what_was_signed, migrations.RunPython.noop),
    ]
