"""Classes whose essays have known strengths, and what a panel says of them."""

from collections.abc import Sequence

import numpy as np

from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair
from pipelines.phases.cj_assessment.pairing import next_round
from pipelines.phases.cj_assessment.simulating import Pairing


def names(n: int) -> list[str]:
    return [f"e{index:03}" for index in range(n)]


def decision(left: str, right: str, choice: str = "left", **given) -> Decision:
    given = {"round_no": 1, "judge": "ann", "kind": JudgeKind.PERSON} | given
    return Decision(left=left, right=right, choice=Choice(choice), **given)


def decisions_of(pairs: Sequence[tuple[str, str]], **given) -> list[Decision]:
    """The left one is better in all of them."""
    return [decision(left, right, **given) for left, right in pairs]


def judged(
    strengths: dict[str, float],
    pairs: Sequence[Pair],
    round_no: int,
    rng: np.random.Generator,
    *,
    judges: int = 5,
) -> list[Decision]:
    """What persons without faults say of pairs."""
    found = []
    for place, pair in enumerate(pairs):
        chance = 1 / (1 + np.exp(strengths[pair.right] - strengths[pair.left]))
        choice = "left" if rng.random() < chance else "right"
        judge = f"judge {place % judges}"
        found.append(decision(pair.left, pair.right, choice, round_no=round_no, judge=judge))
    return found


def a_class(
    n: int,
    rounds: int,
    *,
    sd: float = 1.5,
    seed: int = 1,
    judges: int = 5,
    pairing: Pairing = next_round,
) -> tuple[dict[str, float], list[Decision]]:
    """Strengths, and decisions about them in so many rounds."""
    rng = np.random.default_rng(seed)
    strengths = dict(zip(names(n), rng.normal(0, sd, n), strict=True))
    found: list[Decision] = []
    for round_no in range(1, rounds + 1):
        pairs = pairing(list(strengths), found, round_no, seed=seed)
        found += judged(strengths, pairs, round_no, rng, judges=judges)
    return strengths, found
