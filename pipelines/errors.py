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


class CatalogueError(Exception):
    """The catalogue is not valid.

    Attributes:
        place: where; the message starts with it.
        hint: what would make it right, or an empty string.
    """

    def __init__(self, message: str, *, place: Place, hint: str = "") -> None:
        super().__init__(f"{place}: {message}" + (f" {hint}" if hint else ""))
        self.place = place
        self.hint = hint


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
