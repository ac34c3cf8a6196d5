"""Settings of the tests, with a database that is there already: each mistake begins with a copy.

Made once by `python -m tests.mutants.database`, it spares every run the migrations.
"""

import os
import shutil
from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

READY = Path(os.environ["MUTANTS_DATABASE"])
if READY.exists():
    shutil.copy(READY, DATABASES["default"]["TEST"]["NAME"])
else:
    DATABASES["default"]["TEST"]["NAME"] = READY
