"""What the spellcheck found in a text, for somebody who reads it in a terminal."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import regex
from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleRenderable
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

_LINE_END = regex.compile(r"\r\n|[\r\n]")
_OTHERS = 3
_PLAIN_WIDTH = 110
_APPLIED = "✓"
_LANGUAGES = {"en": "English", "sv": "Swedish"}
_KINDS = {
    "nonword": "no such word",
    "realword": "another word meant",
    "case": "capital or small letter",
    "compound_split": "written apart",
    "join": "written together",
    "foreign": "another language",
}


def places(text: str, offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Line and column of each offset, both counted from 1, columns in code points.

    Args:
        text: with lines that end as on any system.
        offsets: of code points.
    """
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
    for offset in offsets:
        line = bisect_right(starts, offset)
        yield line, offset - starts[line - 1] + 1


def mismatch(result: Mapping[str, Any]) -> str | None:
    """That a text is plainly not in the language it was read in, as the end of a sentence; None if it may be."""
    seen = result.get("mismatch")
    if seen is None:
        return None
    language = _LANGUAGES[result["language"]]
    if seen in _LANGUAGES:
        return f"seems to be written in {_LANGUAGES[seen]}, not in {language}: nothing was checked"
    return f"seems not to be written in {language}: nothing was checked"


def findings(title: str, text: str, result: Mapping[str, Any]) -> Iterator[ConsoleRenderable]:
    """A text's name and figures, and a row for each error.

    Args:
        title: the text's name.
        text: as it was checked.
        result: what the phase says of it.
    """
    errors = result["errors"]
    yield Text.assemble(
        (title, "bold"), f"  {_count(result['word_count'], 'word')}, {_found(errors)}"
    )
    if warning := mismatch(result):
        yield Text(f"{warning[0].upper()}{warning[1:]}.", "yellow")
    if errors:
        yield _table(text, errors)


def summary(results: Sequence[Mapping[str, Any]]) -> Text:
    """All texts together: errors, errors per 100 checked words, kinds, and how many were put right."""
    words = sum(result["word_count"] for result in results)
    errors = [error for result in results for error in result["errors"]]
    said = [f"{_count(len(results), 'text')}, {_count(words, 'word')}, {_found(errors)}"]
    if errors:
        checked = sum(result["checked_count"] for result in results)
        said[0] += f" ({100 * len(errors) / checked:.1f} in 100 checked words)"
        kinds = Counter(error["kind"] for error in errors)
        said.append(", ".join(f"{_kind(kind)} {count}" for kind, count in kinds.most_common()))
        applied = sum(error["applied"] for error in errors)
        said.append(f"{applied} sure enough to be put right by itself ({_APPLIED})")
    return Text("\n".join(said))


def rendered(parts: Iterable[ConsoleRenderable]) -> str:
    """What a terminal, or a file if that is where standard output goes, is to be written."""
    console = Console(highlight=False)
    if not (is_terminal := console.is_terminal):
        console = Console(highlight=False, width=_PLAIN_WIDTH)
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    if is_terminal:
        return captured.get()
    # A table fills its width with blanks, which only a terminal has a use for.
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


@contextmanager
def making_words() -> Iterator[Callable[[int, int], None]]:
    """A bar where errors go, if that is a terminal, from when it is first told how many words of how many are made."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda *_: None
        return
    with ExitStack() as shown:
        bar = Progress(console=console, transient=True)
        task = bar.add_task("Making the index of words, this once")

        def show(done: int, of: int) -> None:
            if not bar.live.is_started:
                shown.enter_context(bar)
            bar.update(task, completed=done, total=of)

        yield show


def _table(text: str, errors: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Where", justify="right", no_wrap=True)
    for heading in ("Written", "Meant", "Why"):
        table.add_column(heading, overflow="fold")
    where = places(text, [error["start"] for error in errors])
    for (line, column), error in zip(where, errors, strict=True):
        table.add_row(
            f"{line}:{column}", Text(error["text"], "red"), _meant(error), _kind(error["kind"])
        )
    return table


def _meant(error: Mapping[str, Any]) -> Text:
    suggestions = [suggestion["text"] for suggestion in error["suggestions"]]
    others = [text for text in suggestions if text != error["correction"]][:_OTHERS]
    if error["correction"] is None:
        return Text(f"perhaps {', '.join(others)}" if others else "–", "dim")
    return Text.assemble(
        (error["correction"], "green"),
        f" {_APPLIED}" if error["applied"] else "",
        (f"  or {', '.join(others)}" if others and not error["applied"] else "", "dim"),
    )


def _kind(kind: str) -> str:
    return _KINDS.get(kind, kind)


def _found(errors: Sequence[Any]) -> str:
    return f"{len(errors) or 'nothing'} found"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
