"""Measure HuleEdu and its peers in turn; print a table and, with --json, one object as the last line."""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import environments
from bench.flow import PROJECT
from bench.orchestration import director, meter, ours, peers, plot, report
from bench.orchestration.contender import Contender, Measured, TooSlow, measure

ITEMS = (1, 100, 1000, 5000, 20_000)
BODIES = (0.0, 5.0, 50.0)
PEERS = (*peers.NAMES, director.NAME)
ALIASES = {"by_hand": peers.BY_HAND, "none": ()}
MANY, ROUNDS, ROUNDS_OF_MANY = 5000, 5, 3
WARM_UP_ITEMS = 20
IDLE_S = 3.0


def main() -> None:
    """The command line."""
    wanted = _arguments()
    with (
        tempfile.TemporaryDirectory(prefix="huleedu-bench-") as directory,
        _running(Path(directory), wanted) as contenders,
    ):
        cells = _measure(contenders, wanted)
        for each in contenders:
            if isinstance(each, ours.Ours):
                _say("Checking every invariant over all that was run")
                each.check_invariants()
                if wanted.hold:
                    _hold(each)
    print("\n".join(report.table(cells)))
    if len({cell.items for cell in cells}) > 1:
        for path in plot.growth(cells, wanted.plot):
            _say(f"Drawn: {path}")
    if wanted.json:
        print(json.dumps(report.to_json(cells)), flush=True)


@contextmanager
def _running(home: Path, wanted: argparse.Namespace) -> Iterator[list[Contender]]:
    """Everybody who takes part, ready."""
    _say(f"{os.cpu_count()} processors, Python {platform.python_version()}")
    with ExitStack() as stack:
        contenders: list[Contender] = []
        if "ours" in wanted.only:
            _say("Starting HuleEdu")
            contenders.append(
                stack.enter_context(ours.running(home, wanted.bodies, over_http=wanted.http))
            )
        by_celery = [name for name in peers.NAMES if name in wanted.only]
        if by_celery:
            _say(f"Starting {', '.join(by_celery)}")
            contenders += stack.enter_context(peers.running(home, by_celery))
        if director.NAME in wanted.only:
            _say(f"Starting {director.NAME}, in {director.ENVIRONMENT}")
            try:
                running = director.running(home, [WARM_UP_ITEMS, *wanted.items])
                contenders.append(stack.enter_context(running))
            except environments.NotInstalled as exc:
                _say(f"director is left out, as it could not be installed: {exc}")
        for each in contenders:
            _describe(each)
        yield contenders


def _measure(contenders: Sequence[Contender], wanted: argparse.Namespace) -> list[report.Cell]:
    for contender in contenders:
        for body_ms in wanted.bodies:
            measure(contender, WARM_UP_ITEMS, body_ms)
    idle = meter.idle_shares({each.name: each.processes() for each in contenders}, IDLE_S)
    for name, share in idle.items():
        _say(f"{name} at rest uses {share:.1%} of a processor")
    cells = []
    for body_ms in wanted.bodies:
        for items in wanted.items:
            if items * body_ms / 1000 > wanted.longest:
                _say(f"{items} items of {body_ms:g} ms are left out: they would take too long")
                continue
            cells.append(report.Cell(items, body_ms, _rounds(contenders, items, body_ms, wanted)))
    return cells


def _rounds(
    contenders: Sequence[Contender], items: int, body_ms: float, wanted: argparse.Namespace
) -> list[report.Round]:
    taking_part = list(contenders)
    rounds: list[report.Round] = []
    for number in range(wanted.rounds or (ROUNDS_OF_MANY if items >= MANY else ROUNDS)):
        for contender in contenders:
            refusal = contender.refuses(items, number)
            if refusal and contender in taking_part:
                _say(refusal)
                taking_part.remove(contender)
        rounds.append(_round(taking_part, items, body_ms, number))
    return rounds


def _round(
    taking_part: list[Contender], items: int, body_ms: float, number: int
) -> dict[str, Measured]:
    """Measure each once; who does not end is not in it, and takes no further part."""
    # Each goes first once, so that whatever comes and goes on the machine meets all alike.
    first = number % max(1, len(taking_part))
    measured = {}
    for contender in (*taking_part[first:], *taking_part[:first]):
        try:
            one = measure(contender, items, body_ms)
        except TooSlow as exc:
            _say(str(exc))
            taking_part.remove(contender)
            continue
        measured[contender.name] = one
        _say(
            f"{items} items of {body_ms:g} ms, round {number + 1}, {contender.name}:"
            f" {one.wall_s:.3f} s, load {os.getloadavg()[0]:.1f}"
        )
    return measured


def _describe(contender: Contender) -> None:
    pids = ", ".join(f"{name} {pid}" for name, pid in contender.processes().items())
    _say(f"{contender.name}: {pids}")
    if isinstance(contender, ours.Ours):
        _say(f"ours: {contender.dsn}, logs in {contender.stack.home / 'logs'}")


def _hold(contender: ours.Ours) -> None:
    _say(f"Held at {contender.stack.url}; Enter ends it")
    sys.stdin.readline()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-orchestration", description=__doc__)
    parser.add_argument(
        "--items", type=_numbers(int), default=list(ITEMS), help="such as 1,1000 (the default: all)"
    )
    parser.add_argument(
        "--bodies",
        type=_numbers(float),
        default=list(BODIES),
        help="milliseconds an item takes, such as 0,5",
    )
    parser.add_argument(
        "--rounds",
        type=int,
        help=f"instead of {ROUNDS}, or {ROUNDS_OF_MANY} from {MANY} items on",
    )
    who = parser.add_mutually_exclusive_group()
    who.add_argument(
        "--peers", type=_names, help=f"of {', '.join(PEERS)}; also by_hand, which is two; or none"
    )
    who.add_argument("--only", type=_names, help="the same, and HuleEdu only if ours is among them")
    parser.add_argument(
        "--longest",
        type=float,
        default=120.0,
        help="items whose bodies would take more seconds in one run are left out",
    )
    parser.add_argument(
        "--http", action="store_true", help="start HuleEdu's runs by a request, not by the use case"
    )
    parser.add_argument("--hold", action="store_true", help="leave all running until Enter")
    parser.add_argument(
        "--plot",
        type=Path,
        default=PROJECT / "build" / "bench-orchestration",
        help="where the growth is drawn, without .png and .svg",
    )
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    wanted = parser.parse_args()
    if wanted.only is None:
        wanted.only = ["ours", *(PEERS if wanted.peers is None else wanted.peers)]
    return wanted


def _numbers(kind: type[int] | type[float]) -> Callable[[str], list[int] | list[float]]:
    def numbers(value: str) -> list[int] | list[float]:
        return [kind(each) for each in value.replace(",", " ").split()]

    return numbers


def _names(value: str) -> list[str]:
    names = [name for each in value.split(",") for name in ALIASES.get(each, (each,))]
    for name in names:
        if name not in {"ours", *PEERS}:
            raise argparse.ArgumentTypeError(f"there is no {name!r}, only ours, {', '.join(PEERS)}")
    return names


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Interrupted; everything has been ended.")
