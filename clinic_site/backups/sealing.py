"""Encryption of whole files to a public key, in the format of age; nothing is held in memory.

Whoever has the machine can make backups and read none: the private key stays elsewhere. age
notices each changed byte and a file that was cut off.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pyrage

AGE = b"age-encryption.org/v1"  # how an encrypted file begins
PRIVATE = "AGE-SECRET-KEY-"


class Unreadable(Exception):
    """A backup that cannot be opened, is damaged, or does not fit here; its text is the reason."""


def identity(text: str) -> pyrage.x25519.Identity:
    """The private key in a file as `age-keygen` writes it. Raises Unreadable."""
    keys = [line.strip() for line in text.splitlines() if line.strip().startswith(PRIVATE)]
    try:
        return pyrage.x25519.Identity.from_str(keys[0])
    except (IndexError, pyrage.IdentityError) as error:
        raise Unreadable(f"The key file needs a line that begins with {PRIVATE}1.") from error


def enclosed(content: bytes, public_key: str) -> bytes:
    """An envelope: what only the private key opens."""
    return pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(public_key)])


def disclosed(content: bytes, private_key: str) -> bytes:
    """What is in an envelope. Raises Unreadable."""
    try:
        return pyrage.decrypt(content, [identity(private_key)])
    except pyrage.DecryptError as error:
        raise Unreadable("It cannot be opened with this key.") from error


@contextmanager
def sealed(path: Path, public_key: str) -> Iterator[IO[bytes]]:
    """What is written into the block arrives at `path`, encrypted unless the key is "".

    The file is its owner's alone, and on the disk when the block has ended. Raises OSError.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        if public_key:
            recipients = [pyrage.x25519.Recipient.from_str(public_key)]
            with _through(lambda pipe: pyrage.encrypt_io(pipe, file, recipients), "wb") as pipe:
                yield pipe
        else:
            yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def opened(path: Path, private_key: str) -> Iterator[IO[bytes]]:
    """What `sealed` was given, to read from beginning to end. Raises Unreadable, OSError."""
    with path.open("rb") as file:
        is_encrypted = file.read(len(AGE)) == AGE
        file.seek(0)
        if not is_encrypted:
            yield file
            return
        if not private_key:
            raise Unreadable("It is encrypted: say which file holds the private key (--key).")
        keys = [identity(private_key)]
        with _through(lambda pipe: pyrage.decrypt_io(file, pipe, keys), "rb") as pipe:
            yield pipe


@contextmanager
def _through(work: Callable[[IO[bytes]], None], mode: str) -> Iterator[IO[bytes]]:
    """One end of a pipe; at the other `work` is done in a thread. Raises what the work raised."""
    reading, writing = os.pipe()
    ends = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
    mine, theirs = ends if mode == "rb" else ends[::-1]
    failed: list[Exception] = []

    def run() -> None:
        try:
            work(theirs)
        except Exception as error:
            failed.append(error)
        finally:
            with suppress(OSError):  # nobody reads on
                theirs.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield mine
    except BrokenPipeError as error:
        thread.join()
        raise _cause(failed, error) from error
    finally:
        with suppress(BrokenPipeError):
            mine.close()
        thread.join()
    if failed:
        raise _cause(failed, failed[0])


def _cause(failed: list[Exception], other: Exception) -> Exception:
    error = failed[0] if failed else other
    if isinstance(error, pyrage.DecryptError) or "decrypt" in str(error).lower():
        return Unreadable("It cannot be opened with this key, or it is damaged or cut off.")
    return error
