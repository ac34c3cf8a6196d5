#!/usr/bin/env python
"""Run a management command with the settings of `.env`."""

import sys

from django.core.management import execute_from_command_line

from clinic_site import environment


def main() -> None:
    try:
        environment.load()
        execute_from_command_line(sys.argv)
    except environment.WRONG as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
