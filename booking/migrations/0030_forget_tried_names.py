"""Names tried at sign-in are kept no more: people type passwords into that field."""

from django.db import migrations

TABLES = [
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
]


def drop_permissions(apps, schema_editor):
    """What the groups might do with those names."""
    rows = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    rows.filter(content_type__app_label="axes").delete()


class Migration(migrations.Migration):
    dependencies = [("booking", "0026_folded_names_indexed")]
    operations = [
        *(migrations.RunSQL(f"DROP TABLE IF EXISTS {table}", "") for table in TABLES),
        migrations.RunPython(drop_permissions, migrations.RunPython.noop),
    ]
