"""The YAML graph, loaded and checked as a whole: every error names file, line and column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipelines import catalogue_reader, graph
from pipelines import yaml_nodes as nodes
from pipelines.errors import CatalogueError, Fault, Place, UnknownPipeline
from pipelines.phase_reader import Demands
from pipelines.specs import PhaseSpec, PipelineSpec, RetryPolicy

DEFAULT_PATH = Path(__file__).with_name("catalogue.yaml")
NO_DEMANDS = Demands()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every phase and pipeline there is, valid as a whole.

    Attributes:
        digest: hex digest of the file, and of what was added to it; runs keep it beside their frozen plan.
    """

    phases: Mapping[str, PhaseSpec]
    pipelines: Mapping[str, PipelineSpec]
    digest: str

    def with_more(self, pipelines: Iterable[PipelineSpec]) -> "Catalogue":
        """The same with pipelines that were defined elsewhere.

        Those that no longer go with it are left out: their name has been taken, or a phase of theirs is gone.
        """
        more = {spec.name: spec for spec in pipelines if self._has_room_for(spec)}
        if not more:
            return self
        digests = [self.digest, *(more[name].digest for name in sorted(more))]
        digest = sha256("\n".join(digests).encode()).hexdigest()
        return Catalogue(self.phases, {**self.pipelines, **more}, digest)

    def _has_room_for(self, spec: PipelineSpec) -> bool:
        if spec.name in self.pipelines or not self.phases.keys() >= set(spec.phases):
            return False
        needs = {name: phase.depends_on for name, phase in self.phases.items()}
        is_namesake = spec.name in self.phases
        return not is_namesake or graph.closure([spec.name], needs) == graph.closure(
            spec.phases, needs
        )

    def __contains__(self, name: str) -> bool:
        return name in self.pipelines or name in self.phases

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

    def phases_of(self, name: str) -> Mapping[str, PhaseSpec]:
        """What a pipeline, or a single phase, runs: all it asks for and depends on, in order.

        Raises:
            UnknownPipeline: neither a pipeline nor a phase has that name.
        """
        needs = {name: phase.depends_on for name, phase in self.phases.items()}
        names = graph.closure(self.wanted(name), needs)
        order = graph.in_order({n: spec.waits_for for n, spec in self.phases.items() if n in names})
        return {name: self.phases[name] for name in order}

    def queues(self) -> frozenset[str]:
        """Every queue some phase uses."""
        return frozenset(phase.queue for phase in self.phases.values())


def load(path: Path = DEFAULT_PATH, demands: Demands = NO_DEMANDS) -> Catalogue:
    """Read and check a catalogue.

    Raises:
        CatalogueError: something in it is wrong; the message says where, what, and what would be right, a line each.
        OSError: the file cannot be read.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as exc:
        place = Place(str(path), 1, 1)
        raise CatalogueError(Fault("This is no text in UTF-8.", place)) from exc
    return parse(text, file=str(path), demands=demands)


def parse(text: str, *, file: str, demands: Demands = NO_DEMANDS) -> Catalogue:
    """Check the text of a catalogue; `file` is only for messages. Raises like `load`."""
    phases, pipelines = catalogue_reader.read(nodes.compose(text, file), demands)
    return Catalogue(phases, pipelines, sha256(text.encode()).hexdigest())


__all__ = [
    "Catalogue",
    "CatalogueError",
    "Demands",
    "PhaseSpec",
    "PipelineSpec",
    "RetryPolicy",
    "load",
    "parse",
]
