"""Where therapists' photographs are kept: files named by their content, as long as a row has them.

Only what `photographs` has written is ever stored, and so only that can be served.
"""

import re

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from booking.models import Therapist
from booking.photographs import Photograph
from booking.transactions import lock_therapists, retried

FOLDER = "photos"
FILE = re.compile(r"([0-9a-f]{32})-\d+\.webp")


def path(name: str, size: int) -> str:
    """Where a size of a photograph lies, below MEDIA_ROOT."""
    return f"{FOLDER}/{name}-{size}.webp"


def read(name: str, size: int) -> bytes:
    """A stored size as WebP. Raises FileNotFoundError."""
    with default_storage.open(path(name, size)) as file:
        return file.read()


def change(therapist: Therapist, photograph: Photograph | None) -> None:
    """Give a therapist that photograph, or none; the caller saves the row in this transaction.

    What no row has any more goes once that is committed.
    """
    lock_everyone()
    if photograph:
        store(photograph)
    therapist.photo = photograph.name if photograph else ""
    transaction.on_commit(sweep, robust=True)


def store(photograph: Photograph) -> None:
    """Write the sizes that are not there yet; the same content always has the same name."""
    for size, content in photograph.files.items():
        if not default_storage.exists(path(photograph.name, size)):
            default_storage.save(path(photograph.name, size), ContentFile(content))


@retried
def sweep() -> None:
    """Remove the photographs that no therapist has; a file of another name is not ours."""
    lock_everyone()
    used = set(Therapist.objects.exclude(photo="").values_list("photo", flat=True))
    for file in stored():
        ours = FILE.fullmatch(file)
        if ours and ours[1] not in used:
            default_storage.delete(f"{FOLDER}/{file}")


def stored() -> list[str]:
    """Names of all files there are."""
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


def lock_everyone() -> None:
    """Closes the race of an upload with a sweep: it would find the files of the same picture,
    write none, and lose them before its own row is there to be seen.
    """
    lock_therapists(Therapist.objects.values_list("pk", flat=True))
