"""Plain text in whatever encoding a school's computers write.

A byte order mark decides; then strict UTF-8, which text in another encoding practically never is by accident; then
UTF-16, where every second byte is empty; then the single-byte encodings of Windows and of old Macs, told apart by which
of them gives letters that Swedish and English use, where those letters stand in a word. General detectors are not used:
they read short Swedish texts in Windows-1252 as CP852.
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
_EXPECTED = frozenset("åäöÅÄÖéÉèÈêëüÜáàâæøÆØçñíóúïôîßœ“”‘’«»–—…•·´°§€£½¼¾©®™\u00a0")
_GUESSED = ("utf-16-le", "utf-16-be")
_USUAL = frozenset("åäöéüàèêæø")
_OPENING = frozenset("“‘«")
_FEWEST_EXPECTED = 0.9
_FEWEST_EMPTY = 0.4
_BADLY, _HARDLY, _POSSIBLY, _WELL = -3, -1, 1, 2
_PLAIN_CONTROLS = frozenset("\t\n\r\f")
# `…and` of Windows is `Öand` of the Mac, and its `Örjan` is `…rjan`: alone this tells nothing.
_ELLIPSIS_OR_O = 0x85

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
        if _has_no_controls(text) and (encoding not in _GUESSED or _has_expected(text)):
            return Extracted(text, encoding)
    return _decode_single_bytes(body) or _UNDECODABLE


def _candidates(body: bytes) -> Iterator[str]:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            yield encoding
            return
    yield "utf-8"
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if body[start::2].count(0) > _FEWEST_EMPTY * len(body):
            yield encoding


def _decode_single_bytes(body: bytes) -> Extracted | None:
    if body.startswith(tuple(mark for mark, _ in _MARKS)):
        return None
    readings = []
    for encoding in ("cp1252", "mac_roman"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _has_no_controls(text) and _has_expected(text):
            readings.append((_score(text, body), encoding, text))
    readings.sort(reverse=True)
    is_sure = readings and readings[0][0] > max([0, *(score for score, *_ in readings[1:])])
    return Extracted(readings[0][2], readings[0][1]) if is_sure else None


def _score(text: str, body: bytes) -> int:
    """How well the special letters of a reading fit where they stand."""
    return sum(
        _fits(text[place - 1 : place] or " ", char, text[place + 1 : place + 2] or " ")
        for place, char in enumerate(text)
        if char > "\x7e" and not _says_nothing(text, body, place)
    )


def _says_nothing(text: str, body: bytes, place: int) -> bool:
    is_first = not text[place - 1 : place].isalpha() if place else True
    return body[place] == _ELLIPSIS_OR_O and is_first and text[place + 1 : place + 2].islower()


def _fits(before: str, char: str, after: str) -> int:
    if char.isalpha():
        if char not in _EXPECTED or (char.isupper() and before.islower()):
            return _BADLY
        if char.islower() and (before.isupper() and after.isupper()):
            return _BADLY
        return _WELL if char.isupper() or char in _USUAL else _POSSIBLY
    if char not in _EXPECTED or (char in _OPENING and before.isalpha()):
        return _BADLY
    if after.isalpha() and char in "€…":
        return _BADLY if char == "€" else _HARDLY
    return _WELL


def _has_no_controls(text: str) -> bool:
    return not any(char < " " and char not in _PLAIN_CONTROLS for char in text)


def _has_expected(text: str) -> bool:
    special = [char for char in text if char > "\x7e"]
    return sum(char in _EXPECTED for char in special) >= _FEWEST_EXPECTED * len(special)
