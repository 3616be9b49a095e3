"""A result without the errors that a teacher has said are none."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from pipelines.forms import form_of
from pipelines.phases.spellcheck.result import rate


def without(found: Mapping[str, Any], left_out: Collection[str]) -> Mapping[str, Any]:
    """Take the errors of some forms out of a result, as if they had not been found.

    Args:
        found: a result as `pipelines.phases.spellcheck.result` makes it.
        left_out: forms, as `pipelines.forms` makes them.

    Returns:
        The same shape: what was corrected in them is in `corrected_text` as the pupil wrote it, the spans of the others
        are moved accordingly, and counts and rates are those of the others. Errors keep their ids.
    """
    if not left_out:
        return found
    kept, pieces, at, shift = [], [], 0, 0
    for error in found["errors"]:
        start, end = error["corrected_start"], error["corrected_end"]
        if form_of(error["text"]) not in left_out:
            moved = {"corrected_start": start + shift, "corrected_end": end + shift}
            kept.append({**error, **moved})
        elif error["applied"]:
            pieces += [found["corrected_text"][at:start], error["text"]]
            shift += len(error["text"]) - (end - start)
            at = end
    kinds = Counter(error["kind"] for error in kept)
    types = sum(error["occurrence_of"] is None for error in kept)
    return {
        **found,
        "corrected_text": "".join((*pieces, found["corrected_text"][at:])),
        "error_count": len(kept),
        "error_types": types,
        "error_rate": rate(len(kept), found["checked_count"]),
        "type_rate": _type_rate(found, types),
        "counts_by_kind": {kind: kinds[kind] for kind in found["counts_by_kind"]},
        "errors": kept,
    }


def _type_rate(found: Mapping[str, Any], types: int) -> float | None:
    """Misspelt forms per form checked; how many of these there were follows from the rate there was."""
    if not found["type_rate"]:
        return 0.0 if found["checked_count"] else None
    return rate(types, round(found["error_types"] / found["type_rate"]))
