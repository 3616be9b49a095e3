"""A part of T10: how long planning a round takes."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from pipelines.phases.cj_assessment import simulating
from pipelines.phases.cj_assessment.pairing import next_round

Say = Callable[[str], None]

ESSAYS, SPREAD, ROUNDS, MOST_S = 1000, 1.5, 12, 1.0


def plans(*, say: Say = lambda _: None, seed: int = 1) -> dict[str, Any]:
    """The slowest of twelve rounds of 1,000 essays, in processor seconds and by the clock."""
    say(f"T10: planning {ROUNDS} rounds of {ESSAYS} essays")
    rng = np.random.default_rng(seed)
    about = simulating.a_class(ESSAYS, SPREAD, rng)
    panel = simulating.a_panel(rng)
    decisions, cpu, wall = [], [], []
    for round_no in range(1, ROUNDS + 1):
        start, began = time.process_time(), time.perf_counter()
        pairs = next_round(list(about.strengths), decisions, round_no, seed=seed)
        cpu.append(time.process_time() - start)
        wall.append(time.perf_counter() - began)
        decisions += panel.decide(pairs, about, round_no, rng)
    return {
        "essays": ESSAYS,
        "spread": SPREAD,
        "slowest_cpu_s": max(cpu),
        "slowest_s": max(wall),
        "most_s": MOST_S,
        "met": max(cpu) <= MOST_S,
    }
