"""How judges decide, beside the scores and beside each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind


@dataclass(frozen=True, slots=True)
class Habits:
    """What can be counted of one judge; None where there is nothing to count.

    Attributes:
        n: valid decisions.
        invalid: pairs it could not judge.
        agreement: share of its choices that fall as the scores do; equal scores count half, ties are left out.
        left_rate: share of its choices for the left, ties left out.
        swap_consistency: of the pairs it was asked about in both orders, how many it decided alike.
        median_ms: time for a decision.
    """

    kind: JudgeKind
    n: int
    invalid: int
    agreement: float | None
    left_rate: float | None
    swap_consistency: float | None
    median_ms: float | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A pair that persons and machines decided differently.

    Attributes:
        left: the essay that persons preferred.
        right: the one that machines did.
        persons: how many persons' choices there were.
        machines: how many machines'.
        gap: by how much the scores side with the persons, in logits; negative where with the machines.
    """

    left: str
    right: str
    persons: int
    machines: int
    gap: float


def habits(decisions: Iterable[Decision], scores: Mapping[str, float]) -> dict[str, Habits]:
    """Judge → habits, by name.

    Args:
        decisions: each once.
        scores: of every essay.
    """
    in_order = sorted(decisions, key=lambda one: (one.judge, one.key))
    return {
        judge: _habits(list(theirs), scores)
        for judge, theirs in groupby(in_order, key=lambda one: one.judge)
    }


def disagreements(
    decisions: Iterable[Decision], scores: Mapping[str, float]
) -> tuple[Disagreement, ...]:
    """Pairs of which most persons preferred one essay and most machines the other, the plainest first."""
    by_pair: dict[tuple[str, str], list[Decision]] = {}
    for one in decisions:
        if one.preferred:
            by_pair.setdefault(one.pair.essays, []).append(one)
    found = []
    for pair in sorted(by_pair):
        persons = [one for one in by_pair[pair] if not one.kind.is_machine]
        machines = [one for one in by_pair[pair] if one.kind.is_machine]
        theirs, its = _most(pair, persons), _most(pair, machines)
        if theirs and its and theirs != its:
            gap = scores[theirs] - scores[its]
            found.append(Disagreement(theirs, its, len(persons), len(machines), gap))
    return tuple(sorted(found, key=lambda one: (-one.gap, one.left, one.right)))


def _habits(decisions: Sequence[Decision], scores: Mapping[str, float]) -> Habits:
    valid = [one for one in decisions if one.is_valid]
    chosen = [one for one in valid if one.preferred]
    times = [one.duration_ms for one in valid if one.duration_ms is not None]
    return Habits(
        kind=decisions[0].kind,
        n=len(valid),
        invalid=len(decisions) - len(valid),
        agreement=_mean([_agreement(one, scores) for one in chosen]),
        left_rate=_mean([one.choice is Choice.LEFT for one in chosen]),
        swap_consistency=_mean(_swaps(valid)),
        median_ms=median(times) if times else None,
    )


def _agreement(decision: Decision, scores: Mapping[str, float]) -> float:
    gap = scores[decision.left] - scores[decision.right]
    if not gap:
        return 0.5
    return float((gap > 0) == (decision.choice is Choice.LEFT))


def _swaps(decisions: Iterable[Decision]) -> list[bool]:
    """Of each pair that was asked about in both orders, whether the answer was the same."""
    answers: dict[tuple[int, tuple[str, str]], dict[int, str | None]] = {}
    for one in decisions:
        answers.setdefault((one.round_no, one.pair.essays), {})[one.order] = one.preferred
    return [len(set(both.values())) == 1 for both in answers.values() if len(both) > 1]


def _most(pair: tuple[str, str], decisions: Sequence[Decision]) -> str | None:
    first = sum(one.preferred == pair[0] for one in decisions)
    second = len(decisions) - first
    if first == second:
        return None
    return pair[0] if first > second else pair[1]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
