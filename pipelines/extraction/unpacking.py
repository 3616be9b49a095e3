"""The files of a class out of one zip archive."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from zipfile import ZipInfo

from pipelines.extraction import archive, kinds
from pipelines.extraction.archive import Archive, Limits
from pipelines.extraction.outcome import Refused, Unreadable

ENDING = ".zip"
_PACKED = {".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"}
# What computers put beside people's files.
_LITTER = {"thumbs.db", "desktop.ini"}
_LITTER_STARTS = (".", "~$")
_LITTER_FOLDER = "__MACOSX"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive.

    Attributes:
        path: with its folders, parted by slashes.
        body: as it was packed; None where it is refused.
    """

    path: str
    body: bytes | None = None
    refused: Refused | None = None

    @property
    def name(self) -> str:
        """Without its folders."""
        return PurePosixPath(self.path).name


def is_archive(file_name: str) -> bool:
    """Whether a file is to be unpacked, by its name."""
    return file_name.lower().endswith(ENDING)


def unpack(file_name: str, body: bytes, *, total_bytes: int) -> list[Member] | Refused:
    """Take an archive apart.

    Args:
        file_name: the archive's.
        total_bytes: how much its files may have together.

    Returns:
        Its files in order, without the litter of computers; each that cannot be had is refused by itself with
        `archive_too_deep`, `archive_encrypted`, `unsafe_path` or `damaged`. Or the refusal of the whole:
        `wrong_content`, `damaged`, `empty`, `archive_too_many`, `archive_bomb`.
    """
    if not body:
        return Refused("empty", "The file is empty.")
    if kinds.kind_of(body) != kinds.ARCHIVE:
        return kinds.wrong_content(file_name, body)
    try:
        with Archive(body, Limits(member_bytes=total_bytes, total_bytes=total_bytes)) as opened:
            members = [_member(opened, member) for member in opened.members if _is_meant(member)]
    except Unreadable as exc:
        return exc.refused
    return members or Refused("empty", "The archive has no files.")


def _member(opened: Archive, member: ZipInfo) -> Member:
    path = archive.written_name(member)
    if archive.is_unsafe(member):
        reason = "The archive's entry points somewhere outside the archive."
        return Member(path, refused=Refused("unsafe_path", reason))
    if PurePosixPath(path).suffix.lower() in _PACKED:
        reason = "An archive inside an archive is not unpacked."
        return Member(path, refused=Refused("archive_too_deep", reason))
    try:
        return Member(path, opened.read(member))
    except Unreadable as exc:
        if exc.refused.code == "archive_bomb":
            raise
        return Member(path, refused=exc.refused)


def _is_meant(member: ZipInfo) -> bool:
    path = PurePosixPath(archive.written_name(member))
    return not (
        member.is_dir()
        or _LITTER_FOLDER in path.parts
        or path.name.lower() in _LITTER
        or path.name.startswith(_LITTER_STARTS)
    )
