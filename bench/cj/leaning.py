"""T8: what a judge's lean to the left leaves in the scores, and what finding it out costs."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.phases.cj_assessment import comparisons, model, orders, strength
from pipelines.phases.cj_assessment.assessing import assess
from pipelines.phases.cj_assessment.comparisons import Comparisons, Floats
from pipelines.phases.cj_assessment.decisions import Choice, Decision
from pipelines.phases.cj_assessment.pairing import next_round
from pipelines.phases.cj_assessment.stopping import LEAST_ROUNDS
from pipelines.vocabulary import JudgeKind

MOST_BIAS, MOST_CALLS = 0.05, 1.3
"""Of a standard deviation of the scores; requests a pair."""

_ESSAYS, _SPREAD, _ROUNDS, _CLASSES = 60, 1.4, 12, 60
_JUDGE = "llm:leaning"
_SEVEN_TO_THREE = math.log(0.7 / 0.3)
_CLOSE = 1.04  # logits: so many random pairs are closer that the left wins seven in ten

Say = Callable[[str], None]
Chance = Callable[[float], float]


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


LEANING: Mapping[str, Chance] = {
    "seven of ten equals": lambda gap: _logistic(gap + _SEVEN_TO_THREE),
    "the left if it is close": lambda gap: 0.97 if gap > -_CLOSE else 0.03,
    "two in five not read": lambda gap: 0.4 + 0.6 * _logistic(gap),
}
"""How likely the left essay is preferred, by how much better it is, in logits. All three are 70 % for the left: of two
that are alike, or of a random pair."""


def t8(*, say: Say = lambda _: None) -> dict[str, Any]:
    """What standing on the left once more than on the right adds to an essay's score.

    Returns:
        For each judge: `bias`, in standard deviations of the scores, with its standard error, and what it would be
        without a lean in the model; `calls`, requests a pair in the shortest assessment there is, in the mean and at
        most; and its share of choices for the left.
    """
    found: dict[str, Any] = {"target": {"bias": MOST_BIAS, "calls": MOST_CALLS}, "judges": {}}
    for name, chance in LEANING.items():
        say(f"T8: {name}")
        found["judges"][name] = _figures([_judged(chance, seed) for seed in range(_CLASSES)])
    found["met"] = all(
        abs(each["bias"]) <= MOST_BIAS and each["calls"] <= MOST_CALLS
        for each in found["judges"].values()
    )
    return found


@dataclass(frozen=True)
class _Judged:
    """A class whose pairs a leaning judge has decided.

    Attributes:
        truth: strengths of the essays, by their ids in order.
        calls: requests a pair up to the round after which an assessment may end.
    """

    truth: Floats
    decisions: Sequence[Decision]
    calls: float
    seed: int


def _judged(chance: Chance, seed: int) -> _Judged:
    rng = random.Random(f"leaning {seed}")
    truth = np.array([rng.gauss(0, _SPREAD) for _ in range(_ESSAYS)])
    essays = [f"{n:02}" for n in range(_ESSAYS)]
    decisions: list[Decision] = []
    pairs_to_end = requests_to_end = 0
    for round_no in range(1, _ROUNDS + 1):
        pairs = next_round(essays, decisions, round_no, seed=seed)
        asked = orders.of_round(pairs, decisions, round_no, seed=seed, judge=_JUDGE)
        for each in asked:
            gap = truth[int(each.pair.left)] - truth[int(each.pair.right)]
            choice = Choice.LEFT if rng.random() < chance(gap) else Choice.RIGHT
            decisions.append(
                Decision(
                    round_no,
                    each.pair.left,
                    each.pair.right,
                    choice,
                    _JUDGE,
                    JudgeKind.LLM,
                    order=each.order,
                )
            )
        if round_no <= LEAST_ROUNDS:
            pairs_to_end += len(pairs)
            requests_to_end += len(asked)
    return _Judged(truth, decisions, requests_to_end / pairs_to_end, seed)


def _figures(classes: Sequence[_Judged]) -> dict[str, Any]:
    with_lean, without = [], []
    for each in classes:
        compared = comparisons.of([f"{n:02}" for n in range(_ESSAYS)], each.decisions)
        surplus = _surplus(compared)
        with_lean.append((_error(_assessed(each), each.truth), surplus))
        without.append((_error(_leanless(compared), each.truth), surplus))
    bias, error = _slope(with_lean)
    lefts = [one.choice is Choice.LEFT for each in classes for one in each.decisions]
    return {
        "bias": round(bias, 4),
        "bias_se": round(error, 4),
        "bias_without_lean_in_the_model": round(_slope(without)[0], 4),
        "calls": round(float(np.mean([each.calls for each in classes])), 3),
        "most_calls": round(max(each.calls for each in classes), 3),
        "left_rate": round(float(np.mean(lefts)), 3),
    }


def _assessed(judged: _Judged) -> Floats:
    essays = [f"{n:02}" for n in range(_ESSAYS)]
    found = assess(essays, judged.decisions, seed=judged.seed, most_rounds=_ROUNDS)
    by_id = {each.essay_id: each.score for each in found.essays}
    return np.array([by_id[essay] for essay in essays])


def _leanless(compared: Comparisons) -> Floats:
    """Scores by a model that knows of no lean."""
    known = model.plain(_ESSAYS, compared.left, compared.right, compared.won)
    return strength.fit(known).strengths


def _surplus(compared: Comparisons) -> Floats:
    """How often each essay was on the left more than on the right; one seen in both orders was on neither."""
    lefts = np.bincount(compared.left, compared.weight, _ESSAYS)
    return np.asarray(lefts - np.bincount(compared.right, compared.weight, _ESSAYS))


def _error(scores: Floats, truth: Floats) -> Floats:
    """What of the standardised scores does not come from the truth."""
    standard = (scores - scores.mean()) / scores.std()
    line = np.polyfit(truth, standard, 1)
    return np.asarray(standard - np.polyval(line, truth))


def _slope(pairs: Sequence[tuple[Floats, Floats]]) -> tuple[float, float]:
    """Of errors on surpluses, over all classes; and its standard error."""
    errors = np.concatenate([error for error, _ in pairs])
    surpluses = np.concatenate([surplus for _, surplus in pairs])
    weight = float(surpluses @ surpluses)
    if weight == 0:
        return 0.0, 0.0
    slope = float(errors @ surpluses) / weight
    rest = errors - slope * surpluses
    return slope, float(rest.std()) / math.sqrt(weight)
