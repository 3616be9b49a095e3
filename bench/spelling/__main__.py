"""Measure spelling: ours and its peers over a folder of sentences with their errors marked."""

import argparse
import json
import os
import platform
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import hunspell
from rich.console import Console

from bench import environments
from bench.spelling import chart, data, figures, rounds, rows, speed, systems, tables
from bench.spelling.data import DataSet, Part
from bench.spelling.peers import PEERS
from bench.spelling.rows import Filled
from bench.spelling.speed import OurSpeed, OurTimed, Timed
from bench.spelling.systems import OURS, PROJECT, Ours, PeerMissing, PeerSaid

LANGUAGES = {"en": "en_US", "sv": "sv_SE"}
ENVIRONMENT = PROJECT / "build" / "spelling-peers"
PINS = Path(__file__).with_name("peers.txt")
_PLAIN_WIDTH = 130


@dataclass(slots=True)
class Results:
    """All that was measured.

    Attributes:
        accuracy: system → set → figures.
        peers: language → peer → what it said and cost.
        missing: language → peer → why it was not measured.
        speed: of ours, by language.
        memory_mb: of a process of ours with every language.
    """

    accuracy: dict[str, dict[str, figures.Figures]] = field(default_factory=dict)
    peers: dict[str, dict[str, PeerSaid]] = field(default_factory=dict)
    missing: dict[str, dict[str, str]] = field(default_factory=dict)
    speed: dict[str, OurSpeed] = field(default_factory=dict)
    memory_mb: Mapping[str, float] | None = None

    def rows(self) -> list[Filled]:
        """The figures that spelling is judged by."""
        return [
            *rows.fill(self.accuracy, OURS),
            *speed.rows(self.speed, self.memory_mb),
        ]


def main() -> None:
    """The command line."""
    wanted = _arguments()
    sets = [one for one in data.load(wanted.data, wanted.part) if one.language in wanted.languages]
    _say(f"{os.cpu_count()} processors, Python {platform.python_version()}, part {wanted.part}")
    results = Results()
    # Speed is nothing to tune words on, so it is measured with all there is.
    every = data.load(wanted.data, Part.ALL) if wanted.speed else []
    workloads = {
        language: found
        for language in wanted.languages
        if (found := speed.workload(every, language))
    }
    python = _peers_python() if wanted.peers else None
    _measure_ours(results, sets, wanted)
    _measure_speed(results, workloads, python, wanted)
    if python:
        _measure_peers(results, sets, workloads, python, wanted)
    _show(results, wanted)


def _measure_ours(
    results: Results,
    sets: Sequence[DataSet],
    wanted: argparse.Namespace,
) -> None:
    ours = Ours(is_one_batch=wanted.batch_context)
    asked_command: set[str] = set()
    for one in sets:
        _say(f"{OURS}: {one.name}, {len(one.rows)} sentences")
        said = ours.of_set(one)
        results.accuracy.setdefault(OURS, {})[one.name] = figures.of(one, said, _is_known)
        if one.language not in asked_command:
            asked_command.add(one.language)
            ours.check_command(one)


def _measure_speed(
    results: Results,
    workloads: Mapping[str, speed.Workload],
    python: Path | None,
    wanted: argparse.Namespace,
) -> None:
    ours = Ours(is_one_batch=wanted.batch_context)
    for language, work in workloads.items():
        of_texts: list[OurTimed] = []
        beside: dict[str, list[Timed]] = defaultdict(list)
        peers = {
            name: partial(
                systems.time_peer, python, name, language, _dictionaries(language), work.texts
            )
            for name in speed.BESIDE
            if python and name in wanted.peers
        }
        for number in range(1, wanted.rounds + 1):
            _say(f"speed with {work.name}, round {number} of {wanted.rounds}")
            mine, theirs = rounds.beside(partial(ours.timed, language, work.texts), peers)
            of_texts.append(mine)
            for name, timed in theirs.items():
                beside[name].append(timed)
        of_class = [
            rounds.once(partial(ours.timed, language, work.essays)) for _ in range(wanted.rounds)
        ]
        results.speed[language] = OurSpeed(work, of_texts, of_class, beside)
    if workloads:
        essays = {language: work.essays for language, work in workloads.items()}
        results.memory_mb = ours.weighed(essays)


def _peers_python() -> Path | None:
    """The interpreter of the peers' environment; None if they could not be installed."""
    try:
        return environments.made(ENVIRONMENT, PINS) / "python"
    except environments.NotInstalled as exc:
        _say(f"Peers are left out, as they could not be installed: {exc}")
        return None


def _measure_peers(
    results: Results,
    sets: Sequence[DataSet],
    workloads: Mapping[str, speed.Workload],
    python: Path,
    wanted: argparse.Namespace,
) -> None:
    for language in wanted.languages:
        theirs = [one for one in sets if one.language == language]
        if not theirs:
            continue
        asked = figures.asked(theirs, _is_known)
        texts = workloads[language].texts if language in workloads else []
        for name in wanted.peers:
            _say(f"{name}: {language}")
            said = systems.ask_peer(python, name, _dictionaries(language), theirs, asked, texts)
            if isinstance(said, PeerMissing):
                _say(f"{name} is left out: {said.reason}")
                results.missing.setdefault(language, {})[name] = said.reason
                continue
            results.peers.setdefault(language, {})[name] = said
            results.accuracy.setdefault(name, {}).update(
                {one.name: figures.of(one, said.sets[one.name], _is_known) for one in theirs}
            )


def _show(results: Results, wanted: argparse.Namespace) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PLAIN_WIDTH)
    for table in tables.of_sets(results.accuracy):
        console.print(table)
    if results.speed:
        console.print(tables.of_speed(results.speed, results.peers))
    filled = results.rows()
    console.print(tables.of_rows(filled))
    charted = [one for one in filled if one.row.key in rows.CHARTED and one.ours is not None]
    if charted:
        for path in chart.draw(charted, OURS, wanted.plot):
            _say(f"Drawn: {path}")
    if wanted.json:
        print(json.dumps(_to_json(results, filled, wanted)), flush=True)


def _to_json(
    results: Results, filled: Sequence[Filled], wanted: argparse.Namespace
) -> dict[str, Any]:
    return {
        "part": str(wanted.part),
        "batch_context": wanted.batch_context,
        "rows": {one.row.key: one.to_json() for one in filled},
        "accuracy": results.accuracy,
        "speed": {
            language: {
                OURS: mine.to_json(),
                **{
                    name: {
                        **(said.speed or {}),
                        "start_cpu_s": said.start_cpu_s,
                        "memory_mb": said.memory_mb,
                    }
                    for name, said in results.peers.get(language, {}).items()
                },
            }
            for language, mine in results.speed.items()
        },
        "memory_mb": results.memory_mb,
        "missing": results.missing,
    }


@lru_cache(maxsize=100_000)
def _is_known(language: str, word: str) -> bool:
    return _dictionary(language).spell(word)


@lru_cache
def _dictionary(language: str) -> hunspell.Hunspell:
    return hunspell.Hunspell(LANGUAGES[language], hunspell_data_dir=str(_dictionaries(language)))


def _dictionaries(language: str) -> Path:
    """Where the dictionary of a language lies: those that HuleEdu itself comes with."""
    spec = find_spec("spylls")
    (folder,) = spec.submodule_search_locations if spec else ()
    return Path(folder) / "hunspell" / "data" / language


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-spellcheck", description=__doc__)
    parser.add_argument("data", type=Path, help="a folder of .jsonl files")
    parser.add_argument(
        "--part",
        type=Part,
        choices=list(Part),
        default=Part.KEPT,
        help="the fifth that nothing is tuned on (the default), the others, or all",
    )
    parser.add_argument("--languages", type=_names(LANGUAGES), default=list(LANGUAGES))
    parser.add_argument(
        "--peers",
        type=_names({**PEERS, "none": None}),
        default=list(PEERS),
        help=f"of {', '.join(PEERS)}; or none",
    )
    parser.add_argument(
        "--no-batch-context",
        dest="batch_context",
        action="store_false",
        help="each sentence by itself, instead of a whole set as one batch",
    )
    parser.add_argument("--no-speed", dest="speed", action="store_false", help="accuracy only")
    parser.add_argument("--rounds", type=int, default=3, help="of ours, for speed")
    parser.add_argument(
        "--plot",
        type=Path,
        default=PROJECT / "build" / "bench-spellcheck",
        help="where accuracy is drawn, without .svg and .png",
    )
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    wanted = parser.parse_args()
    wanted.peers = [name for name in wanted.peers if name != "none"]
    return wanted


def _names(known: Mapping[str, object]) -> Any:
    def names(value: str) -> list[str]:
        given = value.split(",")
        for name in given:
            if name not in known:
                raise argparse.ArgumentTypeError(f"there is no {name!r}, only {', '.join(known)}")
        return given

    return names


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except (data.BadData, systems.Failed) as exc:
        sys.exit(str(exc))
    except KeyboardInterrupt:
        sys.exit("Interrupted.")
