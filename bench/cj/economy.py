"""T3 and T4: how many comparisons a reliability takes, and what a prior saves or costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.cj import intervals
from bench.cj.fated import Fated
from bench.cj.pairings import PAIRINGS
from pipelines.phases.cj_assessment import comparisons, simulating
from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.decisions import Decision
from pipelines.phases.cj_assessment.simulating import Pairing, SimulatedClass

Say = Callable[[str], None]

RELIABILITY = 0.80
CLASSES, CLASSES_QUICK = 200, 30
CLASSES_OF_USELESS = 300
_ESSAYS = 60
_USELESS_AT = (8, 10, 12)
_SAID_EVERY = 20
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

_USELESS = Case(1.4, 0.0, 20, 0.0)


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
        found[name]["curves"] = {
            pairing: each.mean(0).round(4).tolist() for pairing, each in curves.items()
        }
        found[name]["met"] = _is_at_most(found[name]["own"]["mean"], case.most)
    return {"reliability": RELIABILITY, "classes": classes, "essays": _ESSAYS, "cases": found}


def t4(*, say: Say = lambda _: None, quick: bool = False, seed: int = 1) -> dict[str, Any]:
    """What a prior costs that has nothing to do with the truth, in comparisons per essay and in claims.

    With it and without, a class is judged by the same judges with the same luck: who judges a pair, and how that goes,
    is settled for each pair before any is chosen. So the difference varies far less than either.
    """
    classes = CLASSES_QUICK if quick else CLASSES_OF_USELESS
    both = []
    for number in range(classes):
        if number % _SAID_EVERY == 0:
            say(f"T4: a useless prior and none, class {number + 1} of {classes}")
        both.append([_ranked((seed, number), with_prior=is_known) for is_known in (True, False)])
    curves = np.array([[one.curve for one in each] for each in both])
    cost = intervals.resampled(
        lambda which: reached(curves[which, 0]) - reached(curves[which, 1]), classes, seed=seed
    )
    inflation = {}
    for place, rounds in enumerate(_USELESS_AT):
        off = np.array([[one.off[place] for one in each] for each in both])
        inflation[str(rounds)] = {
            "claimed_less_true": intervals.of_mean(off[:, 0]),
            "without_prior": intervals.of_mean(off[:, 1]),
            "added": intervals.of_mean(off[:, 0] - off[:, 1]),
        }
    return {
        "classes": classes,
        "cost": cost,
        "most_cost": MOST_COST,
        "inflation": inflation,
        "most_inflation": MOST_INFLATION,
        "met": _is_at_most(cost["high"], MOST_COST)
        and all(one["added"]["high"] <= MOST_INFLATION for one in inflation.values()),
    }


@dataclass(frozen=True)
class _Ranked:
    """A class after each round.

    Attributes:
        curve: true reliability.
        off: claimed less true after some of them.
    """

    curve: Sequence[float]
    off: Sequence[float]


def _ranked(key: tuple[int, int], *, with_prior: bool) -> _Ranked:
    rng = np.random.default_rng(key)
    about = simulating.a_class(_ESSAYS, _USELESS.spread, rng, prior_r=_USELESS.prior_r)
    panel = Fated.of(simulating.a_panel(rng), _ESSAYS, rng)
    decisions = simulating.judged(about, panel, _USELESS.rounds, seed=key[1], with_prior=with_prior)
    claims = [
        simulating.claimed(
            about, simulating.until(decisions, rounds), seed=key[1], with_prior=with_prior
        )
        for rounds in _USELESS_AT
    ]
    return _Ranked(
        _reliabilities(about, decisions, _USELESS.rounds, with_prior=with_prior),
        [claim.honest - claim.true for claim in claims],
    )


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


def _curves(case: Case, pairing: Pairing, classes: int, seed: int) -> Floats:
    return np.array([_curve(case, pairing, (seed, number)) for number in range(classes)])


def _curve(case: Case, pairing: Pairing, key: tuple[int, int]) -> Sequence[float]:
    rng = np.random.default_rng(key)
    about = simulating.a_class(_ESSAYS, case.spread, rng, prior_r=case.prior_r)
    panel = simulating.a_panel(rng)
    decisions = simulating.judged(about, panel, case.rounds, seed=key[1], pairing=pairing)
    return _reliabilities(about, decisions, case.rounds, with_prior=True)


def _reliabilities(
    about: SimulatedClass, decisions: Sequence[Decision], rounds: int, *, with_prior: bool
) -> Sequence[float]:
    """True ones, after each round."""
    prior = about.prior if with_prior else None
    found = []
    for round_no in range(1, rounds + 1):
        compared = comparisons.of(list(about.strengths), simulating.until(decisions, round_no))
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


def _is_at_most(value: float | None, most: float) -> bool:
    return value is not None and value <= most
