"""manage.py without a developer's `.env`."""

import sys

from django.core.management import execute_from_command_line

execute_from_command_line(["manage.py", *sys.argv[1:]])
