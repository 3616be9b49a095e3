"""What reading a file can come to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text, and the encoding it was read in."""

    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Refused:
    """No text.

    Attributes:
        code: stable and machine-readable.
        reason: one sentence for the teacher.
    """

    code: str
    reason: str
