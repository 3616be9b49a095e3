"""What an assessment says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from pipelines.phases.cj_assessment.agreement import Disagreement
from pipelines.phases.cj_assessment.curve import CurvePoint
from pipelines.phases.cj_assessment.decisions import JudgeKind
from pipelines.phases.cj_assessment.grades import Grading
from pipelines.phases.cj_assessment.stopping import Stop, StopReason

ENGINE_VERSION = "3"
"""Changes whenever the same decisions and seed would come out otherwise."""

DECIMALS = 6


class Warn(StrEnum):
    """What to mind most about a reliability."""

    NOT_CONNECTED = "not_connected"
    """Decisions do not link all essays, and those of different groups cannot be compared."""

    MEASURES_PART = "measures_part"
    """The usual measure is more than .10 above the honest one, as it is where pairs were chosen by the scores."""

    FEW_ROUNDS = "few_rounds"
    """Before the eighth round claims are up to .1 too high."""


@dataclass(frozen=True, slots=True)
class EssayScore:
    """What is known of one essay.

    Attributes:
        rank: 1 is the best; essays of the same score share one.
        rank_low: the best rank that is still likely, at 90 %.
        rank_high: the worst.
        tie_group: from 1; essays of a group cannot be told from its first one at 90 %.
        score: strength in logits; 0 is the middle of the class, or of the anchors' scale.
        se: its standard error.
        low: lower end of the 90 % interval of the score.
        high: its upper end.
        p_top: how likely it is among the best `top`.
        infit: how well decisions about it fit, 1 as expected, weighted towards close pairs; None without decisions.
        outfit: the same, unweighted, so that a single surprise shows.
        is_misfit: whether judges disagree about it far more than about others.
        n: valid decisions about it.
        component: index into the assessment's components.
        is_anchor: an anchor of known strength is placed, but not ranked: its rank is that which it would have.
    """

    essay_id: str
    rank: int
    rank_low: int
    rank_high: int
    tie_group: int
    score: float
    se: float
    low: float
    high: float
    p_top: float
    infit: float | None
    outfit: float | None
    is_misfit: bool
    n: int
    component: int
    is_anchor: bool


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """How one judge decided.

    Attributes:
        n: valid decisions.
        invalid: pairs it could not judge.
        agreement: share of its choices, ties aside, that fall as the scores do; None without any.
        left_rate: share of its choices, ties aside, for the left.
        position: how much it leans to the left, in logits.
        swap_consistency: of the pairs it was asked about in both orders, how many it decided alike.
        infit: as of essays; None below 20 decisions, where it means nothing.
        outfit: the same.
        is_misfit: whether it decides far more erratically than the others.
        median_ms: time for a decision.
    """

    judge: str
    kind: JudgeKind
    n: int
    invalid: int
    agreement: float | None
    left_rate: float | None
    position: float
    swap_consistency: float | None
    infit: float | None
    outfit: float | None
    is_misfit: bool
    median_ms: float | None


@dataclass(frozen=True, slots=True)
class Reliabilities:
    """How reliable the ranking is, by three measures from 0 to 1; None where one says nothing.

    Attributes:
        honest: expected squared correlation of scores and truth, with the spread of the essays unknown.
        honest_low: 5 % of what is believed is below.
        honest_high: 5 % is above.
        ssr: scale separation reliability, as others report it. Adaptive pairing inflates it.
        split_half: correlation of the scores by two halves of the judges, stepped up by Spearman-Brown.
        is_internal: whether a single machine decided everything: then all three are its consistency with itself, and
            say nothing of whether it is right.
        warning: what to mind about them; None if nothing.
    """

    honest: float | None
    honest_low: float | None
    honest_high: float | None
    ssr: float | None
    split_half: float | None
    is_internal: bool
    warning: Warn | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """All of it.

    Attributes:
        essays: by rank, then id.
        judges: by name.
        disagreements: pairs that persons and machines decided differently, the plainest first.
        components: groups of essays that decisions link, the largest first; of essays of different groups nothing can
            be said.
        curve: by round.
        more_comparisons: a reliability as text, such as ".85" → how many decisions more it takes by what has been
            seen; None if that cannot be said.
        grading: None if no scale was asked for.
        rounds: the last one with a valid decision.
        decisions: how many are valid.
        top: how many are meant by the best.
        spread: standard deviation of the essays' strengths, in logits, apart from the prior.
        prior_slope: how much of the prior there is in the scores, in logits per standard deviation of it; None without.
        ranks_without_prior: essay → rank; None without a prior.
        drifting_anchors: those whose decisions contradict their strength.
    """

    essays: tuple[EssayScore, ...]
    judges: tuple[JudgeReport, ...]
    disagreements: tuple[Disagreement, ...]
    reliability: Reliabilities
    components: tuple[tuple[str, ...], ...]
    stop: Stop
    curve: tuple[CurvePoint, ...]
    more_comparisons: Mapping[str, int | None]
    grading: Grading | None
    rounds: int
    decisions: int
    top: int
    spread: float
    prior_slope: float | None
    ranks_without_prior: Mapping[str, int] | None
    drifting_anchors: tuple[str, ...]
    seed: int
    engine_version: str = ENGINE_VERSION

    def to_json(self) -> dict[str, Any]:
        """Nothing but dicts, lists, numbers and texts, under the attributes' names; numbers to six decimals."""
        found: dict[str, Any] = _plain(self)
        return found


def nothing(*, seed: int, top: int) -> Assessment:
    """What is to be said of a class without essays."""
    return Assessment(
        essays=(),
        judges=(),
        disagreements=(),
        reliability=Reliabilities(
            honest=None,
            honest_low=None,
            honest_high=None,
            ssr=None,
            split_half=None,
            is_internal=False,
            warning=None,
        ),
        components=(),
        stop=Stop(StopReason.NOTHING_TO_COMPARE),
        curve=(),
        more_comparisons={},
        grading=None,
        rounds=0,
        decisions=0,
        top=top,
        spread=0.0,
        prior_slope=None,
        ranks_without_prior=None,
        drifting_anchors=(),
        seed=seed,
    )


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        # Adding zero makes minus zero zero, whose sign is nobody's business.
        return round(value, DECIMALS) + 0.0
    return str(value) if isinstance(value, StrEnum) else value
