"""The result of one essay, as it is stored and shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.phases.spellcheck.check import Checked
from pipelines.phases.spellcheck.corrections import Placed, apply
from pipelines.phases.spellcheck.findings import Kind
from pipelines.phases.text import Reading

_RATE_DECIMALS = 4
_NO_ERRORS = {str(kind): 0 for kind in Kind}


def result(
    reading: Reading,
    checked: Checked,
    *,
    apply_at: float,
    language: str,
    engine: Mapping[str, str],
    text_sha256: str,
) -> dict[str, Any]:
    """Put together what the check found; JSON-ready, and equal for equal input.

    Args:
        reading: the text.
        checked: what was found in it.
        apply_at: confidence from which corrections go into `corrected_text`.
        language, engine, text_sha256: as they are to be in it.

    Returns:
        Counts and rates are numbers of words (`error_rate` errors per checked word, `type_rate`
        misspelt forms per different form checked; both None if nothing could be checked).
        `mismatch` is what the text is plainly written in instead of its language, in which case
        nothing was checked: `en`, `sv` or `unknown`; else None. How long
        it took is not in it: that belongs to the outcome, being different every time.
    """
    findings, checked_count, form_count, mismatch = checked
    corrected_text, placed = apply(reading.text, findings, apply_at)
    counts = _NO_ERRORS.copy()
    for finding in findings:
        counts[finding.kind] += 1
    error_types = len({finding.form for finding in findings})
    error_rate = rate(len(placed), checked_count)
    return {
        "language": language,
        "text_sha256": text_sha256,
        "engine": engine,
        "mismatch": mismatch and str(mismatch),
        "corrected_text": corrected_text,
        "word_count": reading.tokens.word_count,
        "checked_count": checked_count,
        "error_count": len(placed),
        "error_types": error_types,
        "error_rate": error_rate,
        "type_rate": rate(error_types, form_count) if findings else error_rate,
        "counts_by_kind": counts,
        "errors": _errors(reading.text, placed) if placed else [],
    }


def rate(part: int, whole: int) -> float | None:
    """A share from 0 to 1, rounded as results have it; None of nothing."""
    if not whole:
        return None
    return round(part / whole, _RATE_DECIMALS) if part else 0.0


def _errors(text: str, placed: Sequence[Placed]) -> list[dict[str, Any]]:
    first_of: dict[str, int] = {}
    errors = []
    for number, place in enumerate(placed):
        first = first_of.setdefault(place.finding.form, number)
        errors.append(_error(number, text, place, None if first == number else first))
    return errors


def _error(number: int, text: str, place: Placed, occurrence_of: int | None) -> dict[str, Any]:
    finding = place.finding
    return {
        "id": number,
        "start": finding.start,
        "end": finding.end,
        "corrected_start": place.start,
        "corrected_end": place.end,
        "text": text[finding.start : finding.end],
        "kind": str(finding.kind),
        "correction": finding.correction,
        "suggestions": [{"text": s.text, "score": s.score} for s in finding.suggestions],
        "confidence": finding.confidence,
        "applied": place.applied,
        "sentence_index": finding.sentence_index,
        "occurrence_of": occurrence_of,
        "reason": finding.reason,
    }
