"""Accepted plans and the state's referral rule, both kept by front desk and managers."""

from django.contrib.auth.management import create_permissions
from django.db import migrations, models

MODELS = ["insuranceplan", "referralrule"]
ACTIONS = ["add", "change", "delete", "view"]
GROUPS = ["Front desk", "Manager"]


def grant(apps, schema_editor):
    alias = schema_editor.connection.alias
    app = apps.get_app_config("booking")
    # Permissions are made after all migrations otherwise, too late for the groups.
    app.models_module = True
    create_permissions(app, apps=apps, using=alias, verbosity=0)
    app.models_module = None
    codenames = [f"{action}_{model}" for action in ACTIONS for model in MODELS]
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    granted = permissions.filter(content_type__app_label="booking", codename__in=codenames)
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=GROUPS):
        group.permissions.add(*granted)


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0002_staff_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="InsurancePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As it stands on the patient's card.", max_length=120, unique=True
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="Patients see it, such as: ask your plan about a referral first.",
                        max_length=200,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Lower numbers come first; of equals, by name."
                    ),
                ),
                (
                    "active",
                    models.BooleanField(
                        default=True,
                        help_text="Untick when you no longer accept it: hidden, history kept.",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="ReferralRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        help_text="Where you treat, such as New York.", max_length=50, unique=True
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="In plain words: when a patient may come without a referral, for how long or how many visits. Ask your counsel or your licensing board what holds today."
                    ),
                ),
            ],
            options={
                "ordering": ["state"],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
