"""T2: whether what is claimed of a ranking is true of it, and what is made of judges who flip coins."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np

from bench.cj import intervals
from bench.cj.pairings import PAIRINGS
from pipelines.phases.cj_assessment import simulating
from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.simulating import Claim
from pipelines.phases.cj_assessment.stopping import LEAST_ROUNDS

Say = Callable[[str], None]

ABOVE, BELOW = 0.04, -0.10
MOST_OF_COINS = 0.25
SPREADS, SIZES, ROUNDS = (1.0, 1.4, 2.5), (30, 60, 100), (8, 12, 20)
AT_ONCE, MOST_CLASSES, QUICK_CLASSES = 20, 400, 5
PRECISE = 0.01
COINS, COINS_QUICK = 60, 8
_COIN_ESSAYS, _COIN_ROUNDS, _COIN_MOST = 60, 12, 20
_ENOUGH = 0.80
_SURE_SES = 2.58  # 99 %


def t2(*, say: Say = lambda _: None, quick: bool = False, seed: int = 1) -> dict[str, Any]:
    """Claimed less true reliability, a mean over classes for each spread, size, pairing and number of rounds.

    Classes are drawn until, for each number of rounds, the mean is known to .01 (standard error) or its 99 % interval
    is inside the limits: claims about classes that differ little vary much, and the others need not wait for them.
    """
    cells = list(_cells(QUICK_CLASSES if quick else MOST_CLASSES, seed, say))
    outside = [one for one in cells if not BELOW <= one["claimed_less_true"]["mean"] <= ABOVE]
    coins = _coins(COINS_QUICK if quick else COINS, seed, say)
    return {
        "within": [BELOW, ABOVE],
        "by_pairing": {
            pairing: _summary([one for one in cells if one["pairing"] == pairing])
            for pairing in PAIRINGS
        },
        "cells": cells,
        "outside": outside,
        "coins": coins,
        "met": not outside and coins["met"],
    }


def _cells(most: int, seed: int, say: Say) -> Iterator[dict[str, Any]]:
    kinds = list(product(SPREADS, SIZES, PAIRINGS))
    for number, (spread, essays, pairing) in enumerate(kinds, 1):
        claims: list[list[Claim]] = []
        while len(claims) < most and not _is_enough(claims):
            further = range(len(claims), min(len(claims) + AT_ONCE, most))
            claims += [_claims(pairing, spread, essays, (seed, each)) for each in further]
        off = ", ".join(f"{each:+.3f}" for each in _off(claims).mean(0))
        kind = f"sd {spread}, {essays} essays, {pairing}"
        say(f"T2: {number} of {len(kinds)}: {kind}: {off} over {len(claims)} classes")
        for place, rounds in enumerate(ROUNDS):
            there = [one[place] for one in claims]
            yield {
                "pairing": pairing,
                "spread": spread,
                "essays": essays,
                "rounds": rounds,
                "classes": len(claims),
                "true": _mean([one.true for one in there]),
                "honest": _mean([one.honest for one in there]),
                "ssr": _mean([one.ssr for one in there]),
                "claimed_less_true": intervals.of_mean([one.honest - one.true for one in there]),
                "ssr_less_true": intervals.of_mean([one.ssr - one.true for one in there]),
            }


def _is_enough(claims: list[list[Claim]]) -> bool:
    if not claims:
        return False
    off = _off(claims)
    mean, se = off.mean(0), off.std(0, ddof=1) / np.sqrt(len(off))
    is_inside = (mean - _SURE_SES * se > BELOW) & (mean + _SURE_SES * se < ABOVE)
    return bool(np.all(is_inside | (se <= PRECISE)))


def _claims(pairing: str, spread: float, essays: int, key: tuple[int, int]) -> list[Claim]:
    rng = np.random.default_rng((*key, essays))
    about = simulating.a_class(essays, spread, rng)
    decided = simulating.judged(
        about, simulating.a_panel(rng), max(ROUNDS), seed=key[1], pairing=PAIRINGS[pairing]
    )
    return [
        simulating.claimed(about, simulating.until(decided, rounds), seed=key[1])
        for rounds in ROUNDS
    ]


def _off(claims: list[list[Claim]]) -> Floats:
    """(classes, rounds) claimed less true."""
    return np.array([[one.honest - one.true for one in each] for each in claims])


def _summary(cells: list[dict[str, Any]]) -> dict[str, Any]:
    means = [one["claimed_less_true"]["mean"] for one in cells]
    return {
        "mean": _mean(means),
        "least": min(means),
        "most": max(means),
        "ssr_mean": _mean([one["ssr_less_true"]["mean"] for one in cells]),
        "ssr_most": max(one["ssr_less_true"]["mean"] for one in cells),
    }


def _coins(classes: int, seed: int, say: Say) -> dict[str, Any]:
    """What is claimed of coin flips after 12 rounds; and, with our own pairing, after any that may be the last."""
    found: dict[str, Any] = {"classes": classes, "most": MOST_OF_COINS}
    for pairing, at in (
        ("swiss", [_COIN_ROUNDS]),
        ("own", range(LEAST_ROUNDS, _COIN_MOST + 1)),
    ):
        say(f"T2: coin flips, {pairing}, {classes} classes")
        claims = [_of_coins(pairing, at, (seed, number)) for number in range(classes)]
        ever = [max(one.honest for one in each.values()) for each in claims]
        found[pairing] = {
            "honest": intervals.of_mean([each[_COIN_ROUNDS].honest for each in claims]),
            "ssr": intervals.of_mean([each[_COIN_ROUNDS].ssr for each in claims]),
            "most_ever": max(ever),
            # Nothing stops below this, whatever else holds.
            "stopped": sum(one >= _ENOUGH for one in ever),
        }
    found["met"] = all(
        found[pairing]["honest"]["mean"] <= MOST_OF_COINS and not found[pairing]["stopped"]
        for pairing in ("swiss", "own")
    )
    return found


def _of_coins(pairing: str, at: Iterable[int], key: tuple[int, int]) -> dict[int, Claim]:
    rng = np.random.default_rng(key)
    about = simulating.a_class(_COIN_ESSAYS, 0.0, rng)
    decided = simulating.judged(
        about, simulating.a_panel(rng), max(at), seed=key[1], pairing=PAIRINGS[pairing]
    )
    return {
        rounds: simulating.claimed(about, simulating.until(decided, rounds), seed=key[1])
        for rounds in at
    }


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4)
