"""Lines that ask for spelling, answered in their order: together as one batch, or each by itself."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.cli import spelling_lines, spelling_shown
from app.cli.spelling_batch import Batch, NotChecked, Result
from app.cli.spelling_lines import Asked, BadLine

Line = tuple[str, Asked | BadLine]
"""Where a line stands, for people, and what it asks."""


class Answer(NamedTuple):
    """The line that answers another, in UTF-8, with its line feed.

    Attributes:
        warning: what is to be said of it beside, as the end of a sentence.
    """

    line: bytes
    has_errors: bool
    warning: str | None = None


_Checked = tuple[str, Asked | BadLine, Result | NotChecked]
"""Where a line stands, what it asks, and what the phase says; nothing of a line that asks nothing."""


def answers(
    batch: Batch, lines: Iterable[Line], *, is_one_batch: bool
) -> Iterator[tuple[str, Answer | BadLine | NotChecked]]:
    """Answer lines in their order, each with its place.

    Args:
        batch: who checks.
        lines: read to their end first if they are one batch, and else one at a time.
        is_one_batch: whether they are context to each other.
    """
    for place, asked, result in (_together if is_one_batch else _one_by_one)(batch, lines):
        if isinstance(asked, BadLine):
            yield place, asked
        elif isinstance(result, NotChecked):
            yield place, result
        else:
            line = spelling_lines.answer(asked, result)
            yield place, Answer(line, bool(result["errors"]), spelling_shown.mismatch(result))


def _one_by_one(batch: Batch, lines: Iterable[Line]) -> Iterator[_Checked]:
    for place, asked in lines:
        if isinstance(asked, Asked):
            (result,) = batch.check([asked.text], asked.names)
            yield place, asked, result
        else:
            yield place, asked, {}


def _together(batch: Batch, lines: Iterable[Line]) -> Iterator[_Checked]:
    read = list(lines)
    right = [asked for _, asked in read if isinstance(asked, Asked)]
    names = frozenset[str]().union(*(asked.names for asked in right))
    results = batch.check([asked.text for asked in right], names)
    for place, asked in read:
        yield place, asked, next(results) if isinstance(asked, Asked) else {}
