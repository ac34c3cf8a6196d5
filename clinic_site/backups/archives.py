"""One file of a backup: a packed tar, whose last member is the manifest with all checksums."""

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Self

from clinic_site.backups.sealing import Unreadable, opened

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1 << 20

Manifest = dict[str, Any]


class Archive:
    """What is added in its block goes straight into the tar; the manifest comes at the end."""

    def __init__(self, target: IO[bytes], manifest: Manifest) -> None:
        self.packed = gzip.GzipFile(fileobj=target, mode="wb", compresslevel=6)
        self.tar = tarfile.open(fileobj=self.packed, mode="w|")  # noqa: SIM115
        self.manifest: Manifest = {"format": FORMAT} | manifest | {"files": {}}

    def add(self, name: str, file: BinaryIO) -> None:
        """A whole file from its beginning, under that name."""
        info = tarfile.TarInfo(name)
        info.size = file.seek(0, io.SEEK_END)
        info.mode = 0o600
        file.seek(0)
        read = Summed(file)
        self.tar.addfile(info, read)  # type: ignore[arg-type]
        self.manifest["files"][name] = {"bytes": info.size, "sha256": read.sum.hexdigest()}

    def add_json(self, name: str, content: object) -> None:
        self.add_bytes(name, json.dumps(content, indent=1, sort_keys=True).encode())

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, io.BytesIO(content))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._end()
        else:  # or the tar tries to write its end once more, when nobody catches it
            with suppress(Exception):
                self.tar.close()

    def _end(self) -> None:
        content = json.dumps(self.manifest, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(content)
        self.tar.addfile(info, io.BytesIO(content))
        self.tar.close()
        self.packed.close()


class Summed:
    """A file that adds up what is read of it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.sum = file, hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self.file.read(size)
        self.sum.update(block)
        return block


def extract(file: Path, private_key: str, target: Path) -> Manifest:
    """Unpack a backup below `target`, and return its manifest, every checksum right.

    Raises Unreadable, OSError.
    """
    sums: dict[str, dict[str, Any]] = {}
    try:
        with (
            opened(file, private_key) as content,
            gzip.GzipFile(fileobj=content) as unpacked,  # tarfile's own skips its checksum
            tarfile.open(fileobj=unpacked, mode="r|") as tar,
        ):
            for member in tar:
                sums[member.name] = _write(tar, member, target)
            _drain(unpacked.read)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Unreadable("It is no backup of this site, or it is cut off.") from error
    return _checked(sums, target)


def _drain(read: Callable[[int], bytes]) -> None:
    """Read what is behind the tar's end: there gzip and age prove that it is whole."""
    while read(BLOCK):
        pass


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> dict[str, Any]:
    name = PurePosixPath(member.name)
    source = tar.extractfile(member)
    if source is None or name.is_absolute() or ".." in name.parts:
        raise Unreadable(f"It holds what no backup does: {member.name}")
    path = target / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    total = hashlib.sha256()
    with path.open("xb") as file:
        while block := source.read(BLOCK):
            total.update(block)
            file.write(block)
    return {"bytes": path.stat().st_size, "sha256": total.hexdigest()}


def _checked(sums: dict[str, dict[str, Any]], target: Path) -> Manifest:
    if sums.pop(MANIFEST, None) is None:
        raise Unreadable("It is cut off: its manifest is missing.")
    manifest: Manifest = json.loads((target / MANIFEST).read_text())
    if manifest.get("format") != FORMAT:
        raise Unreadable("A newer release made it: install that one first.")
    wrong = [
        name
        for name in sorted(sums.keys() | manifest["files"].keys())
        if sums.get(name) != manifest["files"].get(name)
    ]
    if wrong:
        raise Unreadable(f"It is damaged: {', '.join(wrong)}")
    return manifest
