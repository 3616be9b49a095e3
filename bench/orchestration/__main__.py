"""Measure ours and its peers in turn, and print a table or, with --json, one object as the last line."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.orchestration import ours, peers, report
from bench.orchestration.contender import Contender, TooSlow, measure

ITEMS = (1, 100, 1000, 5000, 20_000)
BODIES = (0.0, 5.0, 50.0)
MANY = 5000
WARM_UP_ITEMS = 20


def main() -> None:
    """The command line."""
    wanted = _arguments()
    with tempfile.TemporaryDirectory(prefix="huleedu-bench-") as directory, ExitStack() as running:
        home = Path(directory)
        contenders: list[Contender] = []
        if "ours" in wanted.only:
            _say("Starting HuleEdu")
            contenders.append(running.enter_context(ours.running(home, wanted.bodies)))
        celery_peers = [name for name in peers.NAMES if name in wanted.only]
        if celery_peers:
            _say(f"Starting {', '.join(celery_peers)}")
            contenders += running.enter_context(peers.running(home, celery_peers))
        _describe(contenders)
        cells = _measure(contenders, wanted)
        for each in contenders:
            if isinstance(each, ours.Ours):
                _say("Checking the invariants over all that was run")
                each.check_invariants()
                if wanted.hold:
                    _hold(each)
    print("\n".join(report.table(cells)))
    if wanted.json:
        print(json.dumps(report.to_json(cells)), flush=True)


def _measure(contenders: Sequence[Contender], wanted: argparse.Namespace) -> list[report.Cell]:
    for contender in contenders:
        for body_ms in wanted.bodies:
            measure(contender, WARM_UP_ITEMS, body_ms)
    cells = []
    for body_ms in wanted.bodies:
        for items in wanted.items:
            if items * body_ms / 1000 > wanted.longest:
                _say(f"{items} items of {body_ms:g} ms are left out: they alone take too long")
                continue
            cells.append(report.Cell(items, body_ms, _rounds(contenders, items, body_ms, wanted)))
    return cells


def _rounds(
    contenders: Sequence[Contender], items: int, body_ms: float, wanted: argparse.Namespace
) -> list[report.Round]:
    taking_part = []
    for contender in contenders:
        refusal = contender.refuses(items)
        if refusal is None:
            taking_part.append(contender)
        else:
            _say(refusal)
    rounds: list[report.Round] = []
    for number in range(wanted.rounds or (3 if items >= MANY else 5)):
        # Each goes first once, so that whatever comes and goes on the machine meets all alike.
        first = number % len(taking_part)
        this_round = {}
        for contender in (*taking_part[first:], *taking_part[:first]):
            try:
                measured = measure(contender, items, body_ms)
            except TooSlow as exc:
                _say(str(exc))
                continue
            this_round[contender.name] = measured
            _say(
                f"{items} items of {body_ms:g} ms, round {number + 1}, {contender.name}:"
                f" {measured.wall_s:.3f} s, load {os.getloadavg()[0]:.1f}"
            )
        rounds.append(this_round)
    return rounds


def _describe(contenders: Sequence[Contender]) -> None:
    for contender in contenders:
        pids = ", ".join(f"{name} {pid}" for name, pid in contender.processes().items())
        _say(f"{contender.name}: {pids}")
        if isinstance(contender, ours.Ours):
            _say(f"ours: {contender.dsn} · logs in {contender.stack.home / 'logs'}")


def _hold(contender: ours.Ours) -> None:
    _say(f"Held at {contender.stack.url}; Enter or Ctrl-C ends it")
    sys.stdin.readline()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-orchestration", description=__doc__)
    parser.add_argument("--items", type=_numbers(int), default=list(ITEMS), help="such as 1,1000")
    parser.add_argument(
        "--bodies", type=_numbers(float), default=list(BODIES), help="milliseconds, such as 0,5"
    )
    parser.add_argument("--rounds", type=int, help="5, or 3 of many items, unless given")
    parser.add_argument(
        "--only", type=lambda value: value.split(","), default=["ours", *peers.NAMES]
    )
    parser.add_argument(
        "--longest", type=float, default=120.0, help="most seconds of bodies in one run"
    )
    parser.add_argument("--hold", action="store_true", help="leave HuleEdu running at the end")
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    return parser.parse_args()


def _numbers(kind: type[int] | type[float]):
    return lambda value: [kind(each) for each in value.replace(",", " ").split()]


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
