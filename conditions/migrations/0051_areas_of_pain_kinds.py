"""A kind of pain belongs to parts of the body: what is said of it stands on pages of these alone."""

from django.db import migrations, models

AREAS = {  # as they ship
    "low-back": {"title": "Low back", "lead": "back pain", "order": 4},
    "upper-back": {"title": "Upper back", "lead": "back pain", "order": 5},
    "head-neck": {"title": "Head and neck", "lead": "head or neck pain", "order": 1},
    "whole-body": {"title": "Whole body", "lead": "pain", "order": 9, "is_whole_body": True},
}
# Kinds of pain that ship, by their area.
SHIPPED = {
    **dict.fromkeys(
        [
            *("any", "acute", "subacute", "chronic", "leg", "walking", "surgery", "curve"),
            *("pregnancy", "pelvic", "low-back-or-leg", "chronic-or-leg"),
        ],
        "low-back",
    ),
    "upper": "upper-back",
    "rounding": "upper-back",
    "neck": "head-neck",
    "weak-bones": "whole-body",
}


def belong_to_areas(apps, schema_editor):
    """A clinic's own kinds belong to the parts of the body of the pages that speak of them, so
    that no verdict leaves a page whose editor has the last word.
    """
    alias = schema_editor.connection.alias
    areas = apps.get_model("conditions", "BodyArea").objects.using(alias)
    for kind in apps.get_model("conditions", "PainKind").objects.using(alias).filter(areas=None):
        slug = SHIPPED.get(kind.slug)
        if slug:
            kind.areas.add(areas.get_or_create(slug=slug, defaults=AREAS[slug])[0])
        else:
            kind.areas.set(areas.filter(conditions__pain_kinds=kind).distinct())


class Migration(migrations.Migration):
    dependencies = [("conditions", "0050_pictures")]

    operations = [
        migrations.AddField(
            model_name="painkind",
            name="areas",
            field=models.ManyToManyField(
                help_text=(
                    "What sources say of this pain stands on pages of these parts of the body "
                    "alone. The whole body goes with every page."
                ),
                related_name="pain_kinds",
                to="conditions.bodyarea",
                verbose_name="body areas",
            ),
        ),
        migrations.AlterField(
            model_name="painkind",
            name="title",
            field=models.CharField(
                help_text="As it is read within a sentence: long-lasting neck pain",
                max_length=120,
                verbose_name="title",
            ),
        ),
        migrations.AlterField(
            model_name="condition",
            name="pain_kinds",
            field=models.ManyToManyField(
                blank=True,
                help_text=(
                    "Of all that sources say of a treatment, the page shows what fits these: "
                    "kinds of its own body areas."
                ),
                related_name="conditions",
                to="conditions.painkind",
                verbose_name="kinds of pain",
            ),
        ),
        migrations.RunPython(belong_to_areas, migrations.RunPython.noop),
    ]
