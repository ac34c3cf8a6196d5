"""Settings of the tests: the site's own, in an environment of their own.

`TEST_DB` picks the database: `sqlite` (the default) or `postgresql`. `make test` runs both.
"""

import os
import tempfile

for name in ("DATABASE_URL", "EMAIL_URL", "BASE_URL", "ALLOWED_HOSTS"):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "a-key-that-only-the-tests-know-0123456789-0123456789"
os.environ["DEMO"] = "0"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="clinic-tests-")
if os.environ.get("TEST_DB") == "postgresql":
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from clinic_site.settings import *  # noqa: E402, F403
