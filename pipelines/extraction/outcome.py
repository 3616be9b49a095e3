"""What reading a file can come to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text, and the encoding it was read in or the kind of document it came out of."""

    text: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Refused:
    """No text.

    Attributes:
        code: stable and machine-readable; a key of `failures.HINTS`.
        reason: one sentence for the teacher.
    """

    code: str
    reason: str


class Unreadable(Exception):
    """Reading stops here, however deep inside a document; ends as a `Refused`."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.refused = Refused(code, reason)


def damaged(what: str) -> Unreadable:
    """The refusal of a file that is not built as its kind is."""
    return Unreadable("damaged", f"The file is damaged: {what}.")
