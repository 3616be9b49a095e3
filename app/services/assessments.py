"""What came of comparing a batch's essays, with the names that a teacher knows them by."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.errors import AssessmentNotFound
from app.repositories.assessments import NamedEssay
from app.services import dispatch
from app.services.deps import Deps
from app.services.results import Seen, whatever
from app.unit_of_work import UnitOfWork, in_request
from models import AssessmentResult
from models.judgement import PHASE
from pipelines.phases.cj_assessment.decisions import JudgeKind


@in_request
def of_batch(
    batch_id: UUID, *, owner_id: UUID, deps: Deps, seen: Seen = whatever
) -> dict[str, Any]:
    """The newest assessment of a batch, whole.

    Raises:
        BatchNotFound: no such batch of this teacher.
        AssessmentNotFound: its essays have not been compared.
    """
    with deps.uow("read_assessment") as uow:
        version = uow.batches.standing(batch_id, owner_id).version
        found = _newest(uow, batch_id)
        seen(f"{version}.{found.run_id.hex}.{found.revision}")
        return body(uow, found)


@in_request
def detailed(job_id: UUID, *, deps: Deps) -> dict[str, Any]:
    """What one phase run came to, whole, for a service.

    Raises:
        AssessmentNotFound: there is no such phase run, or nothing has come of it.
    """
    with deps.uow("read_assessment_of_job") as uow:
        found = uow.assessments.of_job(job_id)
        if found is None:
            raise AssessmentNotFound("Nothing has come of a job of this id.")
        return body(uow, found)


@in_request
def summary(batch_id: UUID, *, deps: Deps) -> dict[str, Any]:
    """The newest assessment of a batch in short, for a service.

    Raises:
        BatchNotFound: no such batch.
        AssessmentNotFound: its essays have not been compared.
    """
    with deps.uow("read_assessment_summary") as uow:
        uow.batches.get(batch_id)
        whole = body(uow, _newest(uow, batch_id))
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


def _newest(uow: UnitOfWork, batch_id: UUID) -> AssessmentResult:
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
    name_of = {pk: essay.essay_id for pk, essay in named.items()}
    ranked = {each["essay_id"] for each in detail["essays"]}
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
        "essays": [_essay(each, named[each["essay_id"]], detail) for each in detail["essays"]],
        "left_out": [_left_out(essay) for pk, essay in named.items() if pk not in ranked],
        "judges": _judges(uow, detail["judges"]),
        "disagreements": [_disagreement(each, name_of) for each in detail["disagreements"]],
        "components": [[name_of[pk] for pk in each] for each in detail["components"]],
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
        **_named(essay),
        "has_other_text": essay.has_other_text,
        **{name: found[name] for name in _OF_ESSAY},
        "is_drifting": pk in detail["drifting_anchors"],
        "rank_without_prior": (detail["ranks_without_prior"] or {}).get(pk),
        "flags": detail["flags"].get(pk, []),
    }


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


def _named(essay: NamedEssay) -> dict[str, Any]:
    return {
        "essay_id": essay.essay_id,
        "position": essay.position,
        "student_name": essay.student_name,
        "file_name": essay.file_name,
    }


def _left_out(essay: NamedEssay) -> dict[str, Any]:
    return {**_named(essay), "failure_code": essay.failure_code}


def _judges(uow: UnitOfWork, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How judges decided; those who have an account here judge under its id."""
    accounts = {each["judge"]: account for each in found if (account := _account(each))}
    names = uow.users.names(accounts.values())
    return [{**each, "name": names.get(accounts.get(each["judge"], _NOBODY))} for each in found]


_NOBODY = UUID(int=0)


def _account(judge: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(judge["judge"]) if judge["kind"] == JudgeKind.PERSON else None
    except ValueError:
        return None


def _disagreement(found: Mapping[str, Any], name_of: Mapping[str, str]) -> dict[str, Any]:
    return {
        "persons_prefer": name_of[found["left"]],
        "machines_prefer": name_of[found["right"]],
        "persons": found["persons"],
        "machines": found["machines"],
        "gap": found["gap"],
    }
