"""The settings as a live clinic has them, for `check --deploy`."""

import os

os.environ.update(
    SECRET_KEY="a-key-that-only-the-checks-know-0123456789-0123456789",
    DEMO="0",
    DEBUG="0",
    BASE_URL="https://www.clinic.example",
)

from clinic_site.settings import *  # noqa: F403
