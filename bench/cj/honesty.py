"""T2: whether what is claimed of a ranking is true of it, and what is made of judges who flip coins."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from bench.cj import intervals
from bench.cj.pairings import PAIRINGS
from pipelines.phases.cj_assessment import simulating
from pipelines.phases.cj_assessment.simulating import Claim
from pipelines.phases.cj_assessment.stopping import LEAST_ROUNDS

Say = Callable[[str], None]

ABOVE, BELOW = 0.04, -0.10
MOST_OF_COINS = 0.25
SPREADS, SIZES, ROUNDS = (1.0, 1.75, 2.5), (30, 60, 100), (8, 12, 16, 20)
CLASSES, CLASSES_QUICK = 40, 5
COINS, COINS_QUICK = 60, 8
_COIN_ESSAYS, _COIN_ROUNDS, _COIN_MOST = 60, 12, 20
_ENOUGH = 0.80


def t2(*, say: Say = lambda _: None, quick: bool = False, seed: int = 1) -> dict[str, Any]:
    """Claimed less true reliability, a mean over classes for each spread, size, pairing and number of rounds."""
    classes = CLASSES_QUICK if quick else CLASSES
    cells = list(_cells(classes, seed, say))
    return {
        "within": [BELOW, ABOVE],
        "classes": classes,
        "cells": cells,
        "by_pairing": {
            pairing: _summary([one for one in cells if one["pairing"] == pairing])
            for pairing in PAIRINGS
        },
        "coins": _coins(COINS_QUICK if quick else COINS, seed, say),
        "outside": [one for one in cells if not BELOW <= one["claimed_less_true"]["mean"] <= ABOVE],
        "surely_outside": [
            one
            for one in cells
            if one["claimed_less_true"]["low"] > ABOVE or one["claimed_less_true"]["high"] < BELOW
        ],
    }


def _cells(classes: int, seed: int, say: Say) -> Iterator[dict[str, Any]]:
    for pairing, spread, essays in product(PAIRINGS, SPREADS, SIZES):
        say(f"T2: {pairing}, sd {spread}, {essays} essays, {classes} classes")
        claims = [_claims(pairing, spread, essays, (seed, number)) for number in range(classes)]
        for place, rounds in enumerate(ROUNDS):
            there = [one[place] for one in claims]
            yield {
                "pairing": pairing,
                "spread": spread,
                "essays": essays,
                "rounds": rounds,
                "true": _mean([one.true for one in there]),
                "honest": _mean([one.honest for one in there]),
                "ssr": _mean([one.ssr for one in there]),
                "claimed_less_true": intervals.of_mean([one.honest - one.true for one in there]),
                "ssr_less_true": intervals.of_mean([one.ssr - one.true for one in there]),
            }


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
    """What is claimed of coin flips after 12 rounds, and the most after any round from the eighth to the twentieth."""
    found: dict[str, Any] = {"classes": classes, "most": MOST_OF_COINS}
    for pairing in ("swiss", "own"):
        say(f"T2: coin flips, {pairing}, {classes} classes")
        at_twelve, ever = [], []
        for number in range(classes):
            rng = np.random.default_rng((seed, number))
            about = simulating.a_class(_COIN_ESSAYS, 0.0, rng)
            decided = simulating.judged(
                about,
                simulating.a_panel(rng),
                _COIN_MOST,
                seed=number,
                pairing=PAIRINGS[pairing],
            )
            claims = {
                rounds: simulating.claimed(about, simulating.until(decided, rounds), seed=number)
                for rounds in range(LEAST_ROUNDS, _COIN_MOST + 1)
            }
            at_twelve.append(claims[_COIN_ROUNDS])
            ever.append(max(one.honest for one in claims.values()))
        found[pairing] = {
            "honest": intervals.of_mean([one.honest for one in at_twelve]),
            "ssr": intervals.of_mean([one.ssr for one in at_twelve]),
            "most_ever": max(ever),
            # Nothing stops below this, whatever else holds.
            "stopped": sum(one >= _ENOUGH for one in ever),
        }
    found["met"] = all(
        found[pairing]["honest"]["mean"] <= MOST_OF_COINS and not found[pairing]["stopped"]
        for pairing in ("swiss", "own")
    )
    return found


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4)
