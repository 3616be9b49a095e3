"""One form for the text of every kind of document: a blank line parts paragraphs, a line feed breaks a line in one."""

import re
from collections.abc import Iterable

from pipelines.extraction.outcome import Unreadable

BETWEEN = "\n\n"
MOST_CHARACTERS = 500_000
"""Reading stops here; how long an essay may be is decided later, and is less."""
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\ufeff"))
_CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), *range(0x7F, 0xA0)])
_BREAKS = str.maketrans({"\f": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n"})
_AROUND_BREAK = re.compile(r"[ \t]*\n\s*")
_MOST_UNKNOWN = 0.05
_PRIVATE = ("\ue000", "\uf8ff")


def joined(paragraphs: Iterable[str]) -> str:
    """Paragraphs as one text; empty ones only make room on paper and are left out.

    Raises:
        Unreadable: `undecodable`, where the document does not say which letters it shows.
    """
    cleaned = (_AROUND_BREAK.sub("\n", _clean(each)).strip() for each in paragraphs)
    text = BETWEEN.join(each for each in cleaned if each)
    unknown = sum(char == "\ufffd" or _PRIVATE[0] <= char <= _PRIVATE[1] for char in text)
    if unknown > _MOST_UNKNOWN * len(text):
        raise Unreadable("undecodable", "The document does not say which letters it shows.")
    return text


def check_length(characters: int) -> None:
    """Stop reading what goes on and on.

    Raises:
        Unreadable: `too_long`.
    """
    if characters > MOST_CHARACTERS:
        raise Unreadable("too_long", f"The text has more than {MOST_CHARACTERS} characters.")


def _clean(text: str) -> str:
    """Without what cannot be seen; letters that came in two halves are whole."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.translate(_BREAKS).translate(_CONTROLS).translate(_INVISIBLE)
