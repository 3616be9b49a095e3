"""Text out of files. A file that has none is refused with a code and a sentence the teacher can act on."""

from pathlib import PurePath

from pipelines.extraction.outcome import Extracted, Refused
from pipelines.extraction.plain_text import decode

FEWEST_CHARACTERS = 50
MOST_CHARACTERS = 50_000

_READERS = {".txt": decode}

__all__ = ["FEWEST_CHARACTERS", "MOST_CHARACTERS", "Extracted", "Refused", "extract"]


def extract(file_name: str, body: bytes) -> Extracted | Refused:
    """Read the text of one file.

    Args:
        file_name: its ending decides how it is read.
        body: the file as handed in.

    Returns:
        The text, with line breaks as line feeds and no surrounding white space; or why there is none:
        `unsupported_type`, `empty`, `undecodable`, `too_short`, `too_long`.
    """
    reader = _READERS.get(PurePath(file_name).suffix.lower())
    if reader is None:
        known = ", ".join(_READERS)
        return Refused("unsupported_type", f"Only files of these types can be read: {known}.")
    if not body.strip():
        return Refused("empty", "The file is empty.")
    read = reader(body)
    return read if isinstance(read, Refused) else _check_length(read)


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
