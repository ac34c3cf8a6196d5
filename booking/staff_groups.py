"""What migrations give to the staff groups; a clinic may change them in the admin."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.management import create_permissions

EVERYTHING = ["add", "change", "delete", "view"]
Table = Mapping[str, Mapping[str, Sequence[str]]]  # group → app or app.model → actions
APPS = ["auditlog", "auth", "booking", "conditions"]


def grant(table: Table) -> Callable[[Any, Any], None]:
    """A step for RunPython that makes the groups and gives them what the table says.

    An action is a word such as "view", or the whole codename of a permission.
    """

    def run(apps: Any, schema_editor: Any) -> None:
        alias = schema_editor.connection.alias
        make_permissions(apps, alias)
        groups = apps.get_model("auth", "Group").objects.using(alias)
        for name, rows in table.items():
            group, _created = groups.get_or_create(name=name)
            for where, actions in rows.items():
                group.permissions.add(*permissions(apps, alias, where, actions))

    return run


def permissions(apps: Any, alias: str, where: str, actions: Sequence[str]) -> Any:
    """Rows of Permission for the actions on one model, or on all of an app's."""
    label, _, model = where.partition(".")
    models = [model] if model else list(apps.all_models[label])
    codenames = [
        action if "_" in action else f"{action}_{model}" for action in actions for model in models
    ]
    rows = apps.get_model("auth", "Permission").objects.using(alias)
    return rows.filter(content_type__app_label=label, codename__in=codenames)


def make_permissions(apps: Any, alias: str) -> None:
    """Permissions are made after all migrations otherwise, too late for the groups."""
    for label in APPS:
        app = apps.get_app_config(label)
        app.models_module = True
        create_permissions(app, apps=apps, using=alias, verbosity=0)
        app.models_module = None
