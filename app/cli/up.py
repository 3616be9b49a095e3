"""`huleedu up`: everything, until Ctrl-C."""

from pathlib import Path

from rich.console import Console

from app.cli import where, word_lists
from app.local.errors import Interrupted, LocalError
from app.local.stack import Stack


def run(project: Path, *, workers: int, concurrency: int) -> int:
    """Run everything until a signal; 1 if it does not start."""
    console = Console(highlight=False)
    try:
        stack = Stack(
            where.home(project), project_root=project, workers=workers, concurrency=concurrency
        )
        word_lists.make_ready(console)
        with console.status("Starting …"):
            stack.start()
    except Interrupted:
        return 130
    except LocalError as exc:
        console.print(str(exc), style="red")
        return 1
    say_where(console, stack)
    try:
        stack.run()
    finally:
        console.print("Stopping …")
        stack.stop()
    return 0


def say_where(console: Console, stack: Stack) -> None:
    """Say what runs at which address, and what lies outside the project's directory."""
    lines = [
        f"Web          {stack.url}",
        f"API          {stack.url}/v1   (documentation: {stack.url}/docs)",
        f"Flower       {stack.flower_url}   (user huleedu, password in {stack.home}/secrets.json)",
    ]
    for line in lines:
        console.print(line, soft_wrap=True)
    say_files(console, stack)
    console.print("Ctrl-C ends everything.")


def say_files(console: Console, stack: Stack) -> None:
    """Say where files lie outside the project's directory, if any do."""
    for directory in stack.runtime_dirs:
        console.print(f"Files also   {directory}", soft_wrap=True)
