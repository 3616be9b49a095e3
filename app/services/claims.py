"""Slices that are somebody's: what working on one takes, whether it was claimed by a message or kept when planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.repositories.units import ClaimedUnit
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork
from pipelines.catalogue import RetryPolicy
from pipelines.phase import Item


@dataclass(frozen=True, slots=True)
class Worker:
    """Who works.

    Attributes:
        name: for the audit.
        reads: the queues it takes slices from; what it plans for one of these and is soon done, it may keep.
    """

    name: str = ""
    reads: frozenset[str] = frozenset()


NOBODY = Worker()
"""Who plans and does not work."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The units of a slice that are ours, with all that working on them takes.

    Attributes:
        sent_at: when the newest of the units was sent; None if somebody works on them unasked.
    """

    phase_run_id: UUID
    lo: int
    hi: int
    token: UUID
    facts: RunFacts
    phase: str
    engine_version: str
    units: tuple[ClaimedUnit, ...]
    texts: dict[UUID, Item]
    sent_at: datetime | None = None

    @property
    def is_alone(self) -> bool:
        """Whether this attempt counts: it was made on one unit with no other beside it."""
        return self.hi - self.lo == 1

    @property
    def retry(self) -> RetryPolicy:
        """How often and how soon a unit is tried again."""
        return self.facts.plan.phase(self.phase).spec.retry


def texts(
    uow: UnitOfWork, facts: RunFacts, phase: str, units: Sequence[ClaimedUnit]
) -> dict[UUID, Item]:
    """What was written in the essays of some units, if their phase wants to know."""
    try:
        if not facts.plan.phase(phase).engine().reads_texts:
            return {}
    except Exception:  # noqa: BLE001 - working meets it again, where it is an outcome
        return {}
    return uow.essays.with_text({essay for unit in units for essay in unit.essay_ids})
