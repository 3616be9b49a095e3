"""Plain text in whatever encoding a school's computers write.

A byte order mark decides; then strict UTF-8, which text in another encoding practically never is by accident; then
the single-byte encodings of Windows and of old Macs, told apart by which of them gives letters that Swedish and
English use. General detectors are not used: they read short Swedish texts in Windows-1252 as CP852.
"""

import codecs
from collections.abc import Iterator

from pipelines.extraction.outcome import Extracted, Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SINGLE_BYTE = ("cp1252", "mac_roman")
_EXPECTED = frozenset("åäöÅÄÖéÉèÈêëüÜáàâæøÆØçñíóúïôîßœ“”‘’«»–—…•·´°§€£½¼¾©®™\u00a0")
_FEWEST_EXPECTED = 0.9
_PLAIN_CONTROLS = frozenset("\t\n\r\f")

_UNDECODABLE = Refused(
    "undecodable", "This is no plain text, or in an encoding that is not known. Save it as UTF-8."
)


def decode(body: bytes) -> Extracted | Refused:
    """Read plain text.

    Args:
        body: the file's bytes.

    Returns:
        The text and its encoding, or a refusal `undecodable` where a guess could misread letters.
    """
    for encoding in _candidates(body):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _looks_written(text, is_certain=not encoding.startswith(_SINGLE_BYTE)):
            return Extracted(text, encoding)
    return _UNDECODABLE


def _candidates(body: bytes) -> Iterator[str]:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            yield encoding
            return
    yield "utf-8"
    yield from _SINGLE_BYTE


def _looks_written(text: str, *, is_certain: bool) -> bool:
    if any(char < " " and char not in _PLAIN_CONTROLS for char in text):
        return False
    if is_certain:
        return True
    special = [char for char in text if char > "\x7e"]
    expected = sum(char in _EXPECTED for char in special)
    return expected >= _FEWEST_EXPECTED * len(special)
