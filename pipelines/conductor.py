"""A pipeline resolved for one batch: what depends on what, in which order, and what is done already."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from pipelines import engines, graph
from pipelines.catalogue import Catalogue
from pipelines.errors import MissingPrerequisite
from pipelines.phase import BatchContext, ItemRef, Phase, SoFar, UnitPlan, Wave
from pipelines.specs import PhaseSpec, RetryPolicy
from pipelines.vocabulary import Scope

Finished = Collection[tuple[UUID, str]]
"""What a phase has results for already: items with the input hash they had."""


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """One phase of a plan.

    Attributes:
        waits_for: phases of this plan that must end first (`depends_on` and `after`).
        needs: phases an essay must have passed, directly or through others.
        skipped: whether every essay has this phase's result from an earlier run.
        left_out: whether the run is not to do it, because only another phase was asked for again.
        plans_once: whether nothing is left to plan when its first wave is over.
    """

    spec: PhaseSpec
    waits_for: tuple[str, ...]
    needs: tuple[str, ...]
    skipped: bool
    left_out: bool = False
    plans_once: bool = False

    @property
    def name(self) -> str:
        """The phase's name in the catalogue."""
        return self.spec.name

    @property
    def is_idle(self) -> bool:
        """Whether the run has nothing to do in it."""
        return self.skipped or self.left_out

    @property
    def may_stream(self) -> bool:
        """Whether essays may come into it and leave it one by one."""
        return self.spec.scope is Scope.ESSAY and self.plans_once

    def engine(self) -> Phase:
        """The phase itself, ready to plan and work."""
        return engines.make(self.spec.engine, self.spec.options)


@dataclass(frozen=True)
class Plan:
    """A pipeline frozen for one run; later changes of the catalogue do not reach it.

    Attributes:
        only: the essays that are to be done again, where not all are; see `essays_of`.
    """

    pipeline: str
    catalogue_digest: str
    phases: tuple[PlannedPhase, ...]
    only: frozenset[UUID] | None = None

    def source_of(self, name: str) -> str | None:
        """The phase out of which essays come into another one by one; None if that waits for the whole class.

        It is the only one before that has something to do in this run, but for those whose success it needs itself; and
        both work essay by essay.
        """
        return self._sources[name]

    @cached_property
    def _sources(self) -> Mapping[str, str | None]:
        return {phase.name: self._source_of(phase) for phase in self.phases}

    def _source_of(self, phase: PlannedPhase) -> str | None:
        at_work = [before for before in phase.waits_for if not self.phase(before).is_idle]
        busy = graph.direct(at_work, {each.name: each.needs for each in self.phases})
        if phase.is_idle or not phase.may_stream or len(busy) != 1:
            return None
        return busy[0] if self.phase(busy[0]).may_stream else None

    def streaming_from(self, name: str) -> tuple[PlannedPhase, ...]:
        """The phases that essays of a phase go on to one by one."""
        return tuple(phase for phase in self.phases if self._sources[phase.name] == name)

    def stream_of(self, name: str) -> tuple[PlannedPhase, ...]:
        """A phase and those that essays go on to from it one by one, directly or through others."""
        after = (
            each for next_one in self.streaming_from(name) for each in self.stream_of(next_one.name)
        )
        return (self.phase(name), *after)

    def phase(self, name: str) -> PlannedPhase:
        """The phase of that name.

        Raises:
            KeyError: the plan has no such phase.
        """
        for phase in self.phases:
            if phase.name == name:
                return phase
        raise KeyError(name)

    def essays_of(self, name: str) -> frozenset[UUID] | None:
        """The essays a phase may work on; None for all of them.

        What follows a phase over the whole batch that is done again is done again for everybody, too.
        """
        phase = self.phase(name)
        shared = [p.name for p in self.phases if p.spec.scope is Scope.BATCH and not p.is_idle]
        return None if {name, *phase.needs}.intersection(shared) else self.only

    def kept_by(self, name: str) -> tuple[str, ...]:
        """What a phase needs of essays and this run leaves out: they must have it from earlier runs."""
        needs = map(self.phase, self.phase(name).needs)
        return tuple(p.name for p in needs if p.left_out and p.spec.scope is Scope.ESSAY)

    def to_json(self) -> dict[str, Any]:
        """The plan as a run keeps it."""
        only = None if self.only is None else sorted(map(str, self.only))
        return asdict(self) | {"only": only}

    @staticmethod
    def from_json(frozen: Mapping[str, Any]) -> "Plan":
        """The plan a run kept."""
        return Plan(
            frozen["pipeline"],
            frozen["catalogue_digest"],
            tuple(_thaw(phase) for phase in frozen["phases"]),
            None if frozen.get("only") is None else frozenset(map(UUID, frozen["only"])),
        )


def _thaw(frozen: Mapping[str, Any]) -> PlannedPhase:
    spec = dict(frozen["spec"])
    spec["scope"] = Scope(spec["scope"])
    spec["retry"] = RetryPolicy(**spec["retry"])
    for key in ("depends_on", "after", "prerequisites"):
        spec[key] = tuple(spec[key])
    return PlannedPhase(
        PhaseSpec(**spec),
        tuple(frozen["waits_for"]),
        tuple(frozen["needs"]),
        frozen["skipped"],
        frozen.get("left_out", False),
        frozen.get("plans_once", False),
    )


def resolve(
    catalogue: Catalogue,
    wanted: str,
    *,
    batch: BatchContext,
    items: tuple[ItemRef, ...],
    finished: Callable[[str, str], Finished],
) -> Plan:
    """Resolve a pipeline, or a single phase, for one batch.

    Args:
        wanted: a pipeline's name or a phase's.
        items: the essays that have a text, in the batch's order.
        finished: for a phase's name and engine version, what it has results for already.

    Returns:
        Every phase asked for and everything they depend on, in an order that respects the graph; phases in
        which nothing is left to do are marked as skipped.

    Raises:
        UnknownPipeline: there is neither a pipeline nor a phase of that name.
        MissingPrerequisite: a phase that is not skipped needs what the batch does not have.
    """
    specs = catalogue.phases_of(wanted)
    needed = {name: spec.depends_on for name, spec in specs.items()}
    planned = []
    for spec in specs.values():
        skipped = _is_finished(spec, batch, items, finished)
        if not skipped:
            _check_prerequisites(spec, batch)
        waits_for = tuple(name for name in spec.waits_for if name in specs)
        needs = tuple(sorted(graph.closure(spec.depends_on, needed)))
        planned.append(PlannedPhase(spec, waits_for, needs, skipped, plans_once=_plans_once(spec)))
    return Plan(wanted, catalogue.digest, tuple(planned))


def _plans_once(spec: PhaseSpec) -> bool:
    try:
        return engines.make(spec.engine, spec.options).plans_once
    except Exception:  # noqa: BLE001 - as when planning: the run plans it again, and says what is wrong
        return False


def left_to_do(wave: Wave, finished: Finished) -> tuple[UnitPlan, ...]:
    """The units of a wave whose result does not exist yet."""
    if not finished:
        return wave.units
    return tuple(u for u in wave.units if (u.item_id, u.input_hash) not in finished)


def _is_finished(
    spec: PhaseSpec,
    batch: BatchContext,
    items: tuple[ItemRef, ...],
    finished: Callable[[str, str], Finished],
) -> bool:
    if spec.scope is Scope.BATCH:
        return False  # a phase over the whole batch is planned anew as a whole
    engine = engines.make(spec.engine, spec.options)
    has_result = finished(spec.name, engine.engine_version)
    if not has_result:
        return False
    try:
        wave = engine.plan(batch, SoFar(0, items))
    except Exception:  # noqa: BLE001 - whatever it is, the ledger logs it when the run plans
        return False  # the run will plan it again, and say what is wrong if it still is
    if not isinstance(wave, Wave):
        return False
    return not left_to_do(wave, has_result)


def _check_prerequisites(spec: PhaseSpec, batch: BatchContext) -> None:
    for prerequisite in spec.prerequisites:
        if not str(getattr(batch, prerequisite)).strip():
            raise MissingPrerequisite(spec.name, prerequisite)
