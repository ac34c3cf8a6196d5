"""Pages that a clinic has already: until now every one of them was about the back."""

from django.db import migrations

BACK = {  # as they ship
    "low-back": {"title": "Low back", "lead": "back pain", "order": 4},
    "upper-back": {"title": "Upper back", "lead": "back pain", "order": 5},
}
# Conditions that ship with other areas than the low back.
OTHER = {
    **dict.fromkeys(
        ["back-pain", "back-strain-sports-injury", "scoliosis", "spine-osteoarthritis"],
        ["low-back", "upper-back"],
    ),
    "upper-back-pain": ["upper-back"],
}


def belong_to_the_back(apps, schema_editor):
    """Nothing where no content is: the areas come with it, in `load_content`."""
    alias = schema_editor.connection.alias
    conditions = apps.get_model("conditions", "Condition").objects.using(alias)
    lines = apps.get_model("conditions", "UrgencyLine").objects.using(alias)
    exercises = apps.get_model("conditions", "Exercise").objects.using(alias)
    if not any(rows.exists() for rows in (conditions, lines, exercises)):
        return
    areas = apps.get_model("conditions", "BodyArea").objects.using(alias)
    made = {slug: areas.get_or_create(slug=slug, defaults=row)[0] for slug, row in BACK.items()}
    for condition in conditions.filter(areas=None):
        condition.areas.set([made[slug] for slug in OTHER.get(condition.slug, ["low-back"])])


class Migration(migrations.Migration):
    dependencies = [("conditions", "0010_body_areas")]
    operations = [migrations.RunPython(belong_to_the_back, migrations.RunPython.noop)]
