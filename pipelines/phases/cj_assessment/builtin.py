"""The judge that needs nobody: it compares what essays look like, by weights set by hand.

It has not understood a word of them. What it says is an estimate; that it always says the same is consistency, not
reliability.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipelines.phases.cj_assessment import features
from pipelines.phases.cj_assessment.decisions import Choice, JudgeKind
from pipelines.phases.cj_assessment.judges import Factor, Task, Verdict
from pipelines.phases.cj_assessment.weights import (
    FEATURES,
    LIMITS,
    NAMES,
    SHARES,
    Description,
    Feature,
)
from pipelines.vocabulary import Language, Profile

NAME = "builtin"
VERSION = f"1; features {features.VERSION}"

_DECIMALS = 6
_CLIP = 3.0  # standard deviations beyond which more of anything counts for nothing
_STEEPNESS = 1.5  # logits for a standard deviation between two essays
_NAMED = 3  # factors that a reason names
_INNER = (
    0.16,
    0.5,
    0.84,
)  # where a normal distribution has its middle and a deviation on each side
_ALIKE = 1e-9  # spread of what is the same in all essays

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an essay stands among those it was handed in with.

    Attributes:
        content, language: the two scores, in standard deviations of the batch.
        score: both together, as the profile mixes them, less what `flags` cost.
        flags: codes of what no essay has that was only written to be read; a person should look.
        values: what the essay was described as.
        contributions: code → what it adds to the score.
    """

    content: float
    language: float
    score: float
    flags: tuple[str, ...]
    values: Mapping[str, float]
    contributions: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """Nothing but dicts, lists, numbers and texts."""
        return {**asdict(self), "flags": list(self.flags)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `to_json` was called on."""
        return cls(**{**stored, "flags": tuple(stored["flags"])})


def standings(
    descriptions: Mapping[str, Description], profile: Profile = Profile.BALANCED
) -> Mapping[str, Standing]:
    """Place essays by what they look like beside each other.

    Args:
        descriptions: essay → what `features.describe` says of it.
        profile: what counts more.

    Returns:
        Essay → standing. The order of the essays makes no difference.
    """
    ids = sorted(descriptions)
    if not ids:
        return {}
    about = [descriptions[essay] for essay in ids]
    scaled = np.array([_standardised(about, feature) for feature in FEATURES])
    content = _side(scaled, [feature.content for feature in FEATURES])
    language = _side(scaled, [feature.language for feature in FEATURES])
    content_share, language_share = SHARES[profile]
    parts = content_share * content + language_share * language
    costs = np.array([[-limit.excess(each) for each in about] for limit in LIMITS])
    codes = [feature.code for feature in FEATURES] + [limit.code for limit in LIMITS]
    rows = np.round(np.vstack([parts, costs]), _DECIMALS)
    return {
        essay: Standing(
            round(float(content[:, at].sum()), _DECIMALS),
            round(float(language[:, at].sum()), _DECIMALS),
            round(float(rows[:, at].sum()), _DECIMALS),
            tuple(limit.code for number, limit in enumerate(LIMITS) if costs[number, at] < 0),
            dict(about[at]),
            {code: float(value) for code, value in zip(codes, rows[:, at], strict=True) if value},
        )
        for at, essay in enumerate(ids)
    }


def compare(left: Standing, right: Standing) -> Verdict:
    """Prefer the essay that stands higher; a tie where both stand alike."""
    gain = _STEEPNESS * (left.score - right.score)
    choice = Choice.TIE if not gain else Choice.LEFT if gain > 0 else Choice.RIGHT
    factors = _factors(left, right)
    confidence = round(1 / (1 + math.exp(-abs(gain))), 4)
    return Verdict(choice, confidence, _reason(choice, factors), factors)


class BuiltinJudge:
    """The same as a `Judge`, for essays of one batch whose texts are at hand."""

    name = NAME
    kind = JudgeKind.BUILTIN
    version = VERSION

    def __init__(self, standings: Mapping[str, Standing]) -> None:
        self._standings = standings

    @classmethod
    def of_batch(
        cls, texts: Mapping[str, str], language: Language, profile: Profile = Profile.BALANCED
    ) -> Self:
        """A judge of these essays: id → text."""
        about = {essay: features.describe(text, language) for essay, text in texts.items()}
        return cls(standings(about, profile))

    def compare(self, tasks: Sequence[Task]) -> Sequence[Verdict]:
        """See the protocol; only the ids of the pairs are looked at."""
        return [
            compare(self._standings[task.pair.left], self._standings[task.pair.right])
            for task in tasks
        ]


def _standardised(about: Sequence[Description], feature: Feature) -> Floats:
    """A feature of all essays: 0 in the middle, 1 a standard deviation above; 0 where it is undefined.

    Middle and spread are those of the inner two thirds, which no single essay can move far.
    """
    values = np.array(
        [np.nan if (value := feature.scale(each)) is None else value for each in about]
    )
    given = values[~np.isnan(values)]
    if not len(given):
        return np.zeros(len(values))
    low, middle, high = np.quantile(given, _INNER)
    spread = max((high - low) / 2, given.std() / 2, feature.least_spread)
    return np.asarray(np.nan_to_num(np.clip((values - middle) / spread, -_CLIP, _CLIP)))


def _side(scaled: Floats, weights: Sequence[float]) -> Floats:
    """What each feature adds to one of the two scores, which has a standard deviation of 1 in the batch."""
    parts = scaled * np.array(weights)[:, None]
    spread = float(parts.sum(axis=0).std())
    return np.asarray(parts / spread if spread > _ALIKE else parts)


def _factors(left: Standing, right: Standing) -> tuple[Factor, ...]:
    gains = {
        code: _STEEPNESS * (left.contributions.get(code, 0.0) - right.contributions.get(code, 0.0))
        for code in sorted({*left.contributions, *right.contributions})
    }
    return tuple(
        Factor(code, left.values.get(code, 0.0), right.values.get(code, 0.0), round(gain, 4))
        for code, gain in sorted(gains.items(), key=lambda each: -abs(each[1]))
        if round(gain, 4)
    )


def _reason(choice: Choice, factors: Sequence[Factor]) -> str:
    if choice is Choice.TIE:
        return "Nothing tells them apart."
    sign = 1 if choice is Choice.LEFT else -1
    spoke = [one for one in factors if sign * one.gain > 0 and one.left != one.right]
    said = (f"{NAMES[one.code]} {one.left:.3g} : {one.right:.3g}" for one in spoke[:_NAMED])
    return "; ".join(said) or "Everything together, and nothing by itself."
