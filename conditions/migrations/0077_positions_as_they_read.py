"""Each exercise stands with those that begin as it does, also where a signed one waits for nobody.

Read from the words of its own start position; one that begins otherwise is listed last, until an
editor chooses.
"""

from django.db import migrations

BEGINS = [
    ("Lie ", "lying"),
    ("Go on your hands and knees", "kneeling"),
    ("Stand or sit", "either"),
    ("Sit ", "sitting"),
    ("Stand ", "standing"),
]


def read(apps, schema_editor):
    exercises = apps.get_model("conditions", "Exercise").objects.using(schema_editor.connection.alias)
    for words, position in BEGINS:
        unread = exercises.filter(position="", start_position__startswith=words)
        unread.update(position=position)


class Migration(migrations.Migration):
    dependencies = [("conditions", "0076_position_of_exercises")]
    operations = [migrations.RunPython(read, migrations.RunPython.noop)]
