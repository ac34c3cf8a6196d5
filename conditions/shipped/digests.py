"""What tells one text from another: of a file, and of a row as it is now, field by field."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core import serializers

from conditions.models.base import SIGNATURE
from conditions.shipped.fixtures import Record

DIGITS = 16  # of a digest: enough to tell one value of a field from the next
# Saving a form unchanged, or signing a text, is no change of it; nor is what an upgrade notes.
NOT_TOLD = SIGNATURE | {"updated_at", "stands_as_signed"}


def of_file(record: Record) -> str:
    """A digest of all that a file says of a row."""
    told = {name: _same(value) for name, value in record.fields.items() if name != "updated_at"}
    return hashlib.sha256(_json(told).encode()).hexdigest()


def words(row: Any) -> dict[str, Any]:
    """What an editor can change in a row: its fields and its links, without the signature."""
    (plain,) = serializers.serialize("python", [row], use_natural_foreign_keys=True)
    return {name: value for name, value in plain["fields"].items() if name not in NOT_TOLD}


def of_values(values: Mapping[str, Any]) -> dict[str, str]:
    """A digest of each of these values."""
    return {
        name: hashlib.sha256(_json(_same(value)).encode()).hexdigest()[:DIGITS]
        for name, value in values.items()
    }


def _same(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, list | tuple):
        return sorted(json.dumps(item) for item in value)
    return value


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
