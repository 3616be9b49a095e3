"""Text out of files. A file that has none is refused with a code and a sentence the teacher can act on.

The text of every kind has one form: a blank line parts paragraphs, a single line feed breaks a line inside one. Plain
text already has it as its writer typed it.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import cast

from pipelines.extraction import kinds
from pipelines.extraction.outcome import Extracted, Refused, Unreadable
from pipelines.extraction.plain_text import decode

FEWEST_CHARACTERS = 50
MOST_CHARACTERS = 50_000
READABLE = (".txt", ".docx", ".odt", ".rtf", ".pdf")

_DOCUMENTS = {".docx": kinds.DOCX, ".odt": kinds.ODT, ".rtf": kinds.RTF, ".pdf": kinds.PDF}
_LEGACY = Refused(
    "legacy_doc", "This is a document of a Word older than 2007, which cannot be read."
)
# How Office writes, inside the old form, that a new document is locked; in UTF-16.
_LOCKED = "EncryptedPackage".encode("utf-16-le")

__all__ = [
    "FEWEST_CHARACTERS",
    "MOST_CHARACTERS",
    "READABLE",
    "Extracted",
    "Refused",
    "extract",
    "is_simple",
]


def is_simple(file_name: str) -> bool:
    """Whether reading costs next to nothing, whatever the file holds."""
    return PurePath(file_name).suffix.lower() not in _DOCUMENTS


def extract(file_name: str, body: bytes) -> Extracted | Refused:
    """Read the text of one file.

    Args:
        file_name: its ending says how it is to be read, and what it holds must agree.
        body: the file as handed in.

    Returns:
        The text, with line breaks as line feeds and no surrounding white space; or why there is none, with a code of
        `failures.HINTS`.

    Raises:
        MemoryError: the file needs more than there is; other errors are bugs. Documents by strangers are read where
            memory and time are limited.
    """
    ending = PurePath(file_name).suffix.lower()
    refused = _refused_unread(file_name, ending, body)
    if refused is not None:
        return refused
    if ending not in _DOCUMENTS:
        read = decode(body)
        return read if isinstance(read, Refused) else _check_length(read)
    try:
        # Loaded when one comes: most readers see one or two kinds.
        reader = import_module(f"pipelines.extraction.{_DOCUMENTS[ending]}")
        return _check_length(cast("Callable[[bytes], Extracted]", reader.read)(body))
    except Unreadable as exc:
        return exc.refused
    except RecursionError:
        return Refused("damaged", "The file is nested deeper than any program writes.")


def _refused_unread(file_name: str, ending: str, body: bytes) -> Refused | None:
    """Why a file is not read at all; None if it is."""
    kind = kinds.kind_of(body)
    if ending not in READABLE:
        return _not_readable(file_name, ending, kind, body)
    if not body.strip():
        return Refused("empty", "The file is empty.")
    if kind == _DOCUMENTS.get(ending) or (ending == ".txt" and kind == kinds.HTML):
        return None
    if kind == kinds.OLE and ending != ".txt" and _LOCKED in body:
        return Refused("encrypted_document", "The document is protected by a password.")
    if kind is None and not kinds.is_text(body):
        return Refused("damaged", "The file is damaged: its beginning is missing.")
    return kinds.wrong_content(file_name, body)


def _not_readable(file_name: str, ending: str, kind: str | None, body: bytes) -> Refused:
    if ending == ".doc" and kind == kinds.OLE:
        return _LEGACY
    if ending == ".doc" and kind is not None:
        return kinds.wrong_content(file_name, body)
    return Refused(
        "unsupported_type", f"Only files of these types can be read: {', '.join(READABLE)}."
    )


def _check_length(read: Extracted) -> Extracted | Refused:
    text = read.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    length = len(text)
    if length == 0:
        return Refused("empty", "The file has no text.")
    if length < FEWEST_CHARACTERS:
        return Refused(
            "too_short",
            f"The text has {length} characters; at least {FEWEST_CHARACTERS} are needed.",
        )
    if length > MOST_CHARACTERS:
        return Refused(
            "too_long",
            f"The text has {length} characters; at most {MOST_CHARACTERS} are allowed.",
        )
    return Extracted(text, read.encoding)
