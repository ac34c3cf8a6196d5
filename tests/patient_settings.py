"""The site's settings for workers that wait for a mail server for as long as a test takes."""

from clinic_site.settings import *  # noqa: F403

EMAIL_TIMEOUT = 600
