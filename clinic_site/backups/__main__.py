"""The settings and secrets in a backup, as the lines of a `.env`:

    python -m clinic_site.backups FILE [KEYFILE] > .env

It needs no settings: a live site does not start before it has these.
"""

import sys
import tempfile
from pathlib import Path

from clinic_site.backups import archives, written_settings
from clinic_site.backups.sealing import Unreadable


def main(file: str, key_file: str = "") -> int:
    """Exit status: 0, or 1 with one sentence on stderr."""
    try:
        key = Path(key_file).read_text() if key_file else ""
        with tempfile.TemporaryDirectory() as scratch:
            archives.extract(Path(file), key, Path(scratch))
            sys.stdout.write(written_settings.as_env(Path(scratch), key))
    except (Unreadable, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
