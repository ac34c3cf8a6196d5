"""Settings of the tests: the site's own, in an environment of their own.

`TEST_DB` picks the database: `sqlite` (the default) or `postgresql`, a server of the tests' own
unless `TEST_DATABASE_URL` names one. `make test` runs every test on both.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.memory import roomy
from tests.patience import patient
from tests.postgres import Postgres

TEST_DB = os.environ.get("TEST_DB", "sqlite")
if TEST_DB not in ("sqlite", "postgresql"):
    raise RuntimeError(f"TEST_DB must be sqlite or postgresql, not {TEST_DB!r}.")

VAR = Path(tempfile.mkdtemp(prefix="clinic-tests-", dir=roomy()))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
(VAR / "static").mkdir()

# Where programs are, and the clock that `make test-days` moves: every process needs these.
INHERITED = {
    name: os.environ[name]
    for name in ("PATH", "LD_PRELOAD", "CLOCK_MOVED_BY")
    if name in os.environ
}
# The whole environment of the site under test: nothing of the developer's shines through.
ENVIRONMENT = {
    "SECRET_KEY": "a-key-that-only-the-tests-know-0123456789-0123456789",
    "DEMO": "0",
    "PAGE_CACHE_SECONDS": "0",  # tests write rows past the site, and look at once
    "VAR_DIR": str(VAR),
    "BASE_URL": "http://127.0.0.1:8000",
    "STAFF_IDLE_MINUTES": "600000",  # tests turn the clock; those of sessions say otherwise
    "STAFF_SESSION_HOURS": "10000",
    "MINIMUM_FILL_SECONDS": "0",  # tests type fast; those of the guard itself say otherwise
}


def given(environment: Mapping[str, str]) -> str:
    """A server for tests, which need not speak TLS."""
    url = environment["TEST_DATABASE_URL"]
    return url if "sslmode=" in url else f"{url}{'&' if '?' in url else '?'}sslmode=prefer"


POSTGRES = None
if TEST_DB == "postgresql":
    if not os.environ.get("TEST_DATABASE_URL"):
        POSTGRES = Postgres()
        atexit.register(POSTGRES.stop)
    ENVIRONMENT["DATABASE_URL"] = POSTGRES.url if POSTGRES else given(os.environ)

SITE_VARIABLES = [
    line.split("=")[0].lstrip("# ")
    for line in (Path(__file__).parent.parent / ".env.example").read_text().splitlines()
    if "=" in line and line.split("=")[0].lstrip("# ").isupper()
]
for _name in SITE_VARIABLES:
    os.environ.pop(_name, None)
os.environ.update(ENVIRONMENT)

from clinic_site.settings import *  # noqa: E402, F403
from clinic_site.settings import DATABASES, STORAGES  # noqa: E402

DATABASES = {"default": patient(DATABASES["default"])}
if TEST_DB == "sqlite":
    # A file, not memory: the site's own processes use it too.
    DATABASES["default"]["TEST"] = {"NAME": VAR / "test.sqlite3"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Fast for the tests' own sign-ins; the second for those that a running site must verify.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
