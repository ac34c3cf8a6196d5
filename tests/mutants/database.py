"""Makes the database that `tests.mutants.settings` copies: `python -m tests.mutants.database`."""

import django
from django.db import connection

if __name__ == "__main__":
    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
