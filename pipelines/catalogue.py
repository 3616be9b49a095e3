"""The YAML graph, loaded and checked: every error names file, line and column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipelines import yaml_nodes as nodes
from pipelines.errors import CatalogueError, Place, UnknownPipeline
from pipelines.vocabulary import Scope

DEFAULT_PATH = Path(__file__).with_name("catalogue.yaml")
PREREQUISITES = ("instructions",)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a unit is tried alone, and how long it waits between tries."""

    max_attempts: int = 3
    backoff_s: float = 2.0
    backoff_max_s: float = 10.0


@dataclass(frozen=True, slots=True)
class PhaseSpec:
    """One phase as the catalogue describes it.

    Attributes:
        engine: `module:Class` of the phase's implementation.
        depends_on: phases whose success an essay needs first.
        after: phases to wait for without needing them.
        queue: where its slices are sent.
        prerequisites: what the batch must have, such as its `instructions`.
        unit_s: expected work per unit in seconds; sizes the slices.
        time_limit_s: how long one slice may take.
        deadline_s: how long the whole phase may take; None leaves it to the run's deadline.
        options: given to the engine when it is made.
    """

    name: str
    title: str
    engine: str
    scope: Scope
    queue: str
    depends_on: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    unit_s: float = 0.1
    time_limit_s: float = 120.0
    deadline_s: float | None = None
    retry: RetryPolicy = RetryPolicy()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PipelineSpec:
    """A named set of phases; what they depend on comes along."""

    name: str
    title: str
    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every phase and pipeline there is, valid as a whole.

    Attributes:
        digest: hex digest of the file; runs keep it beside their frozen plan.
    """

    phases: Mapping[str, PhaseSpec]
    pipelines: Mapping[str, PipelineSpec]
    digest: str

    def wanted(self, name: str) -> tuple[str, ...]:
        """The phases a pipeline, or a single phase, asks for, without what they depend on.

        Raises:
            UnknownPipeline: neither a pipeline nor a phase has that name.
        """
        if name in self.pipelines:
            return self.pipelines[name].phases
        if name in self.phases:
            return (name,)
        raise UnknownPipeline(name, tuple(self.pipelines))

    def queues(self) -> frozenset[str]:
        """Every queue some phase uses."""
        return frozenset(phase.queue for phase in self.phases.values())


def load(path: Path = DEFAULT_PATH) -> Catalogue:
    """Read and check a catalogue.

    Raises:
        CatalogueError: something in it is wrong; the message says where, what, and what would be right.
        OSError: the file cannot be read.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as exc:
        place = Place(path.name, 1, 1)
        raise CatalogueError("This is no text in UTF-8.", place=place) from exc
    return parse(text, file=path.name)


def parse(text: str, *, file: str) -> Catalogue:
    """Check the text of a catalogue; `file` is only for messages. Raises like `load`."""
    root = nodes.compose(text, file)
    top = root.mapping(required=("phases", "pipelines"))
    phases = {key: _phase(key, node) for key, node in top["phases"].entries()}
    for _, node in top["phases"].entries():
        fields = node.mapping()
        for edge in ("depends_on", "after"):
            if edge in fields:
                _known(fields[edge], phases, "phase")
    _refuse_cycles(phases, top["phases"])
    pipelines = {key: _pipeline(key, node, phases) for key, node in top["pipelines"].entries()}
    return Catalogue(phases, pipelines, sha256(text.encode()).hexdigest())


_PHASE_KEYS = [
    "title",
    "engine",
    "scope",
    "queue",
    "depends_on",
    "after",
    "prerequisites",
    "unit_s",
    "time_limit_s",
    "deadline_s",
    "retry",
    "options",
]


def _phase(name: str, node: nodes.Node) -> PhaseSpec:
    fields = node.mapping(required=("engine", "scope", "queue"), allowed=_PHASE_KEYS)
    engine = fields["engine"].text()
    if engine.count(":") != 1:
        raise fields["engine"].error(
            f"The engine {engine!r} is not of the form module:Class.",
            hint="For instance pipelines.phases.nlp:Nlp.",
        )
    optional: dict[str, Any] = {}
    for key in ("depends_on", "after"):
        if key in fields:
            optional[key] = fields[key].texts()
    if "prerequisites" in fields:
        optional["prerequisites"] = fields["prerequisites"].texts(one_of=PREREQUISITES)
    for key in ("unit_s", "time_limit_s", "deadline_s"):
        if key in fields:
            optional[key] = fields[key].number(above=0)
    if "retry" in fields:
        optional["retry"] = _retry(fields["retry"])
    if "options" in fields:
        optional["options"] = fields["options"].json()
    return PhaseSpec(
        name=name,
        title=fields["title"].text() if "title" in fields else name,
        engine=engine,
        scope=Scope(fields["scope"].text(one_of=tuple(Scope))),
        queue=fields["queue"].text(),
        **optional,
    )


def _retry(node: nodes.Node) -> RetryPolicy:
    fields = node.mapping(allowed=("max_attempts", "backoff_s", "backoff_max_s"))
    values: dict[str, Any] = {
        key: fields[key].number(above=0) for key in ("backoff_s", "backoff_max_s") if key in fields
    }
    if "max_attempts" in fields:
        values["max_attempts"] = fields["max_attempts"].whole_number(above=0)
    return RetryPolicy(**values)


def _pipeline(name: str, node: nodes.Node, phases: Mapping[str, PhaseSpec]) -> PipelineSpec:
    fields = node.mapping(required=("phases",), allowed=("title", "phases"))
    wanted = fields["phases"].texts()
    if not wanted:
        raise fields["phases"].error(f"The pipeline {name!r} has no phases.")
    _known(fields["phases"], phases, "phase")
    title = fields["title"].text() if "title" in fields else name
    return PipelineSpec(name, title, wanted)


def _known(names: nodes.Node, known: Iterable[str], what: str) -> None:
    known = tuple(known)
    for item in names.items():
        if item.text() not in known:
            raise item.error(
                f"There is no {what} {item.text()!r}.", hint=nodes.nearest(item.text(), known)
            )


def _refuse_cycles(phases: Mapping[str, PhaseSpec], node: nodes.Node) -> None:
    graph = {name: (*phase.depends_on, *phase.after) for name, phase in phases.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        path: list[str] = exc.args[1]
        place = dict(node.entries())[path[-1]]
        raise place.error(
            f"Phases depend on each other in a circle: {' → '.join(reversed(path))}.",
            hint="Take one of these edges out.",
        ) from exc


__all__ = [
    "Catalogue",
    "CatalogueError",
    "PhaseSpec",
    "PipelineSpec",
    "RetryPolicy",
    "load",
    "parse",
]
