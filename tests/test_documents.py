"""That what is written for people is what the code does."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.contrib.auth.models import Group

TOP = Path(__file__).parent.parent
SETTINGS_PAGE = (TOP / "docs/settings.md").read_text()
ENV_EXAMPLE = (TOP / ".env.example").read_text()

ALL = "add change delete view"
APPOINTMENTS = "add change see_every set view"
ROLES = {  # the table of docs/staff.md: model → group → actions
    "appointment": {
        "Front desk": APPOINTMENTS,
        "Therapist": "set view",
        "Manager": "add change override see_every set view",
    },
    "outgoingemail": {"Front desk": "view", "Manager": "view"},
    "waitlistentry": {"Front desk": "add change view", "Manager": "add change view"},
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
    "clinic": {"Manager": "change view"},
    "logentry": {"Manager": "view"},
    "group": {"Manager": "view"},
}


def git_files(pattern):
    """Tracked files of the repository that fit."""
    command = ["git", "ls-files", "-co", "--exclude-standard", pattern]
    listed = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    return [TOP / name for name in listed.stdout.splitlines()]


def requirements():
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    return {re.match(r"[\w-]+", line)[0] for line in project["dependencies"]}


def settings_read(path):
    asked = r'(?:\benv\.\w+|\bsetting_rules\.\w+|\bline|\bwhole)\(\s*"([A-Z_]{3,})"'
    return re.findall(asked, (TOP / path).read_text())


def test_every_package_is_justified():
    section = SETTINGS_PAGE.split("## Packages")[1]

    assert set(re.findall(r"^\| ([a-z][\w-]+) \|", section, re.M)) - {"package"} == requirements()


def test_every_setting_is_in_the_example():
    files = ["clinic_site/settings.py", "clinic_site/setting_rules.py"]
    read = {"VAR_DIR"}.union(*map(settings_read, files))

    assert set(re.findall(r"^#?([A-Z_]+)=", ENV_EXAMPLE, re.M)) == read


def test_staff_groups_are_as_the_page_says(db):
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


FOLDERS = ("booking/", "conditions/", "clinic_site/", "tests/", "docs/", "deploy/", "fixtures/")
FOLDERS += ("templates/", "static/")
PAGES = [path for path in git_files("*.md") if path.name != "CHANGELOG.md"]


def named_paths(text):
    """Files and folders of ours that a page names, and pages that it links to."""
    quoted = re.findall(r"`([^`\n]+)`", text)
    words = [word for phrase in quoted for word in phrase.split()]
    ours = re.compile(
        r"(booking|conditions|clinic_site|tests|docs|deploy|fixtures|templates|static)/"
    )
    found = [word.partition("::")[0] for word in words if ours.match(word) and "<" not in word]
    return found + re.findall(r"\]\(([\w./-]+)", text)


def missing(text, folder):
    """Of these, what is not there: links count from the page's own folder."""
    return [
        name
        for name in named_paths(text)
        if not ((TOP / name).exists() or (folder / name).exists())
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_only_what_is_there(page):
    assert missing(page.read_text(), page.parent) == []


def test_a_name_that_is_not_there_is_found():
    text = "See `tests/booking/test_nothing.py`, `tests/conftest.py` and [this](docs/none.md)."

    assert missing(text, TOP) == ["tests/booking/test_nothing.py", "docs/none.md"]
