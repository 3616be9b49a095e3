"""What a program may say of pipelines while the system runs: define some, or ask what one would be for a batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pipelines import catalogue_reader
from pipelines.catalogue import Catalogue
from pipelines.specs import PipelineSpec
from pipelines.yaml_nodes import Faults, Node

_DEFINING = ("pipelines",)
_ASKING = ("batch_id", "requested_pipeline")


@dataclass(frozen=True, slots=True)
class Definition:
    """Pipelines to be known by their names from now on."""

    pipelines: Mapping[str, PipelineSpec]


@dataclass(frozen=True, slots=True)
class Question:
    """What would a pipeline, or a single phase, be for a batch as it is now?"""

    batch_id: UUID
    requested_pipeline: str


def read(root: Node, catalogue: Catalogue) -> Definition | Question:
    """Read a document of either kind.

    Args:
        catalogue: the phases there are, and the pipelines that cannot be defined anew.

    Raises:
        CatalogueError: something is wrong with it; it has a fault for each thing.
    """
    faults = Faults()
    fields = root.fields(faults, allowed=(*_DEFINING, *_ASKING))
    asks = [key for key in _ASKING if key in fields]
    if "pipelines" in fields and asks:
        faults.append(
            fields[asks[0]].fault(
                "Pipelines are either defined or asked about.", hint="Send two requests."
            )
        )
    if "pipelines" in fields:
        return _definition(fields["pipelines"], catalogue, faults)
    if not asks:
        faults.append(
            root.fault(
                "Nothing is defined or asked here.",
                hint="Give pipelines, or batch_id and requested_pipeline.",
            )
        )
    return _question(root, fields, faults)


def _definition(node: Node, catalogue: Catalogue, faults: Faults) -> Definition:
    phases = {name: phase.depends_on for name, phase in catalogue.phases.items()}
    pipelines: Mapping[str, PipelineSpec] = {}
    with faults.noted():
        pipelines = catalogue_reader.read_pipelines(node, phases, faults, taken=catalogue.pipelines)
    faults.refuse()
    return Definition(pipelines)


def _question(root: Node, fields: Mapping[str, Node], faults: Faults) -> Question:
    batch_id, wanted = UUID(int=0), ""
    if "batch_id" in fields:
        with faults.noted():
            batch_id = _uuid(fields["batch_id"])
    if "requested_pipeline" in fields:
        with faults.noted():
            wanted = fields["requested_pipeline"].text()
    if fields:
        faults.extend(
            root.fault(f"The key {key!r} is missing here.") for key in _ASKING if key not in fields
        )
    faults.refuse()
    return Question(batch_id, wanted)


def _uuid(node: Node) -> UUID:
    try:
        return UUID(node.text())
    except ValueError as exc:
        raise node.error("A UUID is expected here.") from exc
