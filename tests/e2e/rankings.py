"""Rankings as the API sends them, made up, so that a page can be looked at with everything that may be in one."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from playwright.sync_api import Page, Route

from app.schemas.assessment import AssessmentSchema
from app.schemas.comparison import ComparisonSchema

PUPILS = (
    *("Åsa Lindqvist", "Bo Ek", "Cilla Abdulkarim-Johansson", "Dan Öberg", "Ebba Nyström"),
    *("Fredrik Holm", "Gul Demir", "Hanna Sjö", "Ivar Dahl", "Jonna Källström", "Karim Haddad"),
    *("Lo Berg", "Maja Wallin", "Nils Åkerlund", "Olle Strand", "Petra Lund", "Rut Alm"),
)
_ID = str(UUID(int=7))
_NEXT = "**/v1/batches/*/comparisons/next"
_PARAGRAPH = (
    "Last summer we took the train to the north, my father and I. It was the longest way that I had"
    " ever gone, and in the beginning I did not want to. But when the woods gave way to the mountains"
    " I put my phone away, and for the first time in weeks we talked."
)
_AT = "2026-03-02T10:00:00+00:00"


def by_people_and_machines() -> dict[str, Any]:
    """Most things that may have to be said of a ranking, said of one."""
    essays = [_essay(index) for index in range(len(PUPILS))]
    essays[3] |= {"is_misfit": True, "infit": 1.74}
    essays[6] |= {"flags": ["repeated", "torn"]}
    essays[9] |= {"has_other_text": True}
    essays[12] |= {"is_anchor": True, "is_drifting": True}
    essays[16] |= {"infit": None, "outfit": None}
    return _ranking(
        essays,
        judges=[
            _judge("builtin", "builtin", n=40, agreement=0.79, left_rate=0.51, swap=1.0),
            _judge("7", "person", n=44, name="Tove Eacher", agreement=0.86, median_ms=23_400.0),
            _judge("8", "person", n=31, name="Per Sson", invalid=2, is_misfit=True, left_rate=0.71),
        ],
        disagreements=[
            _disagreement("essay-2", "essay-5", 1, 2, 0.84),
            _disagreement("essay-11", "essay-4", 2, 1, -0.41),
        ],
        reliability=_figures(0.74, 0.66, 0.81, 0.91, 0.58),
        more_comparisons={".80": 28, ".85": 61, ".90": None},
        unmet=["reliability", "lower_bound"],
        prior_slope=0.62,
    )


def graded() -> dict[str, Any]:
    """One whose essays have grades: known, suggested, unsure, approved and overridden."""
    found = by_people_and_machines()
    essays = found["essays"]
    grades = ["F", "E", "D", "C", "B", "A"]
    for index, known in {0: "A", 1: "A", 6: "C", 15: "E", 16: "E"}.items():
        essays[index] |= {
            "is_anchor": True,
            "anchor": {"grade": known, "marked_at": _AT, "has_other_text": index == 6},
        }
    for index, essay in enumerate(essays):
        if essay["anchor"] is None:
            essay["grade"] = _suggested("AABBCCCCCDDDDDEEE"[index], unsure=index % 4 == 3)
    essays[2]["decided_grade"] = _decided("B", "B")
    essays[3]["decided_grade"] = _decided("A", "B")
    essays[4]["decided_grade"] = {**_decided("C", None), "has_other_text": True}
    essays[14]["grade"]["is_beyond"] = True
    found["judges"].append(_judge("judge-1", "llm", n=40, agreement=0.88, swap=0.9))
    found["grading"] = {
        "scale": "swedish_a_f",
        "grades": grades,
        "why_not": None,
        "without_anchors": ["F"],
    }
    return found


def with_too_few_anchors() -> dict[str, Any]:
    """One with a scale and one known grade, which is not enough."""
    found = by_a_machine()
    found["essays"][0]["anchor"] = {"grade": "9", "marked_at": _AT, "has_other_text": False}
    found["grading"] = {
        "scale": "eng5_national",
        "grades": list("123456789"),
        "why_not": "one_grade",
        "without_anchors": [],
    }
    return found


def by_a_machine() -> dict[str, Any]:
    """One that only the built-in judge has seen."""
    return _ranking(
        [_essay(index) for index in range(8)],
        judges=[_judge("builtin", "builtin", n=48, agreement=0.93, left_rate=0.49)],
        reliability={**_figures(0.93, 0.9, 0.96, 0.97, None), "is_internal": True},
        left_out=[{**_named(8), "failure_code": "no_words"}],
        stop_reason="reliable",
    )


def in_pieces() -> dict[str, Any]:
    """One whose essays fall into groups that nothing links, and of which little can be said."""
    essays = [{**_essay(index), "component": index // 3} for index in range(4)]
    return _ranking(
        essays,
        judges=[_judge("7", "person", n=3, name="Tove Eacher", agreement=None, left_rate=None)],
        reliability=_figures(None, None, None, None, None),
        components=[["essay-1", "essay-2", "essay-3"], ["essay-4"]],
        curve=[],
        stop_reason="awaiting_decisions",
        unmet=["rounds", "components"],
    )


def answered(ranking: dict[str, Any]) -> Any:
    """Let a page have a ranking, whatever the server has."""

    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="application/json", body=json.dumps(ranking))

    def prepare(page: Page) -> None:
        page.route("**/v1/batches/*/assessment", answer)

    return prepare


def lent(*, for_s: int = 900) -> Any:
    """Let a page have pairs to judge, whatever the server has.

    Args:
        for_s: how long they are kept for whoever looks.
    """
    numbers = count(1)

    def answer(route: Route) -> None:
        until = datetime.now(UTC) + timedelta(seconds=for_s)
        pair = {
            "comparison_id": str(UUID(int=next(numbers))),
            "round_no": 4,
            "lease_until": until.isoformat(),
            "instructions": "Write about a journey, and about what it meant to you.",
            "left": {"text": "\n\n".join([_PARAGRAPH] * 4), "language": "en"},
            "right": {"text": "\n\n".join([_PARAGRAPH] * 9), "language": "en"},
            "decided": 12,
            "in_round": 9,
        }
        assert set(pair) == set(ComparisonSchema().fields), "the API sends something else"
        route.fulfill(status=200, content_type="application/json", body=json.dumps(pair))

    return lambda page: page.route(_NEXT, answer)


def none_to_lend(page: Page) -> None:
    """Have no pair left for whoever looks."""
    page.route(_NEXT, lambda route: route.fulfill(status=204))


def _ranking(essays: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    rounds, figures = 9, more["reliability"]

    def grown(figure: str, no: int, by: float = 1) -> float:
        return round((figures[figure] or 0) * (1 - by * (1 / no - 1 / rounds)), 3)

    found = {
        "batch_id": _ID,
        "run_id": _ID,
        "assessment_job_id": _ID,
        "revision": 3,
        "is_current": True,
        "grading": {"scale": None, "grades": [], "why_not": "no_scale", "without_anchors": []},
        "created_at": _AT,
        "updated_at": _AT,
        "decision_count": 115,
        "rounds": rounds,
        "stop_reason": "budget",
        "unmet": [],
        "top": 3,
        "curve": [
            {
                "round_no": no,
                "comparisons_per_essay": 1.5 * no,
                "honest": None if no < 3 else grown("honest", no),
                "honest_low": None if no < 3 else grown("honest_low", no, 1.5),
                "honest_high": None if no < 3 else grown("honest_high", no, 0.5),
                "ssr": grown("ssr", no, 0.5),
            }
            for no in range(1, rounds + 1)
        ],
        "more_comparisons": {},
        "spread": 1.4,
        "prior_slope": None,
        "essays": essays,
        "left_out": [],
        "disagreements": [],
        "components": [[each["essay_id"] for each in essays]],
        **more,
    }
    assert set(found) == set(AssessmentSchema().fields), "the API sends something else"
    return found


def _named(index: int) -> dict[str, Any]:
    return {
        "essay_id": f"essay-{index + 1}",
        "position": index,
        "student_name": PUPILS[index],
        "file_name": f"pupil-{index + 1}.docx",
    }


def _essay(index: int) -> dict[str, Any]:
    score = round(2.4 - 0.29 * index - (0.6 if index > 4 else 0), 2)
    se = 0.34 + 0.04 * (index % 4)
    group = (1, 2, 2, 2, 3, 4, 4, 5, 5, 5, 5, 6, 6, 7, 7, 8, 8)[index]
    return {
        **_named(index),
        "has_other_text": False,
        "rank": index + 1,
        "rank_low": max(1, index - 1),
        "rank_high": index + 3,
        "tie_group": group,
        "score": score,
        "se": se,
        "low": score - 1.645 * se,
        "high": score + 1.645 * se,
        "p_top": 0.97 / (1 + index),
        "infit": 0.8 + 0.05 * (index % 7),
        "outfit": 1.0,
        "is_misfit": False,
        "n": 13 + index % 2,
        "component": 0,
        "is_anchor": False,
        "is_drifting": False,
        "rank_without_prior": index + 1 + (-1) ** index,
        "flags": [],
        "anchor": None,
        "grade": None,
        "decided_grade": None,
    }


def _suggested(grade: str, *, unsure: bool) -> dict[str, Any]:
    other = chr(ord(grade) + (1 if grade == "A" else -1))
    chance = 0.55 if unsure else 0.82
    return {
        "grade": grade,
        "chances": {**dict.fromkeys("EDCBA", 0.01), grade: chance, other: 0.97 - chance},
        "between": [grade, other] if unsure else None,
        "is_beyond": False,
    }


def _decided(grade: str, suggested: str | None) -> dict[str, Any]:
    return {
        "grade": grade,
        "suggested": suggested,
        "is_override": grade != suggested,
        "decided_at": _AT,
        "has_other_text": False,
    }


def _judge(judge: str, kind: str, *, swap: float | None = None, **more: Any) -> dict[str, Any]:
    return {
        "judge": judge,
        "kind": kind,
        "name": None,
        "n": 0,
        "invalid": 0,
        "agreement": 0.8,
        "left_rate": 0.5,
        "position": 0.0,
        "swap_consistency": swap,
        "infit": 1.0,
        "outfit": 1.0,
        "is_misfit": False,
        "median_ms": 8_300.0,
        **more,
    }


def _figures(honest: Any, low: Any, high: Any, ssr: Any, split: Any) -> dict[str, Any]:
    return {
        "honest": honest,
        "honest_low": low,
        "honest_high": high,
        "ssr": ssr,
        "split_half": split,
        "is_internal": False,
        "warning": None,
    }


def _disagreement(theirs: str, its: str, persons: int, machines: int, gap: float) -> dict[str, Any]:
    return {
        "persons_prefer": theirs,
        "machines_prefer": its,
        "persons": persons,
        "machines": machines,
        "gap": gap,
    }
