"""That what is written for people is what the code does."""

import re
import tomllib
from pathlib import Path

import pytest
from django.contrib.auth.models import Group

TOP = Path(__file__).parent.parent
README = (TOP / "README.md").read_text()
ENV_EXAMPLE = (TOP / ".env.example").read_text()

ALL = "add change delete view"
APPOINTMENTS = "add change see_every set view"
ROLES = {  # the table "Staff": model → group → actions
    "appointment": {
        "Front desk": APPOINTMENTS,
        "Therapist": "set view",
        "Manager": APPOINTMENTS,
    },
    "outgoingemail": {"Front desk": "view", "Manager": "view"},
    "waitlistentry": {"Front desk": "change view", "Manager": "change view"},
    "timeoffer": {"Front desk": "view", "Manager": "view"},
    "enquiry": {"Front desk": "change view", "Manager": "change view"},
    "timeoff": {"Front desk": ALL, "Manager": ALL},
    "estimate": {"Front desk": "change view", "Manager": "change view"},
    "closure": {"Front desk": ALL, "Manager": ALL},
    "onlinebooking": {"Front desk": "change view", "Manager": "change view"},
    "therapist": {"Front desk": "change view", "Manager": "add change view"},
    "workinghours": {"Front desk": "view", "Manager": ALL},
    "location": {"Front desk": "view", "Manager": ALL},
    "visittype": {"Front desk": "view", "Manager": ALL},
    "insuranceplan": {"Front desk": ALL, "Manager": ALL},
    "referralrule": {"Front desk": ALL, "Manager": ALL},
    "condition": {"Editor": ALL, "Manager": ALL},
    "user": {"Manager": "add change view"},
    "logentry": {"Manager": "view"},
    "group": {"Manager": "view"},
    "accessattempt": {"Manager": "delete view"},
}


def requirements():
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    return {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}


def settings_read(path):
    return re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (TOP / path).read_text())


def test_every_package_is_justified():
    section = README.split("## Packages")[1]

    assert set(re.findall(r"^\| ([a-z][\w-]+) \|", section, re.M)) - {"package"} == requirements()


def test_every_setting_is_in_the_example():
    read = {*settings_read("clinic_site/settings.py"), "HOST", "PORT", "WEB_CONCURRENCY", "VAR_DIR"}

    assert set(re.findall(r"^#?([A-Z_]+)=", ENV_EXAMPLE, re.M)) == read


def test_staff_groups_are_as_the_readme_says(db):
    for model, expected in ROLES.items():
        actual = {}
        for group in Group.objects.all():
            codes = group.permissions.filter(content_type__model=model)
            codes = codes.values_list("codename", flat=True)
            words = {re.sub(f"_({model}|appointment.*)$", "", code) for code in codes}
            if words:
                actual[group.name] = " ".join(sorted(words))
        assert (model, actual) == (model, expected)


def test_nobody_deletes_appointments(db):
    assert not Group.objects.filter(permissions__codename="delete_appointment").exists()


@pytest.mark.parametrize("path", ["deploy/nginx.conf", "deploy/clinic-web.service"])
def test_examples_for_a_live_site_name_what_is_there(path):
    text = (TOP / path).read_text()

    named = re.findall(r"clinic_site/\w+\.py", text)
    assert [name for name in named if not (TOP / name).exists()] == []
