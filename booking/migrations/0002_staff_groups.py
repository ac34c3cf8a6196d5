"""The staff roles, as the README's table says; a clinic may change them in the admin."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EVERYTHING = ["add", "change", "delete", "view"]
SEE_ALL, SET_STATUS = "see_every_appointment", "set_appointment_status"
GROUPS = {
    "Front desk": {
        "booking.appointment": ["add", "change", "view", SEE_ALL, SET_STATUS],
        "booking.closure": EVERYTHING,
        "booking.location": ["view"],
        "booking.onlinebooking": ["change", "view"],
        "booking.outgoingemail": ["view"],
        "booking.therapist": ["change", "view"],
        "booking.timeoff": EVERYTHING,
        "booking.visittype": ["view"],
        "booking.workinghours": ["view"],
    },
    "Therapist": {
        "booking.appointment": ["view", SET_STATUS],
    },
    "Editor": {
        "conditions": EVERYTHING,
    },
    "Manager": {
        "auditlog.logentry": ["view"],
        "auth.group": ["view"],
        "auth.user": ["add", "change", "view"],
        "axes.accessattempt": ["delete", "view"],
        "booking.appointment": ["add", "change", "view", SEE_ALL, SET_STATUS],
        "booking.closure": EVERYTHING,
        "booking.location": EVERYTHING,
        "booking.onlinebooking": ["change", "view"],
        "booking.outgoingemail": ["view"],
        "booking.therapist": ["add", "change", "view"],
        "booking.timeoff": EVERYTHING,
        "booking.visittype": EVERYTHING,
        "booking.workinghours": EVERYTHING,
        "conditions": EVERYTHING,
    },
}
APPS = ["auditlog", "auth", "axes", "booking", "conditions"]


def make_permissions(apps, alias):
    """Permissions are made after all migrations otherwise, too late for the groups."""
    for label in APPS:
        app = apps.get_app_config(label)
        app.models_module = True
        create_permissions(app, apps=apps, using=alias, verbosity=0)
        app.models_module = None


def make_groups(apps, schema_editor):
    alias = schema_editor.connection.alias
    make_permissions(apps, alias)
    groups = apps.get_model("auth", "Group").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    for name, table in GROUPS.items():
        group, _created = groups.get_or_create(name=name)
        for where, actions in table.items():
            label, _, model = where.partition(".")
            models = [model] if model else list(apps.all_models[label])
            codenames = [
                action if "_" in action else f"{action}_{model}"
                for action in actions
                for model in models
            ]
            group.permissions.add(
                *permissions.filter(content_type__app_label=label, codename__in=codenames)
            )


class Migration(migrations.Migration):
    dependencies = [
        ("auditlog", "0017_add_actor_email"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("axes", "0010_accessattemptexpiration"),
        ("booking", "0001_initial"),
        ("conditions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
