"""What can be wrong with a catalogue, a request for a plan, or a text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a catalogue.

    Attributes:
        message: what is wrong, as a sentence.
        place: where it stands; None in a document without lines, such as JSON from a program.
        pointer: the same as a JSON pointer, such as `/phases/nlp/queue`.
        hint: what would make it right, or an empty string.
    """

    message: str
    place: Place | None
    pointer: str = ""
    hint: str = ""

    @property
    def reason(self) -> str:
        """What is wrong and what would be right, without the place."""
        return f"{self.message} {self.hint}".rstrip()

    def __str__(self) -> str:
        return f"{self.place or self.pointer or '/'}: {self.reason}"


class CatalogueError(Exception):
    """The catalogue is not valid.

    Attributes:
        faults: everything that is wrong, in the order of the file; the message has a line for each.
    """

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class UnknownPipeline(LookupError):
    """There is no pipeline and no phase of that name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no pipeline {name!r}; there are {', '.join(known)}.")
        self.name = name
        self.known = known


class MissingPrerequisite(ValueError):
    """A phase needs something the batch does not have."""

    def __init__(self, phase: str, prerequisite: str) -> None:
        super().__init__(f"The phase {phase!r} needs the batch's {prerequisite}.")
        self.phase = phase
        self.prerequisite = prerequisite
