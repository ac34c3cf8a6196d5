"""Who writes kinds of pain, and what the page of a condition says of a treatment."""

from django.db import migrations

from booking.staff_groups import EVERYTHING, grant

VERDICTS = {"conditions.conditiontreatment": EVERYTHING, "conditions.painkind": EVERYTHING}
GROUPS = {"Editor": VERDICTS, "Manager": VERDICTS}


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0061_body_area_groups"),
        ("conditions", "0030_pain_kinds_and_verdicts"),
    ]
    operations = [migrations.RunPython(grant(GROUPS), migrations.RunPython.noop)]
