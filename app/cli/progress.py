"""Bars on a terminal, plain lines elsewhere."""

from types import TracebackType
from typing import Any, Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

PHASE_TITLES = {"spellcheck": "Spelling", "nlp": "Language metrics", "cj_assessment": "Ranking"}


class Shown(Protocol):
    """Shows how far classes have come."""

    def show(self, title: str, status: dict[str, Any]) -> None:
        """Show a class's status as the API gives it."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


def shown_on(console: Console) -> Shown:
    """The way that suits what the console is."""
    return Bars(console) if console.is_terminal else Lines(console)


class Bars:
    """A bar for each phase of each class."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._bars: dict[tuple[str, str], TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, title: str, status: dict[str, Any]) -> None:
        """See the protocol."""
        for phase in status["phases"]:
            key = title, phase["phase"]
            if key not in self._bars:
                name = PHASE_TITLES.get(phase["phase"], phase["phase"])
                self._bars[key] = self._progress.add_task(f"{title}  {name}", total=None)
            ended = phase["done"] + phase["failed"] + phase["reused"]
            total = phase["total"] + phase["reused"]
            self._progress.update(self._bars[key], total=total or None, completed=ended)


class Lines:
    """A line whenever a phase's state changes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said: set[tuple[str, str, str]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing to tidy up."""

    def show(self, title: str, status: dict[str, Any]) -> None:
        """See the protocol."""
        for phase in status["phases"]:
            line = title, phase["phase"], phase["status"]
            if phase["status"] != "pending" and line not in self._said:
                self._said.add(line)
                done, total = phase["done"] + phase["reused"], phase["total"] + phase["reused"]
                name = PHASE_TITLES.get(phase["phase"], phase["phase"])
                self._console.print(f"{title}: {name} {phase['status']} ({done} of {total})")
