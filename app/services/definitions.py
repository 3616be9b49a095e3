"""Pipelines defined while the system runs: kept in Postgres, so that every process knows them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from app.errors import BadDefinition, DefinitionNotFound
from app.services import known_pipelines, runs
from app.services.deps import Deps
from app.services.dispatch import WORKER_SEEN_WITHIN_S
from app.services.runs import Ground
from app.unit_of_work import UnitOfWork, in_request
from models import PipelineDefinition
from pipelines import definitions, json_nodes, yaml_nodes
from pipelines.catalogue import Catalogue
from pipelines.conductor import Plan
from pipelines.definitions import Definition, Question
from pipelines.errors import CatalogueError, Fault

log = structlog.get_logger(__name__)

_FILE = "the request"


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition as it is kept.

    Attributes:
        is_in_use: whether a request may name it; not if the catalogue's file has taken its name, or lost a phase of it.
        correlation_id: of the request that defined it.
    """

    name: str
    title: str
    phases: Sequence[str]
    digest: str
    defined_at: datetime
    correlation_id: UUID
    is_in_use: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a pipeline would be for a batch as it is now."""

    batch_id: UUID
    plan: Plan


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a document.

    Attributes:
        defined: the pipelines it defined.
        changed: those of them that said something else before, or nothing.
        unread_queues: queues these pipelines use and no worker reads at the moment.
    """

    catalogue_digest: str
    defined: Sequence[Defined] = ()
    changed: Sequence[str] = ()
    resolved: Resolved | None = None
    unread_queues: Sequence[str] = ()


def understand(document: bytes, *, is_yaml: bool, deps: Deps) -> Definition | Question:
    """Read a document that defines pipelines, or asks what one would be.

    Raises:
        BadDefinition: something is wrong with it; it says what, and where.
    """
    compose = yaml_nodes.compose if is_yaml else json_nodes.compose
    try:
        return definitions.read(compose(document.decode("utf-8"), _FILE), deps.catalogue)
    except UnicodeDecodeError as exc:
        raise BadDefinition("This is no text in UTF-8.") from exc
    except CatalogueError as exc:
        faults = [_named(fault) for fault in exc.faults]
        detail = "; ".join(f"{fault['field']}: {fault['reason']}" for fault in faults)
        raise BadDefinition(detail, faults=faults) from exc


def _named(fault: Fault) -> dict[str, Any]:
    place = {"line": fault.place.line, "column": fault.place.column} if fault.place else {}
    return {"field": fault.pointer or "/", "reason": fault.reason, **place}


@in_request
def define(wanted: Definition, *, correlation_id: UUID, deps: Deps) -> Answer:
    """Keep pipelines, each in place of the one of its name; all of them or none. Saying the same again changes nothing.

    Runs that have been started keep their plan.
    """
    with deps.uow("define_pipelines") as uow:
        changed = uow.definitions.put(wanted.pipelines.values(), correlation_id)
        catalogue = known_pipelines.whole(uow, deps)
        answer = Answer(
            catalogue_digest=catalogue.digest,
            defined=[each for each in _all(uow, catalogue) if each.name in wanted.pipelines],
            changed=sorted(changed),
            unread_queues=_unread(
                uow, {q for n in wanted.pipelines for q in _queues(catalogue, n)}
            ),
        )
        uow.commit()
    for name in answer.changed:
        log.info("pipeline_defined", pipeline=name, digest=wanted.pipelines[name].digest)
    return answer


def resolve(wanted: Question, *, deps: Deps) -> Answer:
    """Say what a pipeline would do for a batch now; nothing is started, and nothing kept.

    Raises:
        BatchNotFound: no such batch.
        UnknownPipeline: there is no pipeline and no phase of that name.
        MissingPrerequisite: a phase needs what the batch does not have.
    """
    with deps.uow("resolve_pipeline") as uow:
        ground = Ground(
            uow.batches.get(wanted.batch_id),
            uow.essays.of(wanted.batch_id),
            uow.runs.latest_of(wanted.batch_id),
            uow.allowed_words.forms(wanted.batch_id),
        )
        plan = runs.resolve(uow, ground, wanted.requested_pipeline, deps)
        unread = _unread(uow, {phase.spec.queue for phase in plan.phases if not phase.skipped})
    return Answer(
        plan.catalogue_digest, resolved=Resolved(wanted.batch_id, plan), unread_queues=unread
    )


def catalogue(deps: Deps) -> Catalogue:
    """Every pipeline there is, the file's first, and the graph of phases."""
    with deps.uow("read_catalogue") as uow:
        return known_pipelines.whole(uow, deps)


def everything(deps: Deps) -> Sequence[Defined]:
    """Every pipeline that was defined while the system runs, by name."""
    with deps.uow("list_definitions") as uow:
        return _all(uow, known_pipelines.whole(uow, deps))


@in_request
def forget(name: str, *, deps: Deps) -> None:
    """Take a definition back. Runs that have been started keep their plan.

    Raises:
        DefinitionNotFound: no such pipeline was defined.
    """
    with deps.uow("forget_definition") as uow:
        if not uow.definitions.remove(name):
            raise DefinitionNotFound("Pipelines of the catalogue's file are not taken back here.")
        uow.commit()
    log.info("pipeline_forgotten", pipeline=name)


def _all(uow: UnitOfWork, catalogue: Catalogue) -> list[Defined]:
    return [
        Defined(
            name=row.name,
            title=row.title,
            phases=row.phases,
            digest=row.digest,
            defined_at=row.defined_at,
            correlation_id=row.correlation_id,
            is_in_use=_is_in_use(row, catalogue),
        )
        for row in uow.definitions.all()
    ]


def _is_in_use(row: PipelineDefinition, catalogue: Catalogue) -> bool:
    known = catalogue.pipelines.get(row.name)
    return known is not None and known.digest == row.digest


def _queues(catalogue: Catalogue, name: str) -> set[str]:
    return {phase.queue for phase in catalogue.phases_of(name).values()}


def _unread(uow: UnitOfWork, queues: set[str]) -> list[str]:
    return sorted(queues - set(uow.workers.slots_by_queue(WORKER_SEEN_WITHIN_S)))
