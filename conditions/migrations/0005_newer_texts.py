"""What was loaded is remembered field by field, without the signature.

Until now one digest stood for all fields of a row, its state and signature too, so that signing
counted as an edit. It is put into the new form while the rows still have the fields that it was
made of: this migration runs before those that change them.
"""

import hashlib
import json

import django.core.serializers.json
from django.db import migrations, models
from django.utils.encoding import is_protected_type

UNSIGNED = {
    "state": "example",
    "reviewer": None,
    "reviewed_by": "",
    "reviewed_licence": "",
    "reviewed_on": None,
    "next_review_due": None,
}
DIGITS = 16


def key_of(row):
    """The natural key of a row that another one names."""
    if row is None:
        return None
    return (row.user.username,) if row._meta.model_name == "reviewer" else (row.slug,)


def value_of(row, field):
    if field.remote_field:
        return key_of(getattr(row, field.name))
    value = field.value_from_object(row)
    return value if is_protected_type(value) else field.value_to_string(row)


def values_of(row):
    plain = {
        field.name: value_of(row, field)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name != "updated_at"
    }
    many = {
        field.name: [key_of(other) for other in getattr(row, field.name).all()]
        for field in row._meta.many_to_many
        if field.remote_field.through._meta.auto_created
    }
    return plain | many


def same(value):
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, list | tuple):
        return sorted(json.dumps(item) for item in value)
    return value


def digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def as_loaded(values):
    """The digests that a row with these values may have had when it was loaded."""
    told = {name: same(value) for name, value in values.items()}
    signed = {name: value for name, value in UNSIGNED.items() if name in told}
    return {digest(told), digest(told | signed)}


def remember_fields(apps, schema_editor):
    """Of a row that was changed or removed since nothing is known: it counts as changed."""
    alias = schema_editor.connection.alias
    for memory in apps.get_model("conditions", "LoadedRow").objects.using(alias).all():
        model = apps.get_model("conditions", memory.model)
        row = model.objects.using(alias).filter(slug=memory.slug).first()
        values = values_of(row) if row else {}
        if row and memory.row_digest in as_loaded(values):
            memory.values = {
                name: digest(same(value))[:DIGITS]
                for name, value in values.items()
                if name not in UNSIGNED
            }
            memory.save(update_fields=["values"])


class Migration(migrations.Migration):
    dependencies = [("conditions", "0004_signature")]

    operations = [
        migrations.AddField("loadedrow", "values", models.JSONField(default=dict)),
        migrations.AddField("loadedrow", "kept", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="NewerText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=60)),
                ("slug", models.SlugField(max_length=80)),
                (
                    "fields",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("model", "slug"), name="conditions_newertext_one_per_row"
                    )
                ],
            },
        ),
        migrations.RunPython(remember_fields, migrations.RunPython.noop),
        migrations.RemoveField("loadedrow", "row_digest"),
    ]
