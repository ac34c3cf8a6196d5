"""Run the benchmarks: `make bench`."""

import sys

import django

django.setup()

from tests.benchmarks.ratios import main  # noqa: E402

sys.exit(main())
