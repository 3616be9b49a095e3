"""Ask everybody who is measured, one process after the other, and hand on what they said."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Timed:
    """Processor seconds of ours for one language, a new process for each round.

    Attributes:
        start_cpu_s: from everything imported to the first short answer.
        cold_cpu_s, again_cpu_s: the same texts for the first time, and once more.
    """

    import_cpu_s: float
    start_cpu_s: float
    cold_cpu_s: float
    again_cpu_s: float


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

    def timed(self, language: str, texts: Sequence[str]) -> Timed:
        """One round in a new process."""
        return Timed(**self._ask({"do": our_process.TIME, "language": language, "texts": texts}))

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
        return json.loads(_run([self._python, "-m", our_process.__name__], json.dumps(job)))


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
    done = _done_by(python, name, sets[0].language, dictionaries, texts, asked, speed_texts)
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
) -> float | None:
    """Words a second of a peer in a new process; None if it is not there.

    Args:
        python, name, dictionaries: as for `ask_peer`.
        texts: what it is timed with.
    """
    done = _done_by(python, name, language, dictionaries, [], Asked([], []), texts)
    return None if "missing" in done else done["speed"]["words_per_s"]


def _done_by(
    python: Path,
    name: str,
    language: str,
    dictionaries: Path,
    texts: Sequence[str],
    asked: Asked,
    speed_texts: Sequence[str],
) -> Any:
    """What `peer_process` says of a job."""
    job = {
        "peer": name,
        "language": language,
        "dictionaries": str(dictionaries),
        "texts": texts,
        "asked": asked.words,
        "slow_asked": asked.sample,
        "speed_texts": speed_texts,
    }
    return json.loads(_run([str(python), "-m", "bench.spelling.peer_process"], json.dumps(job)))


def _flag(start: int, end: int, suggestions: Sequence[str]) -> Flag:
    return Flag(start, end, None, tuple(suggestions))


def _run(command: Sequence[str], given: str) -> str:
    done = subprocess.run(
        command, check=False, input=given, stdout=subprocess.PIPE, encoding="utf-8", cwd=PROJECT
    )
    if done.returncode:
        raise Failed(f"{' '.join(command)} ended with {done.returncode}.")
    return done.stdout
