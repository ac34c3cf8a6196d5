"""The staff groups: the table of docs/staff.md, held against the database."""

import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from booking.staff_groups import grant

PAGE = Path(__file__).parents[3] / "docs/staff.md"
MODELS = {
    "Appointments": ["booking.appointment"],
    "E-mails": ["booking.outgoingemail"],
    "Estimates owed": ["booking.estimate"],
    "Questions": ["booking.enquiry"],
    "Earlier-time wishes": ["booking.waitlistentry"],
    "Offered times": ["booking.timeoffer"],
    "Time off, closures": ["booking.timeoff", "booking.closure"],
    "Pause online booking": ["booking.onlinebooking"],
    "Therapists": ["booking.therapist"],
    "Working hours, locations, visit types": [
        "booking.workinghours",
        "booking.location",
        "booking.locationpicture",
        "booking.visittype",
    ],
    "Insurance plans, referral rule": ["booking.insuranceplan", "booking.referralrule"],
    "Content": [
        row._meta.label_lower
        for row in apps.get_app_config("conditions").get_models()
        if row._meta.default_permissions
    ],
    "The clinic's name and look": ["booking.clinic"],
    "How long we keep it": ["booking.retention"],
    "Copies and erasures of a person's data": ["booking.datarequest"],
    "Who looked at whom": ["booking.look"],
    "Sign-ins": ["booking.signin"],
    "Users": ["auth.user"],
    "History of changes, groups": ["auditlog.logentry", "auth.group"],
}
GROUP_MIGRATIONS = ["0002_staff_groups", "0005_enquiry_groups", "0010_estimate_groups"]
GROUP_MIGRATIONS += ["0013_earlier_time_groups", "0061_body_area_groups", "0063_verdict_groups"]
GROUP_MIGRATIONS += ["0071_picture_groups", "0072_area_picture_groups", "0081_clinic_groups"]
GROUP_MIGRATIONS += ["0103_override_groups", "0170_retention", "0171_data_requests"]
GROUP_MIGRATIONS += ["0210_looks"]
WORDS = {
    "all": ["add", "change", "delete", "view"],
    "every calendar": ["see_every_appointment"],
    "set status": ["set_appointment_status"],
    "copy or erase": ["answer_datarequest"],
    "book over another": ["override_appointment"],
} | {word: [word] for word in ("add", "change", "delete", "view")}

pytestmark = pytest.mark.django_db


def table():
    """{group: {(app.model, codename)}} as the page says it."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    head, _rule, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {
        group: {
            (model, action if "_" in action else f"{action}_{model.partition('.')[2]}")
            for row in rows
            for words, actions in WORDS.items()
            if re.search(rf"\b{words}\b", row[column])
            for action in actions
            for model in MODELS[row[0]]
        }
        for column, group in enumerate(head)
        if column
    }


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
    historical = MigrationLoader(connection).project_state().apps
    for module in GROUP_MIGRATIONS:
        table = importlib.import_module(f"booking.migrations.{module}").GROUPS
        grant(table)(historical, connection.schema_editor())

    assert stored() == before
