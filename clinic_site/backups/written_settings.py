"""The settings in a backup: named and readable, but for secrets, which have an envelope."""

import json
import os
import re
from pathlib import Path

from dotenv import dotenv_values

from clinic_site import environment
from clinic_site.backups.sealing import disclosed

PLAIN, ENVELOPE = "settings.json", "secrets.age"
# A name that says secret, also of a setting that is still to come. Addresses of servers hold
# passwords; the site's own address and a key that is public hold none.
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|KEY|_URL$|CREDENTIAL")
OPEN = {"BASE_URL", "BACKUP_PUBLIC_KEY"}
NAME = re.compile(r"^#?([A-Z][A-Z0-9_]+)=", re.M)


def read() -> tuple[dict[str, str], dict[str, str]]:
    """What is set of the settings that are named in `.env.example` or `.env`: open and secret."""
    example = environment.TOP / ".env.example"
    names = set(NAME.findall(example.read_text())) if example.exists() else set()
    if environment.file().is_file():
        names |= dotenv_values(environment.file()).keys()
    found = {name: os.environ[name] for name in sorted(names) if os.environ.get(name)}
    secrets = {name: value for name, value in found.items() if is_secret(name)}
    return {name: value for name, value in found.items() if name not in secrets}, secrets


def is_secret(name: str) -> bool:
    return name not in OPEN and bool(SECRET.search(name))


def as_bytes(values: dict[str, str]) -> bytes:
    """As they lie in the envelope."""
    return json.dumps(values).encode()


def as_env(folder: Path, private_key: str) -> str:
    """The lines of a `.env` from an unpacked backup, secrets too. Raises Unreadable."""
    values: dict[str, str] = json.loads((folder / PLAIN).read_text())
    envelope = folder / ENVELOPE
    if envelope.exists():
        values |= json.loads(disclosed(envelope.read_bytes(), private_key))
    return "".join(f"{name}={_quoted(value)}\n" for name, value in sorted(values.items()))


def _quoted(value: str) -> str:
    """As python-dotenv reads it: nothing in single quotes stands for anything else."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
