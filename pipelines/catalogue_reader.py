"""From a catalogue's document to its phases and pipelines. All that is wrong is found, each thing at its place."""

from collections.abc import Collection, Mapping

from pipelines import graph, phase_reader
from pipelines.phase_reader import Demands, ReadPhase
from pipelines.specs import PhaseSpec, PipelineSpec
from pipelines.yaml_nodes import Entry, Faults, Node, nearest

_SECTIONS = ("phases", "pipelines")
_PIPELINE: phase_reader.Readers = {"title": Node.text, "phases": Node.texts}


def read(
    root: Node, demands: Demands
) -> tuple[Mapping[str, PhaseSpec], Mapping[str, PipelineSpec]]:
    """The phases and pipelines of a catalogue.

    Raises:
        CatalogueError: something is wrong with it; it has a fault for each thing.
    """
    faults = Faults()
    top = root.fields(faults, required=_SECTIONS, allowed=_SECTIONS)
    phases: dict[str, ReadPhase] = {}
    pipelines: dict[str, PipelineSpec] = {}
    if "phases" in top:
        with faults.noted():
            phases = _read_phases(top["phases"], demands, faults)
    links = _check_edges(phases)
    if "pipelines" in top:
        with links.noted():
            pipelines = read_pipelines(top["pipelines"], _dependencies(phases), links)
        # Where a name is wrong, that is why the phase it should have been is not reached.
        if not links and all(_knows_its_dependencies(phase) for phase in phases.values()):
            links.extend(_unreachable(phases, pipelines))
    faults.extend(links)
    faults.refuse()
    return {name: phase.spec() for name, phase in phases.items()}, pipelines


def read_pipelines(
    node: Node, phases: graph.Edges, faults: Faults, *, taken: Collection[str] = ()
) -> dict[str, PipelineSpec]:
    """Named sets of phases, without those with which something is wrong; that is noted.

    Args:
        phases: every phase there is, with what it depends on.
        taken: names that the catalogue's file has given to pipelines.

    Raises:
        CatalogueError: this is no mapping, or an empty one.
    """
    entries = list(node.entries(faults))
    if not entries:
        raise node.error("There are no pipelines here.")
    found = {}
    for entry in entries:
        with faults.noted():
            found[entry.name] = _read_pipeline(entry, phases, taken)
    return found


def _read_pipeline(entry: Entry, phases: graph.Edges, taken: Collection[str]) -> PipelineSpec:
    faults = Faults()
    with faults.noted():
        phase_reader.check_name(entry)
        if entry.name in taken:
            message = f"The pipeline {entry.name!r} is in the catalogue's file."
            raise entry.key.error(message, hint="Give this one another name.")
    fields = entry.value.fields(faults, required=("phases",), allowed=_PIPELINE)
    values = phase_reader.read_values(fields, _PIPELINE, faults)
    if values.get("phases") == ():
        faults.append(fields["phases"].fault(f"The pipeline {entry.name!r} has no phases."))
    for item in fields["phases"].items() if "phases" in values else ():
        with faults.noted():
            _check_known(item, phases)
    faults.refuse()
    _check_namesake(entry, values["phases"], phases)
    return PipelineSpec(entry.name, values.get("title", entry.name), values["phases"])


def _check_known(item: Node, phases: Collection[str]) -> None:
    if item.text() not in phases:
        hint = nearest(item.text(), phases)
        raise item.error(f"There is no phase {item.text()!r}.", hint=hint)


def _check_namesake(entry: Entry, wanted: Collection[str], phases: graph.Edges) -> None:
    """A request names a pipeline or a phase, so one name must not stand for two things."""
    name = entry.name
    if name in phases and graph.closure([name], phases) != graph.closure(wanted, phases):
        raise entry.key.error(
            f"The pipeline {name!r} has the name of a phase, and does not run just that.",
            hint=f"Give it another name, or the phases [{name}].",
        )


def _read_phases(node: Node, demands: Demands, faults: Faults) -> dict[str, ReadPhase]:
    phases = {
        entry.name: phase_reader.read(entry, demands, faults) for entry in node.entries(faults)
    }
    if not phases:
        raise node.error("There are no phases here.")
    return phases


def _check_edges(phases: Mapping[str, ReadPhase]) -> Faults:
    """Give each phase its edges, as far as they lead somewhere; what is wrong with others, and circles, are noted."""
    faults = Faults()
    for name, phase in phases.items():
        for key in ("depends_on", "after"):
            for item in phase.fields[key].items() if key in phase.values else ():
                with faults.noted():
                    _add_edge(name, phase, item, phases)
    edges = {name: list(phase.edges) for name, phase in phases.items()}
    for path in graph.circles(edges):
        place = phases[path[0]].edges[path[1]]
        faults.append(
            place.fault(
                f"Phases wait for each other in a circle: {' → '.join(path)}.",
                hint="Take one of these edges out.",
            )
        )
    return faults


def _add_edge(name: str, phase: ReadPhase, item: Node, phases: Collection[str]) -> None:
    before = item.text()
    if before == name:
        raise item.error(f"The phase {name!r} waits for itself.", hint="Take it out of the list.")
    _check_known(item, phases)
    if before in phase.edges:
        raise item.error(
            f"The phase {before!r} stands in depends_on already, and so is waited for.",
            hint="Take it out of one of the two lists.",
        )
    phase.edges[before] = item


def _dependencies(phases: Mapping[str, ReadPhase]) -> graph.Edges:
    """What each phase depends on, as far as it is there."""
    return {
        name: [n for n in phase.values.get("depends_on", ()) if n in phases]
        for name, phase in phases.items()
    }


def _knows_its_dependencies(phase: ReadPhase) -> bool:
    return bool(phase.fields) and ("depends_on" in phase.fields) == ("depends_on" in phase.values)


def _unreachable(phases: Mapping[str, ReadPhase], pipelines: Mapping[str, PipelineSpec]) -> Faults:
    wanted = [name for pipeline in pipelines.values() for name in pipeline.phases]
    reached = graph.closure(wanted, _dependencies(phases))
    return Faults(
        phase.key.fault(
            f"No pipeline reaches the phase {name!r}.",
            hint="Name it in the phases of one, or take it out.",
        )
        for name, phase in phases.items()
        if name not in reached
    )
