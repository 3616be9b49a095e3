"""What somebody who checks spelling says of a text."""

from dataclasses import dataclass

from bench.spelling.words import Span


@dataclass(frozen=True, slots=True)
class Flag:
    """A place that is said to be wrong.

    Attributes:
        start, end: its span in the text.
        kind: as its author calls it; None if it has no kinds.
        suggestions: what may have been meant there, best first.
        applied: what it was changed to without asking; None if it was left as it was.
    """

    start: int
    end: int
    kind: str | None = None
    suggestions: tuple[str, ...] = ()
    applied: str | None = None

    @property
    def span(self) -> Span:
        """Its span in the text."""
        return self.start, self.end
