"""Ask everybody who is measured, one process after the other, and hand on what they said."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bench.spelling import data, our_process
from bench.spelling.correction import Place
from bench.spelling.data import DataSet
from bench.spelling.flags import Flag
from bench.spelling.words import touches_any

PROJECT = Path(__file__).resolve().parents[2]
OURS = "huleedu"


class Failed(Exception):
    """A process did not end well; what it wrote is on standard error."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of one set.

    Attributes:
        flags: of each sentence.
        offered: word → suggestions, of who can be asked for a word by itself; None of who cannot.
        looked_up: of ours, error → suggestions in its place, where it was not flagged. They count by themselves, as
            the command does not give them.
        is_sample: whether only a sample of words was asked for.
    """

    flags: Sequence[Sequence[Flag]]
    offered: Mapping[str, Sequence[str]] | None = None
    is_sample: bool = False
    looked_up: Mapping[Place, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of one language's errors, and those of a sample of them."""

    words: Sequence[str]
    sample: Sequence[str]


@dataclass(frozen=True, slots=True)
class PeerSaid:
    """What a peer said of every set of a language, and what it cost.

    Attributes:
        sets: the set's name → what it said.
        speed: words, words a second and how they were found out; None if speed was not asked for.
    """

    sets: Mapping[str, Said]
    start_cpu_s: float
    memory_mb: Mapping[str, float]
    speed: Mapping[str, float] | None


@dataclass(frozen=True, slots=True)
class PeerMissing:
    """Why a peer is not there."""

    reason: str


class Running:
    """A process that is told what to do in lines of JSON, and answers each with one; ends with the context.

    Args:
        command: what runs in it.
        job: what it is told first.

    Attributes:
        first: what it has answered to that.

    Raises:
        Failed: it has ended instead, or ends instead of answering later.
    """

    def __init__(self, command: Sequence[str], job: Mapping[str, object]) -> None:
        self._command = command
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=PROJECT,
        )
        self.first = self.ask(job)

    def ask(self, what: object) -> Any:
        """What it answers."""
        with suppress(BrokenPipeError):  # what it has ended with is on standard error
            print(json.dumps(what), file=self._process.stdin, flush=True)
        if not (said := self._process.stdout.readline()):
            raise Failed(f"{' '.join(self._command)} ended with {self._process.wait()}.")
        return json.loads(said)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


@dataclass(slots=True)
class Ours:
    """HuleEdu as it stands in this tree.

    Args:
        is_one_batch: whether the sentences of a set are context to each other, variants of one sentence apart.
    """

    is_one_batch: bool
    _python: str = field(default=sys.executable)

    def of_set(self, one: DataSet) -> Said:
        """Its flags of a set."""
        parted = data.batches(one.rows)
        lines = self._lines(one.language, [[one.rows[i].text for i in batch] for batch in parted])
        flags: list[Sequence[Flag]] = [()] * len(one.rows)
        for batch, answered in zip(parted, lines, strict=True):
            for index, line in zip(batch, answered, strict=True):
                flags[index] = flags_of(json.loads(line))
        return Said(flags, looked_up=self._looked_up(one, flags))

    def check_command(self, one: DataSet) -> None:
        """Ask the command itself for the first batch of a set.

        Raises:
            Failed: it does not answer as the functions do that are measured.
        """
        texts = [one.rows[index].text for index in data.batches(one.rows)[0]]
        command = [self._python, "-m", "app.cli.main", "spellcheck", "--jsonl"]
        context = [] if self.is_one_batch else ["--no-batch-context"]
        asked = "".join(
            json.dumps({"id": number, "text": text}) + "\n"
            for number, text in enumerate(texts, start=1)
        )
        said = _run([*command, "--language", one.language, *context], asked)
        if said.splitlines(keepends=True) != self._lines(one.language, [texts])[0]:
            raise Failed(f"The command answers {one.name} otherwise than its functions do.")

    def timed(self, language: str, texts: Sequence[str]) -> Running:
        """A new process that has checked some texts and says what it used for that, and then for `AGAIN` or `LINES`."""
        job = {"do": our_process.TIME, "language": language, "texts": texts}
        return Running(self._command, job)

    def weighed(self, texts: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
        """Memory of a process that has checked the texts of every language."""
        return self._ask({"do": our_process.WEIGH, "texts": texts})

    def _looked_up(
        self, one: DataSet, flags: Sequence[Sequence[Flag]]
    ) -> dict[Place, Sequence[str]]:
        places = [
            (number, which)
            for number, row in enumerate(one.rows)
            for which, gold in enumerate(row.errors)
            if not touches_any(gold.span, [flag.span for flag in flags[number]])
        ]
        asked = [
            (one.rows[number].text, *one.rows[number].errors[which].span)
            for number, which in places
        ]
        job = {"do": our_process.LOOK_UP, "language": one.language, "places": asked}
        return dict(zip(places, self._ask(job)["suggestions"], strict=True)) if places else {}

    def _lines(self, language: str, batches: Sequence[Sequence[str]]) -> list[list[str]]:
        job = {"do": our_process.ANSWER, "language": language, "batches": batches}
        return self._ask({**job, "is_one_batch": self.is_one_batch})["lines"]

    def _ask(self, job: Mapping[str, Any]) -> Any:
        with Running(self._command, job) as running:
            return running.first

    @property
    def _command(self) -> Sequence[str]:
        return [self._python, "-m", our_process.__name__]


def flags_of(answer: Mapping[str, Any]) -> list[Flag]:
    """The errors of one answer as flags."""
    return [
        Flag(
            error["start"],
            error["end"],
            error["kind"],
            tuple(error["suggestions"]),
            error["correction"] if error["applied"] else None,
        )
        for error in answer["errors"]
    ]


def ask_peer(
    python: Path,
    name: str,
    dictionaries: Path,
    sets: Sequence[DataSet],
    asked: Asked,
    speed_texts: Sequence[str],
) -> PeerSaid | PeerMissing:
    """Ask a peer about every set of one language.

    Args:
        python: of the peers' environment.
        name: which peer.
        dictionaries: a folder with the language's Hunspell dictionary.
        sets: at least one, all of one language.
        asked: what to suggest for.
        speed_texts: what its speed is measured with; nothing is measured without any.
    """
    texts = [row.text for one in sets for row in one.rows]
    job = {
        **_job(name, sets[0].language, dictionaries, speed_texts),
        "texts": texts,
        "asked": asked.words,
        "slow_asked": asked.sample,
    }
    with Running(_command(python), job) as running:
        done = running.first
    if "missing" in done:
        return PeerMissing(done["missing"])
    flags = iter(done["flags"])
    return PeerSaid(
        {
            one.name: Said(
                [[_flag(*each) for each in next(flags)] for _ in one.rows],
                done["offered"],
                done["is_sample"],
            )
            for one in sets
        },
        done["start_cpu_s"],
        done["memory_mb"],
        done["speed"],
    )


def time_peer(
    python: Path, name: str, language: str, dictionaries: Path, texts: Sequence[str]
) -> Running:
    """A new process of a peer that has checked some texts and says what it used for that, and then for `AGAIN`.

    Args:
        python, name, dictionaries: as for `ask_peer`.
        texts: what it is timed with.
    """
    return Running(_command(python), _job(name, language, dictionaries, texts))


def _command(python: Path) -> Sequence[str]:
    return [str(python), "-m", "bench.spelling.peer_process"]


def _job(
    name: str, language: str, dictionaries: Path, speed_texts: Sequence[str]
) -> Mapping[str, object]:
    """What `peer_process` is asked for, if nothing but its speed."""
    return {
        "peer": name,
        "language": language,
        "dictionaries": str(dictionaries),
        "texts": [],
        "asked": [],
        "slow_asked": [],
        "speed_texts": speed_texts,
    }


def _flag(start: int, end: int, suggestions: Sequence[str]) -> Flag:
    return Flag(start, end, None, tuple(suggestions))


def _run(command: Sequence[str], given: str) -> str:
    done = subprocess.run(
        command, check=False, input=given, stdout=subprocess.PIPE, encoding="utf-8", cwd=PROJECT
    )
    if done.returncode:
        raise Failed(f"{' '.join(command)} ended with {done.returncode}.")
    return done.stdout
