"""What judges decided, and the pairs that persons are asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, text
from sqlalchemy.orm import Session

from models import Comparison, EssayDescription, JudgeDecision, Run
from models.judgement import PHASE
from pipelines.vocabulary import JudgeKind

# Persons decide about texts, so what they decided after an earlier run counts for every later one that has compared the
# same two texts.
_COUNTING = """
    select d.id, d.detail, d.judge, d.judge_kind, d.decided_at from judge_decisions d
    where d.run_id = :run_id and d.withdrawn_at is null
    union all
    select d.id, d.detail, d.judge, d.judge_kind, d.decided_at from judge_decisions d
    join results l on l.run_id = :run_id and l.phase = :phase and l.item_id = d.left_id
        and l.status = 'done' and l.text_sha256 = d.detail ->> 'left_text_sha256'
    join results r on r.run_id = :run_id and r.phase = :phase and r.item_id = d.right_id
        and r.status = 'done' and r.text_sha256 = d.detail ->> 'right_text_sha256'
    where d.run_id <> :run_id and d.judge_kind = 'person' and d.withdrawn_at is null
      and d.run_id in (select id from runs where batch_id = :batch_id)
"""

# Decisions are only ever added and withdrawn, so the two numbers say which there are.
_PERSONS = """
    select count(*) as made, count(d.withdrawn_at) as withdrawn
    from judge_decisions d join runs r on r.id = d.run_id
    where r.batch_id = :batch_id and d.judge_kind = 'person'
"""

# Essays whose text is still the one that the run has described.
_AS_DESCRIBED = """
    select e.id from essays e join results r on r.item_id = e.id and r.run_id = :run_id
        and r.phase = :phase and r.status = 'done' and r.text_sha256 = e.text_sha256
"""

_TAKE = f"""
    update comparisons set judge = :judge, lease_until = now() + make_interval(secs => :lease_s)
    where id = (
        select c.id from comparisons c
        where c.run_id = :run_id and c.decision_id is null
          and (c.lease_until is null or c.lease_until <= now())
          and c.left_id in ({_AS_DESCRIBED}) and c.right_id in ({_AS_DESCRIBED})
          and not exists (select 1 from ({_COUNTING}) d
            where d.judge = :judge and d.judge_kind = 'person'
              and least(d.detail ->> 'left', d.detail ->> 'right')
                = least(c.left_id::text, c.right_id::text)
              and greatest(d.detail ->> 'left', d.detail ->> 'right')
                = greatest(c.left_id::text, c.right_id::text))
        order by c.ordinal limit 1 for update of c skip locked)
    returning id
"""  # noqa: S608 - every part is a constant of this module


@dataclass(frozen=True, slots=True)
class PersonsDecisions:
    """How many decisions persons have made about a batch, and how many of them they took back."""

    made: int
    withdrawn: int

    @property
    def standing(self) -> int:
        """How many stand."""
        return self.made - self.withdrawn


@dataclass(frozen=True, slots=True)
class NewPair:
    """A pair to be offered to persons."""

    id: UUID
    ordinal: int
    round_no: int
    left_id: UUID
    right_id: UUID


class Decisions:
    """The decisions of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_persons(self, batch_id: UUID) -> PersonsDecisions:
        """How many there are of persons, in whichever run."""
        row = self._session.execute(text(_PERSONS), {"batch_id": batch_id}).one()
        return PersonsDecisions(row.made, row.withdrawn)

    def counting(self, batch_id: UUID, run_id: UUID) -> list[Mapping[str, Any]]:
        """All that count for a run's assessment, as they were found or made; the order is always the same.

        What a judge decided in the same round about the same pair after two runs counts once: what was decided last.
        """
        rows = self._session.execute(
            text(f"select detail from ({_COUNTING}) d order by d.decided_at, d.id"),  # noqa: S608
            {"batch_id": batch_id, "run_id": run_id, "phase": PHASE},
        )
        found = {_once(row.detail): row.detail for row in rows}
        return [found[key] for key in sorted(found)]

    def ids_counting(self, batch_id: UUID, run_id: UUID) -> Select[tuple[UUID]]:
        """A query for the ids of those that `counting` reads."""
        rows = text(f"select id from ({_COUNTING}) d").bindparams(  # noqa: S608 - constants
            batch_id=batch_id, run_id=run_id, phase=PHASE
        )
        counted = rows.columns(JudgeDecision.id).subquery("counting")
        return select(counted.c.id)

    def descriptions(self, run_id: UUID) -> list[Mapping[str, Any]]:
        """What a run's essays were described as."""
        return list(
            self._session.scalars(
                select(EssayDescription.detail)
                .where(EssayDescription.run_id == run_id)
                .order_by(*EssayDescription.order())
            )
        )

    def as_described(self, run_id: UUID) -> frozenset[UUID]:
        """The essays whose text is still the one that a run has described."""
        rows = self._session.execute(
            text(_AS_DESCRIBED), {"run_id": run_id, "phase": PHASE}
        ).scalars()
        return frozenset(rows)

    def described_texts(self, run_id: UUID) -> dict[str, str]:
        """Essay → the hash of the text that a run has described."""
        rows = self._session.execute(
            text(
                "select r.item_id::text, r.text_sha256 from runs join essays e"
                " on e.batch_id = runs.batch_id join results r on r.item_id = e.id"
                " and r.run_id = runs.id and r.phase = :phase and r.status = 'done'"
                " where runs.id = :run_id and r.text_sha256 is not null"
            ),
            {"run_id": run_id, "phase": PHASE},
        )
        return dict(rows.all())

    def of_import(self, batch_id: UUID, import_id: str) -> Sequence[JudgeDecision]:
        """What one file has brought in, held until the end of the transaction."""
        runs = select(Run.id).where(Run.batch_id == batch_id)
        return self._session.scalars(
            select(JudgeDecision)
            .where(
                JudgeDecision.run_id.in_(runs),
                JudgeDecision.judge_kind == JudgeKind.PERSON,
                JudgeDecision.detail["import_id"].astext == import_id,
            )
            .order_by(JudgeDecision.id)
            .with_for_update()
        ).all()

    def add(self, decision: JudgeDecision) -> None:
        """Write a decision that is not there yet."""
        self._session.add(decision)
        self._session.flush()

    def find(self, decision_id: UUID) -> JudgeDecision | None:
        """One decision, if there is one of that id."""
        return self._session.get(JudgeDecision, decision_id)

    def hold(self, decision_id: UUID) -> JudgeDecision:
        """One decision that there is, as it is now, held until the end of the transaction."""
        return self._session.scalars(
            select(JudgeDecision)
            .where(JudgeDecision.id == decision_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()

    def count_of(self, batch_id: UUID, run_id: UUID, judge: str) -> int:
        """How many decisions of a judge count for a run's assessment."""
        found: int = self._session.execute(
            text(f"select count(*) from ({_COUNTING}) d where d.judge = :judge"),  # noqa: S608
            {"batch_id": batch_id, "run_id": run_id, "phase": PHASE, "judge": judge},
        ).scalar_one()
        return found


def _once(detail: Mapping[str, Any]) -> tuple[int, str, str, int, str]:
    """What there is one decision of at most."""
    first, second = sorted((detail["left"], detail["right"]))
    return detail["round_no"], first, second, detail["order"], detail["judge"]


class Comparisons:
    """The pairs for persons of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, batch_id: UUID, run_id: UUID, judge: str, lease_s: float) -> Comparison | None:
        """The next pair that is free and that this judge has not decided, taken on lease; None if there is none."""
        taken = self._session.execute(
            text(_TAKE),
            {
                "batch_id": batch_id,
                "run_id": run_id,
                "phase": PHASE,
                "judge": judge,
                "lease_s": lease_s,
            },
        ).scalar_one_or_none()
        return None if taken is None else self._session.get_one(Comparison, taken)

    def open(self, run_id: UUID) -> Sequence[Comparison]:
        """Those of a run that nobody has decided."""
        return self._session.scalars(
            select(Comparison)
            .where(Comparison.run_id == run_id, Comparison.decision_id.is_(None))
            .order_by(Comparison.ordinal)
        ).all()

    def last(self, run_id: UUID) -> tuple[int, int]:
        """The last ordinal and round there are, 0 where there are none."""
        row = self._session.execute(
            text(
                "select coalesce(max(ordinal), 0) as ordinal, coalesce(max(round_no), 0) as round_no"
                " from comparisons where run_id = :run_id"
            ),
            {"run_id": run_id},
        ).one()
        return row.ordinal, row.round_no

    def add(self, run_id: UUID, pairs: Sequence[NewPair]) -> None:
        """Offer pairs."""
        self._session.execute(
            insert(Comparison),
            [
                {
                    "id": pair.id,
                    "run_id": run_id,
                    "ordinal": pair.ordinal,
                    "round_no": pair.round_no,
                    "left_id": pair.left_id,
                    "right_id": pair.right_id,
                }
                for pair in pairs
            ],
        )

    def lock(self, comparison_id: UUID) -> Comparison | None:
        """One, held until the end of the transaction."""
        return self._session.scalars(
            select(Comparison)
            .where(Comparison.id == comparison_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()

    def count_open(self, run_id: UUID, round_no: int) -> int:
        """How many of a round nobody has decided."""
        query = select(func.count()).where(
            Comparison.run_id == run_id,
            Comparison.round_no == round_no,
            Comparison.decision_id.is_(None),
        )
        return self._session.scalar(query) or 0

    def lease(self, comparison: Comparison, judge: str, lease_s: float) -> None:
        """Lend a judge one that is held by this transaction."""
        self._session.execute(
            text(
                "update comparisons set judge = :judge,"
                " lease_until = now() + make_interval(secs => :lease_s)"
                " where id = :id"
            ),
            {"id": comparison.id, "judge": judge, "lease_s": lease_s},
        )
        self._session.refresh(comparison)
