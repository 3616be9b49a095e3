"""The decisions that a batch's newest assessment is made of: a page of them, or where persons and machines differ."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from app import paging
from app.paging import Order, Page
from app.repositories import keyset
from app.repositories.assessments import NamedEssay
from app.services import assessments
from app.services.deps import Deps
from app.services.results import Seen, whatever
from app.unit_of_work import UnitOfWork, in_request
from models import AssessmentResult, JudgeDecision
from pipelines.phases.cj_assessment.decisions import JudgeKind

ORDERS: Mapping[str, Order] = {
    "-decided_at": Order((paging.moment, paging.uuid), descending=True),
    "decided_at": Order((paging.moment, paging.uuid)),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions: of these kinds of judges or of all, about one essay or any, one's own or everybody's."""

    kinds: Collection[str] = ()
    essay_id: str | None = None
    is_mine: bool = False


@in_request
def decisions_of(
    batch_id: UUID,
    wanted: Wanted,
    page: Page,
    *,
    owner_id: UUID,
    deps: Deps,
    seen: Seen = whatever,
) -> dict[str, Any]:
    """A page of the decisions that count, and how many there are in all.

    Raises:
        BatchNotFound: no such batch of this teacher.
        AssessmentNotFound: its essays have not been compared.
    """
    with deps.uow("read_decisions") as uow:
        version = uow.batches.standing(batch_id, owner_id).version
        found = assessments.newest(uow, batch_id)
        persons = uow.decisions.by_persons(batch_id)
        seen(f"{version}.{found.run_id.hex}.{persons.made}.{persons.withdrawn}")
        named = _Named(uow, found)
        query = _filtered(select(JudgeDecision), uow, found, wanted, named, owner_id)
        keys: tuple[Any, ...] = (JudgeDecision.decided_at, JudgeDecision.id)
        rows, next_cursor = keyset.read(uow.session, query, keys, ORDERS[page.sort], page)
        counted = select(func.count()).select_from(JudgeDecision)
        total = uow.session.scalar(_filtered(counted, uow, found, wanted, named, owner_id))
        return {
            "items": named.bodies([row[0] for row in rows]),
            "next_cursor": next_cursor,
            "total": total,
        }


@in_request
def disagreements_of(
    batch_id: UUID, *, owner_id: UUID, deps: Deps, seen: Seen = whatever
) -> list[dict[str, Any]]:
    """The pairs that persons and machines decided differently, the plainest first, each with its decisions.

    Raises like `decisions_of`.
    """
    assessment = assessments.of_batch(batch_id, owner_id=owner_id, deps=deps, seen=seen)
    with deps.uow("read_disagreements") as uow:
        found = assessments.newest(uow, batch_id)
        named = _Named(uow, found)
        pairs = [named.pair(each) for each in assessment["disagreements"]]
        rows = uow.session.scalars(
            select(JudgeDecision)
            .where(
                JudgeDecision.id.in_(uow.decisions.ids_counting(batch_id, found.run_id)),
                or_(false(), *(_is_about(*pair) for pair in pairs)),
            )
            .order_by(JudgeDecision.decided_at, JudgeDecision.id)
        ).all()
        about: dict[frozenset[UUID], list[JudgeDecision]] = {}
        for row in rows:
            about.setdefault(frozenset((row.left_id, row.right_id)), []).append(row)
        return [
            {
                **each,
                "persons_prefer": named.essay(pair[0]),
                "machines_prefer": named.essay(pair[1]),
                "decisions": named.bodies(about.get(frozenset(pair), [])),
            }
            for each, pair in zip(assessment["disagreements"], pairs, strict=True)
        ]


class _Named:
    """Decisions by the names that a teacher knows."""

    def __init__(self, uow: UnitOfWork, found: AssessmentResult) -> None:
        self._uow = uow
        essays = uow.assessments.essays(found.batch_id, found.run_id)
        self._by_pk: Mapping[UUID, NamedEssay] = {each.essay_pk: each for each in essays}
        self._by_id = {each.essay_id: each.essay_pk for each in essays}

    def pk(self, essay_id: str) -> UUID | None:
        """The key of an essay."""
        return self._by_id.get(essay_id)

    def pair(self, disagreement: Mapping[str, Any]) -> tuple[UUID, UUID]:
        """The keys of two essays."""
        first, second = disagreement["persons_prefer"], disagreement["machines_prefer"]
        return self._by_id[first], self._by_id[second]

    def essay(self, pk: UUID) -> dict[str, Any]:
        """Which essay it is."""
        return assessments.name_of(self._by_pk[pk])

    def bodies(self, rows: Sequence[JudgeDecision]) -> list[dict[str, Any]]:
        """Decisions as they are sent, ready for JSON."""
        judges = [{"judge": row.judge, "kind": row.judge_kind} for row in rows]
        names = assessments.names_of(self._uow, judges)
        return [self._body(row, names.get(row.judge)) for row in rows]

    def _body(self, row: JudgeDecision, name: str | None) -> dict[str, Any]:
        return {
            "decision_id": str(row.id),
            "round_no": row.round_no,
            "left": self.essay(row.left_id),
            "right": self.essay(row.right_id),
            "choice": row.choice,
            "judge": row.judge,
            "kind": row.judge_kind,
            "name": name,
            "reasons": row.detail.get("reasons", []),
            "reason": row.detail.get("reason"),
            "confidence": row.detail.get("confidence"),
            "factors": row.detail.get("factors", []),
            "duration_ms": row.detail.get("duration_ms"),
            "decided_at": row.decided_at.isoformat(),
            "import_id": row.detail.get("import_id"),
        }


def _filtered(
    query: Select[Any],
    uow: UnitOfWork,
    found: AssessmentResult,
    wanted: Wanted,
    named: _Named,
    owner_id: UUID,
) -> Select[Any]:
    counting = uow.decisions.ids_counting(found.batch_id, found.run_id)
    query = query.where(JudgeDecision.id.in_(counting))
    if wanted.kinds:
        query = query.where(JudgeDecision.judge_kind.in_(wanted.kinds))
    if wanted.is_mine:
        query = query.where(
            JudgeDecision.judge_kind == JudgeKind.PERSON, JudgeDecision.judge == str(owner_id)
        )
    if wanted.essay_id is not None:
        pk = named.pk(wanted.essay_id)
        query = query.where(or_(JudgeDecision.left_id == pk, JudgeDecision.right_id == pk))
    return query


def _is_about(one: UUID, other: UUID) -> ColumnElement[bool]:
    both = [one, other]
    return JudgeDecision.left_id.in_(both) & JudgeDecision.right_id.in_(both)
