"""What a worker would otherwise make before it is ready, made where one sees what is waited for."""

import os
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from app.local.errors import LocalError
from pipelines import catalogue
from pipelines.phases.spellcheck import Spellcheck
from pipelines.phases.spellcheck.dictionaries import DictionaryMissingError
from pipelines.vocabulary import Language

ENGINE = "pipelines.phases.spellcheck:Spellcheck"
SAID = "Making the word lists, which takes some seconds once on this machine …"
TITLES = {Language.ENGLISH: "English words", Language.SWEDISH: "Swedish words"}


def make_ready(console: Console) -> None:
    """Make the index of both languages' words, unless it is there; says so, and shows how far it is.

    Raises:
        LocalError: a language has no dictionary.
    """
    path = os.environ.get("HULEEDU_CATALOGUE")
    for spec in catalogue.load(Path(path) if path else catalogue.DEFAULT_PATH).phases.values():
        if spec.engine == ENGINE:
            with _Bars(console) as bars:
                try:
                    Spellcheck(**spec.options).make_ready(bars.show)
                except DictionaryMissingError as exc:
                    raise LocalError(str(exc)) from exc


class _Bars:
    """A bar for each language on a terminal, a line in all elsewhere; nothing if nothing is made."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: dict[Language, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars:
            self._progress.stop()

    def show(self, language: Language, done: int, of: int) -> None:
        """Show how many words of a language are done."""
        if not self._bars:
            self._console.print(SAID)
            self._progress.start()
        if language not in self._bars:
            self._bars[language] = self._progress.add_task(TITLES[language], total=of)
        self._progress.update(self._bars[language], completed=done)
