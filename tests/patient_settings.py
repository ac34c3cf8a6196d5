"""The site's settings for its processes in the tests: patient with the database and with mail."""

from clinic_site.settings import *  # noqa: F403
from clinic_site.settings import DATABASES
from tests.patience import patient

DATABASES = {"default": patient(DATABASES["default"])}
EMAIL_TIMEOUT = 600
