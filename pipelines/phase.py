"""What a phase is to the ledger: a plan of waves, and work on units. Values in, values out.

A phase never sees a database, a queue or the network. What it needs from outside comes in as a port when it is
made. The same ledger drives all of them, so adding a phase adds no machinery.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple, Protocol
from uuid import UUID, uuid5

from pipelines.vocabulary import Language


class Item(NamedTuple):
    """One essay, as phases see it.

    Attributes:
        item_id: the essay.
        text: what the pupil wrote, exactly as extracted; offsets in results count its code points.
        text_sha256: hex digest of the text in UTF-8; the essay's part of a unit's input hash.
    """

    item_id: UUID
    text: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What every unit of one run may know about its batch, frozen when the run started.

    Attributes:
        language: the language the course is taught in, and its essays are written in.
        instructions: the assignment text; empty if the teacher gave none.
        names: pupils' names known for this batch, for phases that must not flag them.
        allowed: forms of words that are no errors in this batch, whatever a dictionary says of them.
        judging: what was chosen for this run of how essays are judged, as `judging.Judging` takes it; whatever is not
            named there is as the catalogue says.
        languages: of essays that are in another language than the course.
    """

    batch_id: UUID
    language: Language
    course_code: str
    instructions: str = ""
    names: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    judging: Mapping[str, Any] = field(default_factory=dict)
    languages: Mapping[UUID, Language] = field(default_factory=dict)

    def language_of(self, item_id: UUID) -> Language:
        """The language an essay is read in."""
        return self.languages.get(item_id, self.language)


class ItemRef(NamedTuple):
    """An item without its text: all that planning needs."""

    item_id: UUID
    text_sha256: str


@dataclass(frozen=True, slots=True)
class SoFar:
    """What a phase run has behind it when its next wave is planned.

    Attributes:
        wave_no: how many waves have been planned; 0 before the first.
        items: the items this run works on, in the order of the batch.
        done, failed: how many units have ended in each way.
        found: results of all units done so far, in an order that is always the same; only for a phase that reads them.
        is_out_of_time: whether nothing more may be planned: a phase that reads what it found says what came of that.
    """

    wave_no: int
    items: tuple[ItemRef, ...]
    done: int = 0
    failed: int = 0
    found: tuple[Mapping[str, Any], ...] = ()
    is_out_of_time: bool = False


class UnitPlan(NamedTuple):
    """One unit a phase wants done.

    Attributes:
        item_ids: the essays it works on, whose texts a worker will read: one, a pair, or none at all.
        input_hash: hex digest of everything the result depends on but the engine's version.
        batch_id: the batch, where the unit is about it as a whole.
        given: what the plan has to say to whoever works on it, JSON-ready; part of `input_hash`.
        mark: tells units of the same pair apart, such as the judge's name.
    """

    item_ids: tuple[UUID, ...]
    input_hash: str
    batch_id: UUID | None = None
    given: Mapping[str, Any] | None = None
    mark: str = ""

    @classmethod
    def of_batch(cls, batch_id: UUID, input_hash: str) -> "UnitPlan":
        """A unit about the batch itself, for which nobody reads the texts of its essays."""
        return cls((), input_hash, batch_id)

    @property
    def item_id(self) -> UUID:
        """What the unit is about, as one id: the batch's or essay's own, or one made from the pair's in order."""
        if self.batch_id is not None:
            return self.batch_id
        if len(self.item_ids) == 1:
            return self.item_ids[0]
        return uuid5(
            self.item_ids[0], ",".join((*map(str, self.item_ids), *filter(None, [self.mark])))
        )


@dataclass(frozen=True, slots=True)
class Wave:
    """The units a phase wants done next, together.

    Attributes:
        standing: what the phase says of how far it is, JSON-ready; it is told with the wave.
    """

    units: tuple[UnitPlan, ...]
    standing: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finished:
    """A phase wants nothing more.

    Attributes:
        result: what came of the whole batch, JSON-ready; None from phases that find something of single essays only.
    """

    result: Mapping[str, Any] | None = None


class Unit(NamedTuple):
    """One unit as a worker gets it: with the texts, of which one about the whole batch has none.

    Attributes:
        given: what the plan had to say of it.
    """

    position: int
    items: tuple[Item, ...]
    given: Mapping[str, Any] | None = None


class Done(NamedTuple):
    """The unit has its result.

    Attributes:
        result: JSON-ready and deterministic: the same input and engine give the same value.
        elapsed_ms: how long it took; kept beside the result because it is not deterministic.
    """

    result: Mapping[str, Any]
    elapsed_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Later:
    """The unit cannot be done now and has done nothing wrong; this costs no attempt."""

    after_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The unit has no result and never will with this input.

    Attributes:
        code: stable and machine-readable, such as `no_words`.
        reason: one sentence for the teacher.
    """

    code: str
    reason: str


Outcome = Done | Later | GaveUp


class Phase(Protocol):
    """One step of a pipeline."""

    @property
    def name(self) -> str:
        """As in the catalogue."""
        ...

    @property
    def engine_version(self) -> str:
        """Changes whenever the same input may give another result."""
        ...

    @property
    def plans_once(self) -> bool:
        """Whether its first wave is its only one; then essays may stream out of it and into it."""
        ...

    @property
    def reads_found(self) -> bool:
        """Whether it plans by what its units have found; then it has tables for that."""
        ...

    @property
    def reads_texts(self) -> bool:
        """Whether its units come with the texts of their items."""
        ...

    def prepare(self) -> None:
        """Load what is slow to load; called once in a worker before it forks."""
        ...

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        """Say which units to do next, or that there are none."""
        ...

    def run_many(self, batch: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        """Work on units of one slice; one outcome per unit, in their order.

        Raises:
            Exception: a surprise. The ledger then tries each unit alone.
        """
        ...


class EssayPhase:
    """The part that phases working essay by essay share: one wave, one unit per essay."""

    plans_once = True
    reads_found = False
    reads_texts = True

    def prepare(self) -> None:
        """Nothing is slow to load, unless a phase says otherwise."""

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        """Plan every item at once, in the first wave."""
        if so_far.wave_no > 0 or not so_far.items:
            return Finished()
        return Wave(
            tuple(UnitPlan((item.item_id,), self.input_hash(batch, item)) for item in so_far.items)
        )

    def input_hash(self, batch: BatchContext, item: ItemRef) -> str:
        """What the result of one essay depends on: its text, and the language it is read in."""
        language = batch.language_of(item.item_id)
        return sha256(f"{language}:{item.text_sha256}".encode()).hexdigest()
