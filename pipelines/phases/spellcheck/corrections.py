"""Putting the sure corrections into a text, and taking them out again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pipelines.phases.spellcheck.findings import Finding, Kind

_NAMES_FROM = 0.97
"""How sure what replaces an unknown word with a capital is at least: it may be a name, of which little is learned."""
_MAY_BE_NAMES = {Kind.NONWORD, Kind.JOIN}


class Placed(NamedTuple):
    """A finding with its span in the corrected text.

    Attributes:
        finding: where it is in the original.
        start, end: where it, or what replaced it, is in the corrected text, in code points.
        applied: whether it was replaced.
    """

    finding: Finding
    start: int
    end: int
    applied: bool


def apply(
    text: str, findings: Sequence[Finding], at_least: float
) -> tuple[str, tuple[Placed, ...]]:
    """Replace what is sure; nothing outside the replaced words changes.

    All spans are taken in the original, and the result is put together from left to right, so
    that corrections of other lengths move nothing.

    Args:
        text: the original.
        findings: in order, never overlapping.
        at_least: confidence from which a correction is applied, unless what it replaces may be a name.
    """
    if not findings:
        return text, ()
    pieces: list[str] = []
    placed: list[Placed] = []
    copied = length = 0
    for finding in findings:
        before = text[copied : finding.start]
        is_sure = finding.confidence >= at_least and not _may_be_name(finding, text)
        correction = finding.correction if is_sure else None
        applied = correction is not None
        piece = correction or text[finding.start : finding.end]
        start = length + len(before)
        length = start + len(piece)
        placed.append(Placed(finding, start, length, applied))
        pieces += (before, piece)
        copied = finding.end
    return "".join([*pieces, text[copied:]]), tuple(placed)


def _may_be_name(finding: Finding, text: str) -> bool:
    has_capital = text[finding.start].isupper() and finding.kind in _MAY_BE_NAMES
    return has_capital and finding.confidence < _NAMES_FROM


def undo(corrected_text: str, errors: Iterable[Mapping[str, Any]]) -> str:
    """Restore the original from a result's `corrected_text` and `errors`."""
    pieces: list[str] = []
    copied = 0
    applied = (error for error in errors if error["applied"])
    for error in sorted(applied, key=lambda error: int(error["corrected_start"])):
        pieces += (corrected_text[copied : error["corrected_start"]], error["text"])
        copied = error["corrected_end"]
    return "".join([*pieces, corrected_text[copied:]])
