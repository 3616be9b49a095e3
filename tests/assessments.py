"""What a phase that compares essays says in the end, with figures made up."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pipelines.phases.cj_assessment.assessing import (
    EssayScore,
    JudgeReport,
    Reliabilities,
)
from pipelines.phases.cj_assessment.decisions import JudgeKind
from pipelines.phases.cj_assessment.stopping import CurvePoint, Unmet


def an_assessment(
    ranked: Sequence[str],
    decisions: Sequence[Mapping[str, Any]],
    *,
    stop_reason: str = "budget",
    **more: Any,
) -> dict[str, Any]:
    """The result of comparing essays.

    Args:
        ranked: their ids, the best first.
        decisions: as a unit found them.
        more: what is to be otherwise.
    """
    judges = sorted({(each["judge"], each["judge_kind"]) for each in decisions})
    return {
        "essays": [_score(essay, rank, decisions) for rank, essay in enumerate(ranked, start=1)],
        "judges": [asdict(_report(name, kind, decisions)) for name, kind in judges],
        "disagreements": [],
        "reliability": asdict(Reliabilities(0.6, 0.4, 0.7, 0.8, None, True, None)),
        "components": [sorted(ranked)],
        "stop": {"reason": None, "unmet": [str(Unmet.ROUNDS)]},
        "curve": [asdict(CurvePoint(1, 2.0, 0.5, 0.7, 0.3, 0.6))],
        "more_comparisons": {".80": 40, ".85": None},
        "rounds": max((each["round_no"] for each in decisions), default=0),
        "decisions": len(decisions),
        "top": 3,
        "spread": 1.5,
        "prior_slope": None,
        "ranks_without_prior": None,
        "drifting_anchors": [],
        "seed": 1,
        "engine_version": "made up",
        "stop_reason": stop_reason,
        "decision_count": len(decisions),
        "flags": {},
        **more,
    }


def _score(essay: str, rank: int, decisions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    score, se = 1.0 - rank, 0.5
    found = EssayScore(
        essay_id=essay,
        rank=rank,
        rank_low=max(1, rank - 1),
        rank_high=rank + 1,
        tie_group=rank,
        score=score,
        se=se,
        low=score - 1.645 * se,
        high=score + 1.645 * se,
        p_top=1 / rank,
        infit=1.0,
        outfit=1.0,
        is_misfit=False,
        n=sum(essay in {each["left"], each["right"]} for each in decisions),
        component=0,
        is_anchor=False,
    )
    return asdict(found)


def _report(name: str, kind: str, decisions: Sequence[Mapping[str, Any]]) -> JudgeReport:
    return JudgeReport(
        judge=name,
        kind=JudgeKind(kind),
        n=sum(each["judge"] == name for each in decisions),
        invalid=0,
        agreement=1.0,
        left_rate=0.5,
        position=0.0,
        swap_consistency=None,
        infit=None,
        outfit=None,
        is_misfit=False,
        median_ms=None,
    )
