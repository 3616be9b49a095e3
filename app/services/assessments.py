"""What came of comparing a batch's essays, with the names that a teacher knows them by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.errors import AssessmentNotFound
from app.repositories.assessments import NamedEssay
from app.services import dispatch, grading, recomputing
from app.services.deps import Deps
from app.services.results import Seen, whatever
from app.unit_of_work import UnitOfWork, in_request
from models import AssessmentResult, GradeScale
from models.judgement import PHASE
from pipelines.phases.cj_assessment.decisions import JudgeKind


def _read(
    find: Callable[[UnitOfWork], AssessmentResult], deps: Deps, seen: Seen = whatever
) -> dict[str, Any]:
    """An assessment as it is sent, worked out anew before if somebody has decided since."""
    with deps.uow("look_for_assessment") as uow:
        found = find(uow)
        is_current = recomputing.is_current(uow, found)
    if not is_current:
        is_current = recomputing.bring_up_to_date(found, deps)
    with deps.uow("read_assessment") as uow:
        found = find(uow)
        version = uow.batches.version(found.batch_id)
        seen(f"{version}.{found.run_id.hex}.{found.revision}")
        return {**body(uow, found), "is_current": is_current}


@in_request
def of_batch(
    batch_id: UUID, *, owner_id: UUID, deps: Deps, seen: Seen = whatever
) -> dict[str, Any]:
    """The newest assessment of a batch, whole.

    Raises:
        BatchNotFound: no such batch of this teacher.
        AssessmentNotFound: its essays have not been compared.
    """

    def of_mine(uow: UnitOfWork) -> AssessmentResult:
        uow.batches.owned(batch_id, owner_id)
        return newest(uow, batch_id)

    return _read(of_mine, deps, seen)


@in_request
def detailed(job_id: UUID, *, deps: Deps) -> dict[str, Any]:
    """What one phase run came to, whole, for a service.

    Raises:
        AssessmentNotFound: there is no such phase run, or nothing has come of it.
    """

    def of_job(uow: UnitOfWork) -> AssessmentResult:
        found = uow.assessments.of_job(job_id)
        if found is None:
            raise AssessmentNotFound("Nothing has come of a job of this id.")
        return found

    return _read(of_job, deps)


@in_request
def summary(batch_id: UUID, *, deps: Deps) -> dict[str, Any]:
    """The newest assessment of a batch in short, for a service.

    Raises:
        BatchNotFound: no such batch.
        AssessmentNotFound: its essays have not been compared.
    """

    def of_any(uow: UnitOfWork) -> AssessmentResult:
        uow.batches.get(batch_id)
        return newest(uow, batch_id)

    whole = _read(of_any, deps)
    return {
        **{name: whole[name] for name in _IN_SHORT},
        "rankings": [{name: each[name] for name in _RANKED} for each in whole["essays"]],
    }


_IN_SHORT = (
    "batch_id",
    "run_id",
    "assessment_job_id",
    "revision",
    "updated_at",
    "decision_count",
    "stop_reason",
    "reliability",
)
_RANKED = ("essay_id", "rank", "score", "se")


def newest(uow: UnitOfWork, batch_id: UUID) -> AssessmentResult:
    """The newest assessment of a batch. Raises AssessmentNotFound where there is none."""
    found = uow.assessments.newest(batch_id)
    if found is None:
        raise AssessmentNotFound("The essays of this batch have not been compared.")
    return found


def body(uow: UnitOfWork, found: AssessmentResult) -> dict[str, Any]:
    """An assessment as it is sent, ready for JSON: essays by the ids that their owner knows."""
    detail = found.detail
    named = {
        str(essay.essay_pk): essay for essay in uow.assessments.essays(found.batch_id, found.run_id)
    }
    ids = {pk: essay.essay_id for pk, essay in named.items()}
    ranked = {each["essay_id"] for each in detail["essays"]}
    scale = uow.gradings.scale(found.batch_id)
    grades = _grades(uow, found)
    return {
        "batch_id": str(found.batch_id),
        "run_id": str(found.run_id),
        "assessment_job_id": str(dispatch.phase_run_id(found.run_id, PHASE)),
        "revision": found.revision,
        "created_at": found.created_at.isoformat(),
        "updated_at": found.updated_at.isoformat(),
        "decision_count": found.decision_count,
        "stop_reason": found.stop_reason,
        "unmet": detail["stop"]["unmet"],
        **{name: detail[name] for name in _AS_FOUND},
        "grading": _grading(detail, scale),
        "essays": [
            {
                **_essay(each, named[each["essay_id"]], detail),
                **grades.get(each["essay_id"], _UNGRADED),
            }
            for each in detail["essays"]
        ],
        "left_out": [_left_out(essay) for pk, essay in named.items() if pk not in ranked],
        "judges": _judges(uow, detail["judges"]),
        "disagreements": [_disagreement(each, ids) for each in detail["disagreements"]],
        "components": [[ids[pk] for pk in each] for each in detail["components"]],
    }


_AS_FOUND = (
    "rounds",
    "top",
    "reliability",
    "curve",
    "more_comparisons",
    "spread",
    "prior_slope",
)


def _essay(
    found: Mapping[str, Any], essay: NamedEssay, detail: Mapping[str, Any]
) -> dict[str, Any]:
    pk = found["essay_id"]
    return {
        **name_of(essay),
        "has_other_text": essay.has_other_text,
        **{name: found[name] for name in _OF_ESSAY},
        "is_drifting": pk in detail["drifting_anchors"],
        "rank_without_prior": (detail["ranks_without_prior"] or {}).get(pk),
        "flags": detail["flags"].get(pk, []),
    }


NO_SCALE = "no_scale"
_UNGRADED: Mapping[str, Any] = {"anchor": None, "grade": None, "decided_grade": None}


def _grading(detail: Mapping[str, Any], scale: GradeScale | None) -> dict[str, Any]:
    """Whether there are grades, and why not."""
    found = detail.get("grading") or {}
    return {
        "scale": scale.name if scale else None,
        "grades": scale.grades if scale else [],
        "why_not": found.get("why_not") if found else NO_SCALE,
        "without_anchors": found.get("without_anchors", []),
    }


def _grades(uow: UnitOfWork, found: AssessmentResult) -> dict[str, dict[str, Any]]:
    """Essay → the grade that is known, the one that is suggested, and the one that was decided on."""
    suggested = (found.detail.get("grading") or {}).get("essays", {})
    anchors = uow.gradings.anchors(found.batch_id)
    decided = uow.gradings.decided(found.batch_id)
    texts = uow.gradings.texts({*anchors, *decided})
    grades: dict[str, dict[str, Any]] = {}
    for pk, anchor in anchors.items():
        grades.setdefault(str(pk), {**_UNGRADED})["anchor"] = grading.anchor_body(anchor, texts[pk])
    for pk, decision in decided.items():
        body = grading.decided_body(decision, texts[pk])
        grades.setdefault(str(pk), {**_UNGRADED})["decided_grade"] = body
    for essay, grade in suggested.items():
        grades.setdefault(essay, {**_UNGRADED})["grade"] = grade
    return grades


_OF_ESSAY = (
    "rank",
    "rank_low",
    "rank_high",
    "tie_group",
    "score",
    "se",
    "low",
    "high",
    "p_top",
    "infit",
    "outfit",
    "is_misfit",
    "n",
    "component",
    "is_anchor",
)


def name_of(essay: NamedEssay) -> dict[str, Any]:
    """Which essay it is."""
    return {
        "essay_id": essay.essay_id,
        "position": essay.position,
        "student_name": essay.student_name,
        "file_name": essay.file_name,
    }


def _left_out(essay: NamedEssay) -> dict[str, Any]:
    return {**name_of(essay), "failure_code": essay.failure_code}


def _judges(uow: UnitOfWork, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = names_of(uow, found)
    return [{**each, "name": names.get(each["judge"])} for each in found]


def names_of(uow: UnitOfWork, judges: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Judge → name, of persons who have an account here: they judge under its id.

    Args:
        judges: each with `judge` and `kind`.
    """
    accounts = {each["judge"]: account for each in judges if (account := _account(each))}
    names = uow.users.names(set(accounts.values()))
    return {judge: names[account] for judge, account in accounts.items() if account in names}


def _account(judge: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(judge["judge"]) if judge["kind"] == JudgeKind.PERSON else None
    except ValueError:
        return None


def _disagreement(found: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    return {
        "persons_prefer": ids[found["left"]],
        "machines_prefer": ids[found["right"]],
        "persons": found["persons"],
        "machines": found["machines"],
        "gap": found["gap"],
    }
