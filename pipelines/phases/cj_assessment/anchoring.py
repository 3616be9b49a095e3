"""Whether anchors still are where they were fixed."""

from dataclasses import replace

import numpy as np

from pipelines.phases.cj_assessment import curvature, strength
from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.model import MIDDLE_SD, Model

_SES = 2.0


def drifting(model: Model) -> list[int]:
    """Indices of anchors whose decisions put them elsewhere, by more than two standard errors.

    Each is let go by itself while the others stay fixed, so that it is judged by them and not by itself.
    """
    return [int(index) for index in np.flatnonzero(~model.is_free) if _drifts(model, int(index))]


def _drifts(model: Model, index: int) -> bool:
    precision = model.precision.copy()
    precision[index] = MIDDLE_SD**-2
    fit = strength.fit(replace(model, precision=precision))
    itself: Floats = np.zeros(len(precision))
    itself[index] = 1.0
    variance = curvature.of(fit.model, fit.information).solve(itself)[index]
    off = fit.unknowns[index] - model.mean[index]
    return bool(abs(off) > _SES * np.sqrt(variance + 1 / model.precision[index]))
