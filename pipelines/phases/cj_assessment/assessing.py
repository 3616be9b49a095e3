"""Everything that decisions say about essays and judges, worked out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.phases.cj_assessment import (
    agreement,
    anchoring,
    comparisons,
    curve,
    errors,
    grades,
    graph,
    misfit,
    model,
    placing,
    reliability,
    scale,
    stopping,
    strength,
)
from pipelines.phases.cj_assessment.assessment import (
    Assessment,
    EssayScore,
    JudgeReport,
    Reliabilities,
    Warn,
    nothing,
)
from pipelines.phases.cj_assessment.comparisons import Comparisons, Floats, Ints
from pipelines.phases.cj_assessment.curve import Curve
from pipelines.phases.cj_assessment.decisions import Decision, JudgeKind
from pipelines.phases.cj_assessment.grades import Anchor, GradeScale, Grading
from pipelines.phases.cj_assessment.model import Model
from pipelines.phases.cj_assessment.reliability import Honest
from pipelines.phases.cj_assessment.scale import Draws
from pipelines.phases.cj_assessment.stopping import LEAST_ROUNDS, MOST_ROUNDS, Standing, Stop
from pipelines.phases.cj_assessment.strength import Fit

PARTS_BY = 0.10
"""How far the usual measure may be above the honest one before that is said."""

FORECASTS = (0.70, 0.80, 0.85, 0.90)
_TAIL = 1.645
_MOST_OWN = 0.9
_POSTERIOR, _ERRORS, _SPLITS = range(3)


def assess(
    essays: Sequence[str],
    decisions: Iterable[Decision],
    *,
    seed: int,
    prior: Mapping[str, float] | None = None,
    anchors: Mapping[str, Anchor] | None = None,
    target: float = 0.80,
    top: int = 3,
    most_rounds: int = MOST_ROUNDS,
    grade_scale: GradeScale | None = None,
) -> Assessment:
    """Work out everything.

    Args:
        essays: ids, the anchors' among them; their order makes no difference, nor does that of the decisions.
        seed: 0 or more; the same essays, decisions and seed give the same bytes.
        prior: a score for each essay by somebody cheap, on any scale; how much it counts is learned from the decisions.
        anchors: essays whose strength or grade is known.
        target: the honest reliability that is enough.
        top: how many are meant by the best.
        most_rounds: the budget.
        grade_scale: what to grade on; None for a ranking alone.

    Returns:
        Finite numbers whatever was decided: essays that never lost or won, that nobody saw or nothing links, ties
        alone, one judge, one essay, none.

    Raises:
        ContradictoryDecisionsError: a judge said two things of one pair in one round and order.
        UnknownEssayError: a decision, the prior or an anchor is about an essay that is not among these.
        UnknownGradeError: an anchor's grade is not on the scale.
        ValueError: a target that is not between 0 and 1.
    """
    if not 0 < target < 1:
        raise ValueError("the target has to be between 0 and 1")
    if not essays:
        return nothing(seed=seed, top=top)
    once = comparisons.unique(decisions)
    known = _known(comparisons.of(essays, once), prior, anchors or {}, seed)
    compared, free = known.compared, known.model.is_free
    scores = dict(zip(compared.essays, known.scores.tolist(), strict=True))
    numbers = graph.components(compared, np.flatnonzero(~free))
    drawn = curve.drawn(known.fit.model, known.bare, known.draws, compared, free)
    honest = reliability.honest(known.scores, known.draws, free)
    reliabilities = _reliabilities(known, honest, once, int(numbers.max(initial=0)) + 1)
    return Assessment(
        essays=_essays(known, numbers, top),
        judges=_judges(known, once, scores),
        disagreements=agreement.disagreements(once, scores),
        reliability=reliabilities,
        components=_named(compared.essays, numbers),
        stop=_stop(known, once, honest, drawn, numbers, target=target, most_rounds=most_rounds),
        curve=drawn.points,
        more_comparisons={
            f"{wanted:.2f}".lstrip("0"): stopping.more_comparisons(
                drawn.points, len(essays), reliabilities.honest, wanted
            )
            for wanted in sorted({*FORECASTS, round(target, 2)})
        },
        grading=_grading(known, anchors or {}, grade_scale),
        rounds=compared.rounds,
        decisions=len(compared),
        top=top,
        spread=known.spread,
        prior_slope=None if prior is None else known.slope,
        ranks_without_prior=None if prior is None else _ranks(known.bare, compared),
        drifting_anchors=tuple(
            compared.essays[index] for index in anchoring.drifting(known.fit.model)
        ),
        seed=seed,
    )


@dataclass(frozen=True, eq=False)
class _Known:
    """What all parts are worked out from.

    Attributes:
        model: of all valid decisions.
        bare: the same without the prior, the class spread as it is with it.
        fit: at the spread that is believed in.
        scores: (n,) strengths, which are what is told.
        errors: (n,) their standard errors.
        own: (m,) what part a decision has in how likely it now looks.
    """

    compared: Comparisons
    model: Model
    bare: Model
    draws: Draws
    spread: float
    slope: float
    fit: Fit
    scores: Floats
    errors: Floats
    own: Floats
    seed: int


def _known(
    compared: Comparisons,
    prior: Mapping[str, float] | None,
    anchors: Mapping[str, Anchor],
    seed: int,
) -> _Known:
    whole = model.of(compared, prior=prior, anchors=anchors)
    draws = scale.draws(whole, _rng(seed, _POSTERIOR))
    spread = float(draws.spreads.mean())
    fit = strength.fit(whole.with_spread(spread))
    slope = 0.0 if prior is None else float(fit.shared[len(compared.judges)])
    bare = model.of(compared, anchors=anchors, spread=float(np.hypot(spread, slope)))
    return _Known(
        compared,
        whole,
        bare,
        draws,
        spread,
        slope,
        fit,
        fit.strengths,
        errors.standard_errors(fit, rng=_rng(seed, _ERRORS)),
        np.minimum(fit.information * errors.of_gaps(fit, whole.left, whole.right), _MOST_OWN),
        seed,
    )


def _essays(known: _Known, numbers: Ints, top: int) -> tuple[EssayScore, ...]:
    compared, fit = known.compared, known.fit
    n = len(compared.essays)
    places = placing.placed(known.scores, known.draws.strengths, known.model.is_free, top=top)
    fits = misfit.of(
        np.concatenate([compared.left, compared.right]),
        np.concatenate([compared.won, 1 - compared.won]),
        np.concatenate([fit.chances, 1 - fit.chances]),
        n,
        own=np.concatenate([known.own, known.own]),
    )
    found = [
        EssayScore(
            essay_id=compared.essays[index],
            rank=int(places.ranks[index]),
            rank_low=int(places.low[index]),
            rank_high=int(places.high[index]),
            tie_group=int(places.groups[index]),
            score=float(known.scores[index]),
            se=float(known.errors[index]),
            low=float(known.scores[index] - _TAIL * known.errors[index]),
            high=float(known.scores[index] + _TAIL * known.errors[index]),
            p_top=float(places.p_top[index]),
            infit=_or_none(fits.infit[index]),
            outfit=_or_none(fits.outfit[index]),
            is_misfit=bool(fits.is_odd[index]),
            n=int(compared.counts[index]),
            component=int(numbers[index]),
            is_anchor=not known.model.is_free[index],
        )
        for index in range(n)
    ]
    return tuple(sorted(found, key=lambda one: (-round(one.score, placing.DECIMALS), one.essay_id)))


def _judges(
    known: _Known, decisions: Sequence[Decision], scores: Mapping[str, float]
) -> tuple[JudgeReport, ...]:
    compared = known.compared
    fits = misfit.of(
        compared.judge,
        compared.won,
        known.fit.chances,
        len(compared.judges),
        own=known.own,
        least=misfit.LEAST_OF_JUDGE,
    )
    place = {judge: index for index, judge in enumerate(compared.judges)}
    found = []
    for judge, habits in agreement.habits(decisions, scores).items():
        index = place.get(judge)
        found.append(
            JudgeReport(
                judge=judge,
                kind=habits.kind,
                n=habits.n,
                invalid=habits.invalid,
                agreement=habits.agreement,
                left_rate=habits.left_rate,
                position=0.0 if index is None else float(known.fit.shared[index]),
                swap_consistency=habits.swap_consistency,
                infit=None if index is None else _or_none(fits.infit[index]),
                outfit=None if index is None else _or_none(fits.outfit[index]),
                is_misfit=index is not None and bool(fits.is_odd[index]),
                median_ms=habits.median_ms,
            )
        )
    return tuple(found)


def _reliabilities(
    known: _Known, honest: Honest | None, decisions: Sequence[Decision], components: int
) -> Reliabilities:
    compared, free = known.compared, known.model.is_free
    usual = reliability.ssr(known.bare, free)
    judges = {one.judge: one.kind for one in decisions if one.is_valid}
    warnings = {
        Warn.NOT_CONNECTED: components > 1,
        Warn.MEASURES_PART: honest is not None
        and usual is not None
        and usual > honest.claim + PARTS_BY,
        Warn.FEW_ROUNDS: compared.rounds < LEAST_ROUNDS,
    }
    return Reliabilities(
        honest=honest.claim if honest else None,
        honest_low=honest.low if honest else None,
        honest_high=honest.high if honest else None,
        ssr=usual,
        split_half=reliability.split_half(known.bare, compared, free, _rng(known.seed, _SPLITS)),
        is_internal=len(judges) == 1 and JudgeKind.PERSON not in judges.values(),
        warning=next((warning for warning, is_due in warnings.items() if is_due), None),
    )


def _stop(
    known: _Known,
    decisions: Sequence[Decision],
    honest: Honest | None,
    drawn: Curve,
    numbers: Ints,
    *,
    target: float,
    most_rounds: int,
) -> Stop:
    n, fixed = known.model.n, int((~known.model.is_free).sum())
    standing = Standing(
        essays=n,
        pairs_left=(n * (n - 1) - fixed * (fixed - 1)) // 2
        - len({one.pair.essays for one in decisions}),
        decisions=float(known.compared.weight.sum()),
        round_no=known.compared.rounds,
        honest=honest,
        components=int(numbers.max(initial=0)) + 1,
        gains=drawn.gains,
    )
    return stopping.decided(standing, target=target, most_rounds=most_rounds)


def _grading(
    known: _Known, anchors: Mapping[str, Anchor], grade_scale: GradeScale | None
) -> Grading | None:
    if grade_scale is None:
        return None
    draws = known.draws.strengths
    return grades.graded(known.compared.essays, known.scores, draws, anchors, grade_scale)


def _named(essays: Sequence[str], numbers: Ints) -> tuple[tuple[str, ...], ...]:
    found: dict[int, list[str]] = {}
    for essay, number in zip(essays, numbers.tolist(), strict=True):
        found.setdefault(number, []).append(essay)
    return tuple(tuple(found[number]) for number in sorted(found))


def _ranks(bare: Model, compared: Comparisons) -> dict[str, int]:
    rounded = strength.fit(bare).strengths.round(placing.DECIMALS)
    ranks = 1 + (rounded[bare.is_free][None, :] > rounded[:, None]).sum(1)
    return dict(zip(compared.essays, ranks.tolist(), strict=True))


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _rng(seed: int, purpose: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, 0, purpose))))
