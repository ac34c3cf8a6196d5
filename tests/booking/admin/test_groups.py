"""The staff groups: the README's table, held against the database."""

import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.loader import MigrationLoader

README = Path(__file__).parents[3] / "README.md"
CUSTOM = {
    "see every appointment": "see_every_appointment",
    "set appointment status": "set_appointment_status",
}

pytestmark = pytest.mark.django_db


def table():
    """{group: {(app.model, codename)}} as the README says it."""
    section = README.read_text().split("## Who may do what")[1].split("\n## ")[0]
    lines = [line.strip("| ").split("|") for line in section.splitlines() if line[:1] == "|"]
    head, _rule, *rows = [[cell.strip() for cell in line] for line in lines]
    said = {group: set() for group in head[1:]}
    for model, *cells in rows:
        for group, cell in zip(head[1:], cells, strict=False):
            for name in models(model.strip("`")):
                said[group] |= {(name, codename) for codename in codenames(name, cell)}
    return said


def models(said):
    """One model, or all of an app where the table names the app."""
    app, _dot, model = said.partition(".")
    if model:
        return [said]
    return [f"{app}.{row._meta.model_name}" for row in apps.get_app_config(app).get_models()]


def codenames(name, cell):
    _app, _dot, model = name.partition(".")
    first, *custom = [part.strip() for part in cell.split(",")]
    return [f"{action}_{model}" for action in first.split()] + [CUSTOM[words] for words in custom]


def stored():
    return {
        group.name: {
            (f"{row.content_type.app_label}.{row.content_type.model}", row.codename)
            for row in group.permissions.select_related("content_type")
        }
        for group in Group.objects.all()
    }


def test_readme_says_what_the_groups_may_do():
    assert table() == stored()


def test_nobody_may_delete_an_appointment():
    assert [
        name
        for name, permissions in stored().items()
        if ("booking.appointment", "delete_appointment") in permissions
    ] == []


def test_making_the_groups_again_changes_nothing():
    before = stored()
    migration = importlib.import_module("booking.migrations.0002_staff_groups")
    historical = MigrationLoader(connection).project_state().apps
    migration.make_groups(historical, connection.schema_editor())

    assert stored() == before
