"""`huleedu dead-letters`: what nobody could handle, on a terminal."""

from collections.abc import Callable, Sequence
from datetime import datetime
from getpass import getuser
from http import HTTPStatus
from json import dumps
from pathlib import Path
from socket import gethostname
from typing import Any
from uuid import UUID

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.json import JSON
from rich.markup import escape
from rich.table import Table

from app import audit, logging, problems
from app.cli import where
from app.errors import AppError, DeadLetterNotFound
from app.paging import Page
from app.services import dead_letters
from app.services.dead_letters import Resolution, Wanted
from app.services.deps import Deps

SHORT = 8
STYLES = {"open": "red", "replayed": "green", "discarded": "dim"}

Deal = Callable[..., dict[str, Any]]


def list_all(
    project: Path, status: str, reason: str | None, batch_id: UUID | None, limit: int
) -> int:
    """List dead letters; 0."""
    console = Console(highlight=False)
    wanted = Wanted([] if status == "all" else [status], [reason] if reason else [], batch_id)
    with where.system(project) as system:
        page = dead_letters.letters(wanted, Page("-created_at", limit), deps=system.deps)
    if not page["items"]:
        console.print("There is no dead letter." if status == "all" else f"None is {status}.")
        return 0
    console.print(_table(page["items"]))
    if page["next_cursor"] is not None:
        console.print(f"There are more than {limit}; --limit shows up to 200.", style="dim")
    return 0


def _table(letters: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in ("Id", "Since", "Status"):
        table.add_column(name, no_wrap=True)
    table.add_column("What", overflow="fold")
    for letter in letters:
        status = letter["status"]
        table.add_row(
            str(letter["dead_letter_id"])[:SHORT],
            _moment(letter["created_at"]),
            f"[{STYLES[status]}]{status}[/]",
            _what(letter),
        )
    return table


def _what(letter: dict[str, Any]) -> str:
    batch = f"batch {str(letter['batch_id'])[:SHORT]}" if letter["batch_id"] else None
    about = [letter["reason"], letter["phase"], letter["essay_id"], batch]
    said = " · ".join(escape(each) for each in about if each)
    if letter["status"] == "open" and letter["done_since"]:
        # What has come to its result by itself needs nobody any more.
        said += " · [green]done since[/]"
    return f"{said}\n[dim]{escape(letter['error'])}[/]" if letter["error"] else said


def show(project: Path, dead_letter: str) -> int:
    """Show one dead letter, whole; 1 if there is none."""
    console = Console(highlight=False)
    with where.system(project) as system:
        try:
            letter = dead_letters.letter(_named(dead_letter, system.deps), deps=system.deps)
        except AppError as exc:
            return _refused(console, dead_letter, exc)
    facts = Table.grid(padding=(0, 2))
    for name, value in letter.items():
        if name != "message" and value is not None:
            shown = _moment(value) if isinstance(value, datetime) else str(value)
            facts.add_row(f"[bold]{name}[/bold]", escape(shown))
    console.print(facts)
    console.print(JSON(dumps(letter["message"]), highlight=console.is_terminal))
    return 0


def replay(project: Path, named: Sequence[str], note: str | None) -> int:
    """Replay dead letters one after the other; 1 if any was refused."""
    return _deal("replay", dead_letters.replay, project, named, note)


def discard(project: Path, named: Sequence[str], note: str | None) -> int:
    """Discard dead letters one after the other; 1 if any was refused."""
    return _deal("discard", dead_letters.discard, project, named, note)


def _deal(action: str, deal: Deal, project: Path, named: Sequence[str], note: str | None) -> int:
    console = Console(highlight=False)
    resolution = Resolution(f"{getuser()}@{gethostname()}", note)
    refused = 0
    with where.system(project) as system:
        logging.set_up(system.deps.settings)  # to standard error, beside what is answered
        for dead_letter in named:
            try:
                letter_id = _named(dead_letter, system.deps)
                letter = _audited(action, letter_id, deal, resolution, system.deps)
            except AppError as exc:
                refused |= _refused(console, dead_letter, exc)
                continue
            run = f" as run {letter['replayed_as']}" if letter["replayed_as"] else ""
            console.print(f"{dead_letter}: {letter['status']}{run}.")
    return refused


def _audited(
    action: str, letter_id: UUID, deal: Deal, resolution: Resolution, deps: Deps
) -> dict[str, Any]:
    ids = {"dead_letter_id": letter_id}
    batch_id = dead_letters.letter(letter_id, deps=deps)["batch_id"]
    status = HTTPStatus.OK
    try:
        return deal(letter_id, resolution, deps=deps)
    except AppError as exc:
        status = problems.STATUS[type(exc)]
        raise
    finally:
        audit.by_hand(
            f"cli.dead_letters.{action}", ids, batch_id=batch_id, status=status, deps=deps
        )


def _named(beginning: str, deps: Deps) -> UUID:
    found = dead_letters.beginning_with(beginning, deps=deps)
    if len(found) != 1:
        raise DeadLetterNotFound(
            "Several ids begin so; give more of it." if found else "No id begins so."
        )
    return found[0]


def _refused(console: Console, dead_letter: str, exc: AppError) -> int:
    console.print(f"{dead_letter}: {exc.title} {escape(exc.detail)}", style="red")
    return 1


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
