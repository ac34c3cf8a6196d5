"""What leaves the machine is encrypted on its way, unless a setting says otherwise.

The settings are read anew for each, in one process of their own.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from clinic_site.management import deploy_checks
from tests.settings import INHERITED

TOP = Path(__file__).parents[2]
ASK = """
import json, os, sys
sys.path.insert(0, os.getcwd())
from importlib import import_module, reload
own, answers = dict(os.environ), []
for planted in json.loads(sys.argv[1]):
    os.environ.clear()
    os.environ.update(own | planted)
    settings = reload(import_module("clinic_site.settings"))
    mail = "ssl" if getattr(settings, "EMAIL_USE_SSL", 0) else ""
    mail = mail or ("tls" if getattr(settings, "EMAIL_USE_TLS", 0) else "")
    answers.append([settings.DATABASES["default"]["OPTIONS"].get("sslmode"), mail])
print(json.dumps(answers))
"""
DATABASES = {
    "postgresql://clinic:x@db.oak.test/clinic": "require",
    "postgresql://clinic:x@10.0.0.5:6432/clinic": "require",
    "postgresql://clinic:x@db.oak.test/clinic?sslmode=verify-full": "verify-full",
    "postgresql://clinic:x@db.oak.test/clinic?sslmode=disable": "disable",
    "postgresql://clinic:x@127.0.0.1/clinic": None,
    "postgresql://clinic:x@[::1]/clinic": None,
    "postgresql://clinic:x@localhost:5432/clinic": None,
    "postgresql://clinic:x@/clinic?host=db.oak.test": "require",
    "postgresql://clinic:x@localhost/clinic?host=db.oak.test": "require",
    "postgresql://clinic:x@localhost/clinic?host=localhost,db.oak.test": "require",
    "postgresql://clinic:x@localhost/clinic?hostaddr=10.0.0.5": "require",
    "postgresql:///clinic?hostaddr=10.0.0.5": "require",
    "postgresql:///clinic?hostaddr=127.0.0.1,10.0.0.5": "require",
    "postgresql:///clinic?hostaddr=2001:db8::5": "require",
    "postgresql:///clinic?service=elsewhere": "require",
    "postgresql:///clinic?hostaddr=10.0.0.5&sslmode=disable": "disable",
    "postgresql://clinic:x@127.0.0.1.oak.test/clinic": "require",
    "postgresql://clinic:x@localhost.oak.test/clinic": "require",
    "postgresql://clinic:x@0.0.0.0/clinic": "require",
    "postgresql:///clinic?hostaddr=127.0.0.1": None,
    "postgresql:///clinic?host=/var/run/postgresql": None,
    "postgresql://clinic@%2Fvar%2Frun%2Fpostgresql/clinic": None,
    "postgresql:///clinic": None,
    "sqlite:///clinic.sqlite3": None,
}
MAIL = {
    "submission://user:x@mail.oak.test:587": "tls",
    "smtp://user:x@mail.oak.test:465?ssl=1": "ssl",
    "smtp://mail.oak.test": "tls",
    "smtp://mail.oak.test:25?tls=1": "tls",
    "smtp://mail.oak.test:25?tls=0": "",
    "smtp://127.0.0.1:25": "",
    "smtp://[::1]:25": "",
    "smtp://localhost": "",
}
# What libpq takes where DATABASE_URL does not say it.
VARIABLES = {"PGHOST": "db.oak.test", "PGHOSTADDR": "10.0.0.5", "PGSERVICE": "elsewhere"}
IN_DEMO = [
    {"DEMO": "1", "DATABASE_URL": "postgresql://clinic:x@db.oak.test/clinic"},
    {"DEMO": "1", "EMAIL_URL": "smtp://mail.oak.test"},
]


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the settings make of each, in order."""
    planted = [{"DATABASE_URL": url} for url in DATABASES]
    planted += [{"EMAIL_URL": url} for url in MAIL]
    planted += [
        {"DATABASE_URL": "postgresql:///clinic", name: VARIABLES[name]} for name in VARIABLES
    ]
    own = {"SECRET_KEY": "x" * 50, "VAR_DIR": str(tmp_path_factory.mktemp("encrypted"))}
    asked = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(planted + IN_DEMO)],
        cwd=TOP,
        env=INHERITED | own,
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


@pytest.mark.only("sqlite")
def test_a_database_on_another_machine_is_spoken_to_encrypted(said):
    found = dict(zip(DATABASES, [mode for mode, _mail in said], strict=False))

    assert found == DATABASES


@pytest.mark.only("sqlite")
def test_mail_leaves_the_machine_encrypted(said):
    found = dict(zip(MAIL, [mail for _mode, mail in said[len(DATABASES) :]], strict=False))

    assert found == MAIL


@pytest.mark.only("sqlite")
def test_variables_of_the_databases_own_do_not_get_round_it(said):
    modes = [mode for mode, _mail in said[len(DATABASES) + len(MAIL) : -len(IN_DEMO)]]

    assert modes == ["require"] * len(VARIABLES)


@pytest.mark.only("sqlite")
def test_a_demo_is_left_alone(said):
    assert said[-len(IN_DEMO) :] == [[None, ""]] * 2


@pytest.mark.parametrize(
    ("host", "tls", "mode", "found"),
    [
        ("mail.oak.test", True, "require", []),
        ("mail.oak.test", False, "require", ["clinic.W002"]),
        ("127.0.0.1", False, "require", []),
        ("mail.oak.test", True, "disable", ["clinic.W003"]),
        ("mail.oak.test", True, "prefer", ["clinic.W003"]),
    ],
)
def test_check_of_a_live_clinic_names_what_is_not(settings, monkeypatch, host, tls, mode, found):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = host, tls, False
    database = {"HOST": "db.oak.test", "OPTIONS": {"sslmode": mode}}
    monkeypatch.setattr(deploy_checks.settings, "DATABASES", {"default": database})

    assert [message.id for message in deploy_checks._in_the_clear()] == found
