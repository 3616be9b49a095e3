"""T7: what nobody hands in on purpose is assessed as well, in finite numbers."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from pipelines.phases.cj_assessment.assessing import assess
from pipelines.phases.cj_assessment.decisions import Choice, Decision
from pipelines.phases.cj_assessment.pairing import next_round
from pipelines.vocabulary import JudgeKind

Say = Callable[[str], None]

_RINGS = ("ab", "bc", "ca", "de", "ef", "fd")
CASES: dict[str, tuple[str, Sequence[str], Choice, int]] = {
    "no essay": ("", (), Choice.LEFT, 1),
    "one essay": ("a", (), Choice.LEFT, 1),
    "two essays": ("ab", ("ab",), Choice.LEFT, 1),
    "undefeated": ("abcdef", ("ab", "ac", "ad", "ae", "af"), Choice.LEFT, 3),
    "disconnected": ("abcdef", _RINGS, Choice.LEFT, 3),
    "all ties": ("abcdef", ("ab", "bc", "cd", "de", "ef"), Choice.TIE, 3),
    "a single judge": ("abcdef", ("ab", "bc", "cd", "de", "ef"), Choice.LEFT, 1),
    "nothing valid": ("abcdef", ("ab", "cd"), Choice.INVALID, 2),
    "nothing decided": ("abcdef", (), Choice.LEFT, 1),
}
"""Name → essays, pairs, what was decided of all of them, how many judges."""


def t7(*, say: Say = lambda _: None, quick: bool = False, seed: int = 1) -> dict[str, Any]:  # noqa: ARG001
    """Each case assessed, and its next round planned."""
    say("T7: odd input")
    found = {name: _case(*case, seed=seed) for name, case in CASES.items()}
    return {"cases": found, "met": all(one["is_finite"] for one in found.values())}


def _case(
    essays: str, pairs: Sequence[str], choice: Choice, judges: int, *, seed: int
) -> dict[str, Any]:
    decisions = [
        Decision(1, left, right, choice, f"judge {place % judges}", JudgeKind.PERSON)
        for place, (left, right) in enumerate(pairs)
    ]
    body = assess(list(essays), decisions, seed=seed).to_json()
    return {
        "is_finite": _is_finite(body),
        "components": len(body["components"]),
        "honest": body["reliability"]["honest"],
        "stop": body["stop"]["reason"],
        "next_pairs": len(next_round(list(essays), decisions, 2, seed=seed)),
    }


def _is_finite(body: dict[str, Any]) -> bool:
    try:
        json.dumps(body, allow_nan=False)
    except ValueError:
        return False
    return True
