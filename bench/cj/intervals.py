"""Means with the doubt that repeating leaves in them."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pipelines.phases.cj_assessment.comparisons import Floats

RESAMPLES = 1000
_TAIL = 0.025
_SES = 1.96


def of_mean(values: Sequence[float]) -> dict[str, float]:
    """Mean and 95 % interval."""
    mean = float(np.mean(values))
    half = _SES * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return {"mean": _short(mean), "low": _short(mean - half), "high": _short(mean + half)}


def resampled(found: Callable[[Floats], float], size: int, *, seed: int) -> dict[str, Any]:
    """What is found of all repetitions, and its 95 % interval if others of their kind had been drawn.

    Args:
        found: from (size,) indices of repetitions; the same for everything that is paired.
    """
    rng = np.random.default_rng(seed)
    whole = found(np.arange(size))
    again = [found(rng.integers(0, size, size)) for _ in range(RESAMPLES)]
    low, high = np.nanquantile(again, [_TAIL, 1 - _TAIL])
    return {"mean": _short(whole), "low": _short(low), "high": _short(high)}


def _short(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None
