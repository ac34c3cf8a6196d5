"""E-mail into files, one a message: the default until EMAIL_URL names a mail server."""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    """Writes `<UTC date and time>-<left side of the Message-ID>.eml` into EMAIL_FILE_PATH.

    For the owner's eyes alone (mode 600), and whole or not at all.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were written. Raises OSError where one cannot be."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            write(folder, message)
        return len(email_messages)


def write(folder: Path, message: EmailMessage) -> None:
    content = message.message()
    # mkstemp's files are mode 600 from the first byte.
    handle, unfinished = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, folder / file_name(str(content["Message-ID"])))
    except BaseException:
        os.unlink(unfinished)
        raise


def file_name(message_id: str) -> str:
    """Sorts by time; holds nothing of a header that a path could be made of."""
    left = message_id.strip("<>").partition("@")[0]
    written = timezone.now().strftime("%Y%m%dT%H%M%S.%f")
    return f"{written}-{re.sub(r'[^A-Za-z0-9.-]', '-', left)[:120]}.eml"
