"""T3 and T4: how many comparisons a reliability takes, and what a prior saves or costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.cj import intervals
from bench.cj.pairings import PAIRINGS
from pipelines.phases.cj_assessment import comparisons, simulating
from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.simulating import Pairing

Say = Callable[[str], None]

RELIABILITY = 0.80
CLASSES, CLASSES_QUICK = 200, 30
_ESSAYS = 60
_USELESS_AT = (8, 10, 12)
MOST_COST, MOST_INFLATION = 1.0, 0.03


@dataclass(frozen=True)
class Case:
    """A kind of class.

    Attributes:
        spread: of its essays, in logits.
        prior_r: how well a prior goes with the truth; None for none.
        rounds: enough to get there.
        most: comparisons per essay that it may take.
    """

    spread: float
    prior_r: float | None
    rounds: int
    most: float


CASES: Mapping[str, Case] = {
    "sd 1.4": Case(1.4, None, 20, 14.0),
    "sd 1.4, prior r = .74": Case(1.4, 0.74, 20, 12.0),
    "sd 2.5": Case(2.5, None, 12, 7.5),
}


def t3(*, say: Say = lambda _: None, quick: bool = False, seed: int = 1) -> dict[str, Any]:
    """Comparisons per essay until the true reliability of simulated classes is .80, by the mean over classes.

    All ways of pairing meet the same classes and panels, so that their difference has an interval of its own.
    """
    classes = CLASSES_QUICK if quick else CLASSES
    found: dict[str, Any] = {}
    for name, case in CASES.items():
        curves = {}
        for pairing, choose in PAIRINGS.items():
            say(f"T3: {name}, {pairing}, {classes} classes")
            curves[pairing] = _curves(case, choose, classes, seed)
        found[name] = _compared(curves, seed) | {"most": case.most}
        found[name]["met"] = _is_at_most(found[name]["own"]["mean"], case.most)
    return {"reliability": RELIABILITY, "classes": classes, "essays": _ESSAYS, "cases": found}


def t4(*, say: Say = lambda _: None, quick: bool = False, seed: int = 1) -> dict[str, Any]:
    """What a prior costs that has nothing to do with the truth, in comparisons per essay and in claims."""
    classes = CLASSES_QUICK if quick else CLASSES
    case = Case(1.4, 0.0, 20, 0.0)
    choose = PAIRINGS["own"]
    say(f"T4: a useless prior and none, {classes} classes")
    with_it = _curves(case, choose, classes, seed)
    without = _curves(case, choose, classes, seed, with_prior=False)
    cost = intervals.resampled(
        lambda which: reached(with_it[which]) - reached(without[which]), classes, seed=seed
    )
    claims = {
        str(round_no): _claims(case, classes // 2, round_no, seed, say) for round_no in _USELESS_AT
    }
    return {
        "cost": cost,
        "most_cost": MOST_COST,
        "inflation": claims,
        "most_inflation": MOST_INFLATION,
        "met": _is_at_most(cost["mean"], MOST_COST)
        and all(one["added"]["mean"] <= MOST_INFLATION for one in claims.values()),
    }


def reached(curves: Floats) -> float:
    """Comparisons per essay at which the mean of (classes, rounds) reliabilities comes to .80, between two rounds."""
    mean = curves.mean(0)
    above = np.flatnonzero(mean >= RELIABILITY)
    if not len(above):
        return float("nan")
    at = int(above[0])
    if at == 0:
        return 1.0
    return at + float((RELIABILITY - mean[at - 1]) / (mean[at] - mean[at - 1]))


def _curves(
    case: Case, pairing: Pairing, classes: int, seed: int, *, with_prior: bool = True
) -> Floats:
    return np.array(
        [_curve(case, pairing, (seed, number), with_prior=with_prior) for number in range(classes)]
    )


def _curve(
    case: Case, pairing: Pairing, key: tuple[int, int], *, with_prior: bool
) -> Sequence[float]:
    rng = np.random.default_rng(key)
    about = simulating.a_class(_ESSAYS, case.spread, rng, prior_r=case.prior_r)
    panel = simulating.a_panel(rng)
    decisions = simulating.judged(
        about, panel, case.rounds, seed=key[1], pairing=pairing, with_prior=with_prior
    )
    prior = about.prior if with_prior else None
    found = []
    for rounds in range(1, case.rounds + 1):
        compared = comparisons.of(list(about.strengths), simulating.until(decisions, rounds))
        found.append(about.reliability(compared.essays, simulating.scored(compared, prior)))
    return found


def _compared(curves: Mapping[str, Floats], seed: int) -> dict[str, Any]:
    size = len(curves["own"])
    found: dict[str, Any] = {
        name: intervals.resampled(lambda which, own=each: reached(own[which]), size, seed=seed)
        for name, each in curves.items()
    }
    for name in ("random", "swiss"):
        found[f"own_less_{name}"] = intervals.resampled(
            lambda which, other=curves[name]: reached(curves["own"][which]) - reached(other[which]),
            size,
            seed=seed,
        )
        at = min(each.shape[1] for each in curves.values()) - 1
        found[f"reliability_over_{name}_at_{at + 1}"] = intervals.of_mean(
            curves["own"][:, at] - curves[name][:, at]
        )
    return found


def _claims(case: Case, classes: int, rounds: int, seed: int, say: Say) -> dict[str, Any]:
    say(f"T4: claims after {rounds} rounds, {classes} classes")
    with_it, without = [], []
    for number in range(classes):
        rng = np.random.default_rng((seed, number))
        about = simulating.a_class(_ESSAYS, case.spread, rng, prior_r=case.prior_r)
        panel = simulating.a_panel(rng)
        for is_known, into in ((True, with_it), (False, without)):
            decisions = simulating.judged(about, panel, rounds, seed=number, with_prior=is_known)
            claim = simulating.claimed(about, decisions, seed=number, with_prior=is_known)
            into.append(claim.honest - claim.true)
    return {
        "claimed_less_true": intervals.of_mean(with_it),
        "without_prior": intervals.of_mean(without),
        "added": intervals.of_mean(np.subtract(with_it, without)),
    }


def _is_at_most(value: float | None, most: float) -> bool:
    return value is not None and value <= most
