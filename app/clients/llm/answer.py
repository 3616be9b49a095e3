"""The one form an answer may have, and reading it strictly."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.phases.cj_assessment.decisions import Choice
from pipelines.phases.cj_assessment.judges import Verdict

NAME = "verdict"
ABOUT = "Says which of the two essays is the better one."
MOST_REASON = 600

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "better": {"type": "string", "enum": ["first", "second"]},
        "confidence": {"type": "number"},
        "reason": {"type": "string"},
    },
    "required": ["better", "confidence", "reason"],
    "additionalProperties": False,
}
"""Bounds of numbers and lengths are checked here: not every server that forces a schema knows them."""

_CHOICES = {"first": Choice.LEFT, "second": Choice.RIGHT}
_COIN = 0.5


@dataclass(frozen=True, slots=True)
class Unusable:
    """An answer that is none.

    Attributes:
        fault: what is wrong with it, in words of our own.
    """

    fault: str


def read(arguments: str | Mapping[str, Any] | None) -> Verdict | Unusable:
    """Read an answer, which is JSON or what JSON says."""
    given: Any = arguments
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return Unusable("it is no JSON")
    fault = _fault(given)
    if fault is not None:
        return Unusable(fault)
    confidence = max(_COIN, float(given["confidence"]))
    return Verdict(_CHOICES[given["better"]], confidence, _clean(given["reason"]) or None)


def _fault(given: Any) -> str | None:
    if not isinstance(given, Mapping):
        return "it is no JSON object"
    if set(given) != set(SCHEMA["required"]):
        return "it must have better, confidence and reason, and nothing else"
    better, confidence, reason = (given[member] for member in SCHEMA["required"])
    is_number = isinstance(confidence, int | float) and not isinstance(confidence, bool)
    checks = (
        (isinstance(better, str) and better in _CHOICES, "better must be first or second"),
        (is_number and 0 <= confidence <= 1, "confidence must be a number from 0.5 to 1"),
        (isinstance(reason, str), "reason must be a text"),
    )
    return next((fault for is_right, fault in checks if not is_right), None)


def _clean(reason: str) -> str:
    """What a database and a screen can take: no control characters, no halves of characters."""
    whole = reason.encode("utf-8", "ignore").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in whole).split())[:MOST_REASON]
