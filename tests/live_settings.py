"""The settings as a live clinic has them, for `check --deploy`."""

import os

os.environ.update(
    SECRET_KEY="a-key-that-only-the-checks-know-0123456789-0123456789",
    DEMO="0",
    DEBUG="0",
    BASE_URL="https://www.oak-avenue.test",
    CLINIC_NAME="Oak Avenue Physical Therapy",
    CLINIC_PHONE="(212) 555-0188",
    DEFAULT_FROM_EMAIL="front-desk@oak-avenue.test",
    EMAIL_URL="submission://clinic:only-for-checks@mail.oak-avenue.test:587",
)

from clinic_site.settings import *  # noqa: F403
