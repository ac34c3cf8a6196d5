"""The history says that a name, telephone or address was changed, and not what it was."""

from django.db import migrations

BATCH = 500
HIDDEN = "(not shown)"
NOTHING = ("", "None", None)
FIELDS = {
    "appointment": ["name", "booked_by", "phone", "email"],
    "enquiry": ["name", "phone", "email"],
    "waitlistentry": ["name", "phone", "email"],
}
NAMED = ("enquiry", "waitlistentry")  # rows that were kept under a name


def hide(apps, schema_editor):
    alias = schema_editor.connection.alias
    entries = apps.get_model("auditlog", "LogEntry").objects.using(alias)
    kinds = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    for kind in kinds.filter(app_label="booking", model__in=FIELDS):
        last = 0
        while batch := list(
            entries.filter(content_type=kind, pk__gt=last).order_by("pk")[:BATCH]
        ):
            for entry in batch:
                hide_in(entry, kind.model)
            entries.bulk_update(batch, ["changes", "object_repr"])
            last = batch[-1].pk


def hide_in(entry, model):
    for name in FIELDS[model]:
        if isinstance(pair := (entry.changes or {}).get(name), list):
            entry.changes[name] = [old if old in NOTHING else HIDDEN for old in pair]
    if model in NAMED:
        entry.object_repr = f"no. {entry.object_pk}"


class Migration(migrations.Migration):

    # Each batch stands by itself: a second run finds it done, and no lock outlasts one.
    atomic = False

    dependencies = [
        ('booking', '0210_looks'),
        ('auditlog', '0017_add_actor_email'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [migrations.RunPython(hide, migrations.RunPython.noop)]
