"""Zip archives by strangers: what they declare about sizes is not believed, bytes are counted as they come out."""

import stat
import zlib
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from types import TracebackType
from typing import Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pipelines.extraction.outcome import Unreadable, damaged

MOST_MEMBERS = 5000
MOST_RATIO = 100
RATIO_FLOOR_BYTES = 1 << 20
"""What unpacks to less is never called a bomb: short repetitive parts pack very well."""
_CHUNK_BYTES = 1 << 16
LISTED = b"PK\x01\x02"
"""Stands before each member in the list of members."""
MOST_LISTED = 20 * MOST_MEMBERS
_BROKEN = (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far archives are unpacked.

    Attributes:
        member_bytes: of one member.
        total_bytes: of all that is read.
        members: how many there may be, read or not.
    """

    member_bytes: int
    total_bytes: int
    members: int = MOST_MEMBERS


class Archive:
    """A zip archive that is read within limits.

    Raises:
        Unreadable: `damaged`, `archive_too_many`.
    """

    def __init__(self, body: bytes, limits: Limits) -> None:
        self._limits = limits
        self._left_bytes = limits.total_bytes
        # Counted before they are listed: the list alone could fill the memory.
        if body.count(LISTED) > MOST_LISTED:
            raise _too_many(limits.members)
        try:
            self._zip = ZipFile(BytesIO(body))
        except _BROKEN as exc:
            raise damaged("it is no whole zip archive") from exc
        self.members = self._zip.infolist()
        if len(self.members) > limits.members:
            raise _too_many(limits.members)
        self._by_name = {member.filename: member for member in self.members}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def read_named(self, name: str) -> bytes | None:
        """A member's bytes by its name; None if there is none. Raises like `read`."""
        member = self._by_name.get(name)
        return None if member is None else self.read(member)

    def read(self, member: ZipInfo) -> bytes:
        """A member's bytes.

        Raises:
            Unreadable: `archive_bomb`, `archive_encrypted`, `damaged`.
        """
        if member.flag_bits & 1:
            raise Unreadable("archive_encrypted", "The archive is protected by a password.")
        if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise damaged("it is packed in a way that documents are not")
        packed_bytes = max(1, member.compress_size)
        chunks, size = [], 0
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    size += len(chunk)
                    self._check(size, size / packed_bytes)
                    chunks.append(chunk)
        except _BROKEN as exc:
            raise damaged("a part of it cannot be unpacked") from exc
        self._left_bytes -= size
        return b"".join(chunks)

    def _check(self, size: int, ratio: float) -> None:
        if size > min(self._limits.member_bytes, self._left_bytes) or (
            ratio > MOST_RATIO and size > RATIO_FLOOR_BYTES
        ):
            raise Unreadable("archive_bomb", "The file unpacks to far more than any essay needs.")


def _too_many(most: int) -> Unreadable:
    return Unreadable("archive_too_many", f"The archive has more than {most} files.")


def is_unsafe(member: ZipInfo) -> bool:
    """Whether a member points elsewhere: a link, an absolute path, or one that climbs."""
    name = member.filename.replace("\\", "/")
    return (
        stat.S_ISLNK(member.external_attr >> 16)
        or name.startswith("/")
        or name[1:2] == ":"
        or ".." in PurePosixPath(name).parts
    )


def written_name(member: ZipInfo) -> str:
    """A member's path as it was meant: macOS writes UTF-8 and does not say so."""
    name = member.filename
    if not member.flag_bits & 0x800 and not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")
