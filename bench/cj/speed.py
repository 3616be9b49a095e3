"""T1: how fast strengths are found, beside choix in the same process, and whether they are right."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import choix
import numpy as np

from pipelines.phases.cj_assessment import errors, model, strength
from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.strength import Fit

Say = Callable[[str], None]
Wins = list[tuple[int, int]]

COMPARISONS = 10
LARGE, CLASS_SIZES = 5000, (30, 60, 100, 300)
LEAST_LARGE, LEAST_LARGE_WITH_ERRORS, LEAST_CLASS_WITH_ERRORS = 300, 100, 4
ERRORS_AT, MOST_ERROR = 2000, 0.03
MOST_OFF = 1e-4
_SPREAD = 1.5
_TYPICAL = model.TYPICAL_SPREAD


def t1(*, say: Say = lambda _: None, quick: bool = False, seed: int = 1) -> dict[str, Any]:
    """Processor seconds from a list of (winner, loser) to strengths, ours and `choix.ilsr_pairwise(alpha=.01)`."""
    large = LARGE // 5 if quick else LARGE
    say(f"T1: {large} essays, choix takes a minute")
    found = _raced(large, seed, theirs=1, ours=7)
    classes = {}
    for size in CLASS_SIZES:
        say(f"T1: {size} essays")
        classes[str(size)] = _raced(size, seed, theirs=15, ours=30)
    say(f"T1: errors of {ERRORS_AT} essays, exact and by probes")
    probes = _errors(seed)
    off = {str(size): _off(size, seed) for size in (*CLASS_SIZES, 1000)}
    return {
        "large": found,
        "classes": classes,
        "errors": probes,
        "off_reference": off,
        "met": found["times"] >= LEAST_LARGE
        and found["times_with_errors"] >= LEAST_LARGE_WITH_ERRORS
        and all(one["times_with_errors"] >= LEAST_CLASS_WITH_ERRORS for one in classes.values())
        and probes["mean"] <= MOST_ERROR
        and max(found["off_by_at_most"], *(one["off_by_at_most"] for one in off.values()))
        <= MOST_OFF,
    }


def _raced(size: int, seed: int, *, theirs: int, ours: int) -> dict[str, Any]:
    wins = won(size, seed)
    fit = _fit(size, wins)
    rng = np.random.default_rng(seed)
    ours_s = _seconds(lambda: _fit(size, wins), ours)
    with_errors_s = _seconds(lambda: errors.standard_errors(_fit(size, wins), rng=rng), ours)
    theirs_s = _seconds(lambda: choix.ilsr_pairwise(size, wins, alpha=0.01), theirs)
    return {
        "essays": size,
        "ours_s": ours_s,
        "ours_with_errors_s": with_errors_s,
        "choix_s": theirs_s,
        "times": theirs_s / ours_s,
        "times_with_errors": theirs_s / with_errors_s,
        "off_by_at_most": certificate(fit),
    }


def won(size: int, seed: int) -> Wins:
    """(winner, loser) of ten rounds at random."""
    rng = np.random.default_rng((seed, size))
    truth = _SPREAD * rng.standard_normal(size)
    order = np.concatenate([rng.permutation(size)[: size - size % 2] for _ in range(COMPARISONS)])
    left, right = order[::2], order[1::2]
    is_left = rng.random(len(left)) < 1 / (1 + np.exp(truth[right] - truth[left]))
    winners, losers = np.where(is_left, left, right), np.where(is_left, right, left)
    return list(zip(winners.tolist(), losers.tolist(), strict=True))


def certificate(fit: Fit) -> float:
    """How far any strength can be from the one maximum: slope over the least curvature, which the prior gives."""
    whole = fit.model
    slope = whole.gathered(whole.weight * (whole.won - fit.chances))
    slope -= whole.precision * (fit.unknowns - whole.mean)
    return float(np.linalg.norm(slope) / whole.precision.min())


def _fit(size: int, wins: Wins) -> Fit:
    both = np.array(wins)
    return strength.fit(model.plain(size, both[:, 0], both[:, 1], np.ones(len(both))))


def _off(size: int, seed: int) -> dict[str, float]:
    """From SciPy's Newton-CG by choix, at a tolerance near what doubles have, and by the certificate."""
    wins = won(size, seed)
    fit = _fit(size, wins)
    reference = choix.opt_pairwise(
        size, wins, alpha=1 / (2 * _TYPICAL**2), method="Newton-CG", tol=1e-13
    )
    reference -= reference.mean()
    return {
        "from_choix": float(np.abs(fit.strengths - reference).max()),
        "off_by_at_most": certificate(fit),
    }


def _errors(seed: int) -> dict[str, float]:
    fit = _fit(ERRORS_AT, won(ERRORS_AT, seed))
    known = errors.EXACT_UP_TO
    probed = errors.standard_errors(fit, rng=np.random.default_rng(seed))
    try:
        errors.EXACT_UP_TO = ERRORS_AT
        exact: Floats = errors.standard_errors(fit)
    finally:
        errors.EXACT_UP_TO = known
    off = np.abs(probed / exact - 1)
    return {"essays": ERRORS_AT, "mean": float(off.mean()), "most": float(off.max())}


def _seconds(what: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.process_time()
        what()
        taken.append(time.process_time() - start)
    return statistics.median(taken)
